package dev.notify.jdbc;

import dev.notify.jdbc.EncryptionKeys.Key;
import java.util.Arrays;
import java.util.stream.Stream;

/** Keys for tests, each made from its id. */
final class SampleKeys {

  private SampleKeys() {}

  static Key key(String id) {
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) id.hashCode());
    return Key.of(id, secret);
  }

  static EncryptionKeys keys(String current, String... earlier) {
    return EncryptionKeys.of(
        key(current), Stream.of(earlier).map(SampleKeys::key).toArray(Key[]::new));
  }

  static Encryption encryption(String current, String... earlier) {
    return Encryption.with(keys(current, earlier));
  }
}
