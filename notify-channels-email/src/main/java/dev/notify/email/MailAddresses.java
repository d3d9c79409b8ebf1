package dev.notify.email;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The addresses we write to and from: {@code dot-atom@domain} of RFC 5321, nothing more. Quoted
 * local parts, comments, routes and domain literals are legal and unused, and have served to
 * smuggle commands and second recipients. Domains may be international; the wire sees their ASCII
 * form (RFC 5891).
 */
final class MailAddresses {

  private static final int LONGEST = 254;
  private static final int LONGEST_LOCAL_PART = 64;
  private static final String ATOM = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
  private static final Pattern LOCAL_PART = Pattern.compile(ATOM + "(?:\\." + ATOM + ")*");
  private static final Pattern LABEL =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
  private static final Pattern NAMED =
      Pattern.compile("(?:\"([^\"\\p{Cntrl}]*)\"|([^<>@,;:\"\\p{Cntrl}]*))\\s*<([^<>]+)>");

  private MailAddresses() {}

  /** The same of an address of any channel. */
  static Optional<String> problemWith(Address address) {
    return address.channel().equals(Channel.EMAIL)
        ? problemWith(address.value())
        : Optional.of("address: is of channel " + address.channel() + ", not e-mail");
  }

  /** Why mail cannot go to this address, in words that do not show it; empty if it can. */
  static Optional<String> problemWith(String address) {
    int at = address.lastIndexOf('@');
    if (at < 1 || at == address.length() - 1) {
      return Optional.of("address: must have the form name@domain");
    }
    String local = address.substring(0, at);
    if (!isAscii(local)) {
      return Optional.of("address: letters beyond ASCII before the @ are not supported");
    }
    if (!LOCAL_PART.matcher(local).matches()) {
      return Optional.of("address: has characters before the @ that are not allowed there");
    }
    if (local.length() > LONGEST_LOCAL_PART) {
      return Optional.of(
          "address: at most " + LONGEST_LOCAL_PART + " characters may stand before the @");
    }
    Optional<String> domain = asciiDomain(address.substring(at + 1));
    if (domain.isEmpty()) {
      return Optional.of("address: the part after the @ is no domain name");
    }
    if (local.length() + 1 + domain.get().length() > LONGEST) {
      return Optional.of("address: at most " + LONGEST + " characters are allowed");
    }
    return Optional.empty();
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(character -> character < 128);
  }

  private static Optional<String> asciiDomain(String domain) {
    String ascii;
    try {
      // What is ASCII already takes long to come out unchanged.
      ascii = isAscii(domain) ? domain : IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    String[] labels = ascii.split("\\.", -1);
    for (String label : labels) {
      if (!LABEL.matcher(label).matches()) {
        return Optional.empty();
      }
    }
    // A last label of digits alone is an IP address that forgot its brackets.
    boolean named =
        labels.length > 1 && !labels[labels.length - 1].chars().allMatch(Character::isDigit);
    return named || ascii.equals("localhost") ? Optional.of(ascii) : Optional.empty();
  }

  /**
   * An address as Jakarta Mail takes it.
   *
   * @throws AddressException if {@link #problemWith} has something to say
   */
  static InternetAddress of(String address, Optional<String> displayName) throws AddressException {
    int at = address.lastIndexOf('@');
    if (problemWith(address).isPresent()) {
      throw new AddressException("not an address");
    }
    String ascii =
        address.substring(0, at + 1) + asciiDomain(address.substring(at + 1)).orElseThrow();
    InternetAddress result = new InternetAddress(ascii, true);
    if (displayName.isPresent() && !displayName.get().isBlank()) {
      try {
        result.setPersonal(displayName.get().strip(), "UTF-8");
      } catch (UnsupportedEncodingException e) {
        throw new IllegalStateException(e);
      }
    }
    return result;
  }

  /**
   * Reads an option: {@code shop@example.com}, {@code Shop <shop@example.com>}, or the name in
   * quotes.
   */
  static InternetAddress configured(String option, String text) {
    Matcher matcher = NAMED.matcher(text.strip());
    boolean named = matcher.matches();
    String address = named ? matcher.group(3) : text.strip();
    Optional<String> name =
        named
            ? Optional.ofNullable(matcher.group(1)).or(() -> Optional.ofNullable(matcher.group(2)))
            : Optional.empty();
    try {
      return of(address, name);
    } catch (AddressException e) {
      throw new ConfigurationException(
          option + ": must be one address such as shop@example.com or Shop <shop@example.com>");
    }
  }
}
