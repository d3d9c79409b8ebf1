package dev.notify.experiment;

import dev.notify.model.Assignment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/**
 * Draws a person's variant: always the same for the same person, on every node and in every
 * language that can compute SHA-256 and a logarithm.
 *
 * <p>For a word w, {@code u(w)} is a number between 0 and 1: SHA-256 over the UTF-8 bytes of salt,
 * NUL, w, NUL and the person's id; of that the first 53 bits as a whole number, plus a half,
 * divided by 2^53. A person is held out if {@code u("holdout")} is less than the holdout's share.
 * Else the variant with the least {@code -ln(u(variant)) / share} has them.
 *
 * <p>That is a race of exponential clocks, each running at its variant's share, which a variant
 * wins with exactly that probability (weighted rendezvous hashing: Schindelhauer and Schomaker,
 * Weighted Distributed Hash Tables, SPAA 2005). Each variant has a clock of its own, so a share
 * that grows or shrinks moves people to or from that variant only: if one is stopped, its people
 * move to the others in proportion to their shares, and nobody else moves.
 */
public final class Lot {

  private static final double BITS_53 = 0x1p53;

  private Lot() {}

  /** Whether a person gets nothing. */
  public static boolean isHeldOut(String salt, double share, String recipientId) {
    return share > 0 && draw(salt, Assignment.HOLDOUT, recipientId) < share;
  }

  /**
   * A person's variant.
   *
   * @param shares in the order of the variants; at least one is positive
   */
  public static String variant(String salt, Map<String, Double> shares, String recipientId) {
    String first = "";
    double least = Double.POSITIVE_INFINITY;
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      if (share.getValue() > 0) {
        // StrictMath: the last bit of Math.log may differ between machines.
        double rings = -StrictMath.log(draw(salt, share.getKey(), recipientId)) / share.getValue();
        if (rings < least) {
          least = rings;
          first = share.getKey();
        }
      }
    }
    if (first.isEmpty()) {
      throw new IllegalArgumentException("nobody has a share: " + shares);
    }
    return first;
  }

  /** A number between 0 and 1, both excluded. */
  static double draw(String salt, String word, String recipientId) {
    MessageDigest digest = sha256();
    digest.update(salt.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(word.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(recipientId.getBytes(StandardCharsets.UTF_8));
    return ((ByteBuffer.wrap(digest.digest()).getLong() >>> 11) + 0.5) / BITS_53;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
