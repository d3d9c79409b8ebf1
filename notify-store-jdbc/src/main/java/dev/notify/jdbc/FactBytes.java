package dev.notify.jdbc;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * What segments ask for, as bytes that have the order of the values: the databases compare bytes
 * all alike, while each has an opinion of its own on texts, numbers and times. The first byte is
 * the kind.
 */
final class FactBytes {

  private static final int PLACES = 9;
  private static final int NUMBER_BYTES = 12;
  private static final int SIGN = 0x80;

  private FactBytes() {}

  /** A value as {@code Segment.value} has it. */
  static byte[] of(Object value) {
    if (value instanceof Boolean flag) {
      return new byte[] {'B', (byte) (flag ? 1 : 0)};
    }
    if (value instanceof Instant time) {
      long micros = Math.addExact(time.getEpochSecond() * 1_000_000, time.getNano() / 1_000);
      return ByteBuffer.allocate(9).put((byte) 'I').putLong(micros ^ Long.MIN_VALUE).array();
    }
    if (value instanceof BigDecimal number) {
      return number(number.setScale(PLACES).unscaledValue());
    }
    return kindAnd('T', ((String) value).getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] number(BigInteger unscaled) {
    byte[] digits = unscaled.toByteArray();
    byte[] all = new byte[NUMBER_BYTES];
    Arrays.fill(all, (byte) (unscaled.signum() < 0 ? 0xff : 0));
    System.arraycopy(digits, 0, all, NUMBER_BYTES - digits.length, digits.length);
    all[0] ^= (byte) SIGN;
    return kindAnd('N', all);
  }

  private static byte[] kindAnd(char kind, byte[] bytes) {
    return ByteBuffer.allocate(1 + bytes.length).put((byte) kind).put(bytes).array();
  }

  /** Where values of this one's kind begin. */
  static byte[] firstOfKind(byte[] value) {
    return new byte[] {value[0]};
  }

  /** Behind all values of this one's kind. */
  static byte[] behindKind(byte[] value) {
    return new byte[] {(byte) (value[0] + 1)};
  }

  /** Behind all texts that begin so: no byte of UTF-8 is the highest. */
  static byte[] behindBeginning(byte[] text) {
    byte[] behind = text.clone();
    behind[behind.length - 1]++;
    return behind;
  }
}
