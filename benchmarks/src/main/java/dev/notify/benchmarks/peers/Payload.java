package dev.notify.benchmarks.peers;

import java.util.Base64;
import java.util.Random;

/** What everyone's messages say: 1 KiB that does not compress, the same text for all. */
final class Payload {

  static final int BYTES = 1_024;

  static final String TEXT = text();

  private Payload() {}

  private static String text() {
    byte[] noise = new byte[BYTES / 4 * 3];
    new Random(42).nextBytes(noise);
    return Base64.getEncoder().encodeToString(noise);
  }
}
