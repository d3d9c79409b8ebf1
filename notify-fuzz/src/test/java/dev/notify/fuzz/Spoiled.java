package dev.notify.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is valid, with a few things wrong. */
public final class Spoiled {

  private static final List<byte[]> BROKEN =
      List.of(
          new byte[] {(byte) 0xc0, (byte) 0x80},
          new byte[] {(byte) 0xff},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          new byte[] {(byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80},
          new byte[] {(byte) 0xe2, (byte) 0x82},
          new byte[] {(byte) 0xef, (byte) 0xbb, (byte) 0xbf},
          new byte[] {(byte) 0xff, (byte) 0xfe, 0, 0},
          new byte[] {0});

  private Spoiled() {}

  /** A text with none to four changes. */
  public static String text(Chance chance, String valid) {
    String text = valid;
    for (int changes = chance.below(5); changes > 0; changes--) {
      text = change(chance, text);
    }
    return text;
  }

  private static String change(Chance chance, String text) {
    int from = chance.below(text.length() + 1);
    int to = Math.min(text.length(), from + chance.between(1, 1 + text.length() / 4));
    String head = text.substring(0, from);
    String part = text.substring(from, to);
    String tail = text.substring(to);
    return switch (chance.below(9)) {
      case 0 -> head + tail;
      case 1 -> head + part + part + tail;
      case 2 ->
          head
              + part.repeat(1 + Math.min(Hostile.times(chance), 60_000 / (1 + part.length())))
              + tail;
      case 3 -> head;
      case 4 -> tail + head + part;
      case 5 -> head + Hostile.text(chance) + tail;
      case 6 -> head + Hostile.number(chance) + tail;
      case 7 ->
          head
              + (part.equals(part.toLowerCase(Locale.ROOT))
                  ? part.toUpperCase(Locale.ROOT)
                  : part.toLowerCase(Locale.ROOT))
              + tail;
      default -> head + Hostile.text(chance) + part + tail;
    };
  }

  /** Bytes with none to three changes. */
  public static byte[] bytes(Chance chance, byte[] valid) {
    byte[] bytes = valid;
    for (int changes = chance.below(4); changes > 0; changes--) {
      bytes = change(chance, bytes);
    }
    return bytes;
  }

  private static byte[] change(Chance chance, byte[] bytes) {
    int from = chance.below(bytes.length + 1);
    int to = Math.min(bytes.length, from + chance.between(1, 8));
    byte[] part = Arrays.copyOfRange(bytes, from, to);
    byte[] instead =
        switch (chance.below(6)) {
          case 0 -> new byte[0];
          case 1 -> joined(part, part);
          case 2 -> chance.bytes(part.length);
          case 3 -> chance.of(BROKEN);
          case 4 -> joined(part, chance.of(BROKEN));
          default -> flipped(chance, part);
        };
    byte[] tail = chance.oneIn(8) ? new byte[0] : Arrays.copyOfRange(bytes, to, bytes.length);
    return joined(Arrays.copyOf(bytes, from), joined(instead, tail));
  }

  private static byte[] flipped(Chance chance, byte[] part) {
    byte[] other = part.clone();
    if (other.length > 0) {
      other[chance.below(other.length)] ^= (byte) (1 << chance.below(8));
    }
    return other;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(first.length + second.length);
    all.writeBytes(first);
    all.writeBytes(second);
    return all.toByteArray();
  }

  /** A document of which the tree is spoiled, and now and then the bytes. */
  public static byte[] json(Chance chance, String valid) {
    byte[] bytes = new HostileJson(chance).of(valid).getBytes(StandardCharsets.UTF_8);
    return chance.oneIn(6) ? bytes(chance, bytes) : bytes;
  }
}
