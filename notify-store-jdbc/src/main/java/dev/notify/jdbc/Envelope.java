package dev.notify.jdbc;

import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.DeliveryId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A body that is not plain JSON, which would begin with a brace. In the clear stand, and with that
 * are known also when nothing else can be read: a byte for the kind; the key, by the length of its
 * name and the name; the message's deliveries, by their number and their ids. What is encrypted
 * follows.
 *
 * @param kind how it is sealed
 * @param key names the key
 * @param deliveries the message's deliveries
 * @param headBytes where what is encrypted begins
 */
record Envelope(Kind kind, byte[] key, List<DeliveryId> deliveries, int headBytes) {

  /** How a body is sealed. */
  enum Kind {
    /** By one of the store's keys. */
    STORE_KEY(1),
    /** By the key of the person it is for. */
    PERSON_KEY(2),
    /** Not at all, for there is nothing left. */
    ERASED(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  static boolean isPlain(byte[] body) {
    return body.length == 0 || of(body[0]) == null;
  }

  private static @Nullable Kind of(byte code) {
    for (Kind kind : Kind.values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    return null;
  }

  /** What stands in the clear, as bytes. */
  static byte[] head(Kind kind, byte[] key, List<DeliveryId> deliveries) {
    ByteBuffer head = ByteBuffer.allocate(4 + key.length + 16 * deliveries.size());
    head.put((byte) kind.code).put((byte) key.length).put(key);
    head.putChar((char) deliveries.size());
    for (DeliveryId delivery : deliveries) {
      head.putLong(delivery.value().getMostSignificantBits());
      head.putLong(delivery.value().getLeastSignificantBits());
    }
    return head.array();
  }

  /** Reads what stands in the clear of a body that is not plain. */
  static Envelope of(byte[] body) throws UnreadableBody {
    try {
      ByteBuffer in = ByteBuffer.wrap(body);
      Kind kind = of(in.get());
      byte[] key = new byte[in.get() & 0xff];
      in.get(key);
      int count = in.getChar();
      List<DeliveryId> deliveries = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        deliveries.add(new DeliveryId(new UUID(in.getLong(), in.getLong())));
      }
      if (kind == null) {
        throw new UnreadableBody("it is of a later release, or damaged");
      }
      return new Envelope(kind, key, deliveries, in.position());
    } catch (BufferUnderflowException e) {
      throw new UnreadableBody("it is cut off");
    }
  }
}
