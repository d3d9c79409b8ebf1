package dev.notify.tracking;

import java.net.IDN;

/**
 * The spellings of one address: vendors report what went over the wire, where a domain's letters
 * beyond ASCII are written as {@code xn--} (RFC 5891).
 */
final class Spelling {

  private Spelling() {}

  /** Whether both are the same address, in any case. */
  static boolean isSame(String one, String other) {
    return one.equalsIgnoreCase(other) || inAscii(one).equalsIgnoreCase(inAscii(other));
  }

  private static String inAscii(String address) {
    int at = address.lastIndexOf('@');
    if (at < 0 || address.chars().allMatch(c -> c < 0x80)) {
      return address;
    }
    try {
      // As mail is addressed.
      return address.substring(0, at + 1)
          + IDN.toASCII(address.substring(at + 1), IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
