package dev.notify.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * JSON as bytes. Its generators are used again: to make one takes as much memory as a short message
 * does. Thread-safe.
 */
final class JsonBytes {

  private static final JsonFactory JSON =
      new JsonFactoryBuilder().rootValueSeparator((String) null).build();

  /** Whoever has written more is not used again: its last block is a smaller one. */
  private static final int USUAL_BYTES = 8 * 1_024;

  /**
   * Not kept by threads: those are the application's, and may outlive this library's classes. What
   * was written last stays in their memory, as it does in any heap until it is used again.
   */
  private static final AtomicReferenceArray<@Nullable JsonBytes> IDLE =
      new AtomicReferenceArray<>(16);

  private final ByteArrayBuilder bytes = new ByteArrayBuilder(USUAL_BYTES);
  private final JsonGenerator generator;

  private JsonBytes() throws IOException {
    generator = JSON.createGenerator(bytes);
  }

  /** Writes the fields of an object. */
  interface Fields {
    void write(JsonGenerator out) throws IOException;
  }

  /** An object. */
  static byte[] object(Fields fields) {
    int place = (int) Thread.currentThread().getId() & (IDLE.length() - 1);
    JsonBytes idle = IDLE.getAndSet(place, null);
    try {
      JsonBytes writer = idle == null ? new JsonBytes() : idle;
      byte[] written = writer.write(fields);
      if (written.length <= USUAL_BYTES) {
        // Who fails in the middle of an object does not come here.
        IDLE.set(place, writer);
      }
      return written;
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory", e);
    }
  }

  /** An object that begins with the version of its form. */
  static byte[] object(int form, Fields fields) {
    return object(
        out -> {
          out.writeNumberField("form", form);
          fields.write(out);
        });
  }

  private byte[] write(Fields fields) throws IOException {
    generator.writeStartObject();
    fields.write(generator);
    generator.writeEndObject();
    generator.flush();
    byte[] written = bytes.toByteArray();
    bytes.reset();
    return written;
  }
}
