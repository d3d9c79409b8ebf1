package dev.notify.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** SHA-256 over plain data in an order that does not depend on the process. */
final class Fingerprint {

  private final MessageDigest digest;

  private Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static String of(Notification notification) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(notification.parts());
    return fingerprint.hex();
  }

  static String ofText(String text) {
    Fingerprint fingerprint = new Fingerprint();
    fingerprint.add(text);
    return fingerprint.hex();
  }

  private String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  /**
   * Lengths and tags keep {@code ["ab","c"]} apart from {@code ["a","bc"]} and 1 apart from "1".
   */
  private void add(Object value) {
    if (value instanceof Map<?, ?> map) {
      tag('m', map.size());
      new TreeMap<>(map)
          .forEach(
              (key, item) -> {
                add(key);
                add(item);
              });
    } else if (value instanceof Collection<?> items) {
      tag('l', items.size());
      items.forEach(this::add);
    } else if (value instanceof byte[] file) {
      tag('b', file.length);
      digest.update(file);
    } else {
      byte[] bytes = value.toString().getBytes(StandardCharsets.UTF_8);
      tag(value instanceof String ? 's' : 'v', bytes.length);
      digest.update(bytes);
    }
  }

  private void tag(char kind, int size) {
    digest.update((kind + Integer.toString(size) + ":").getBytes(StandardCharsets.US_ASCII));
  }
}
