package dev.notify.benchmarks.chaos;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process did, in a file that outlives it: each line is handed to the system by one write,
 * so that a kill -9 cuts off one line at most. Thread-safe; an interrupt does not close it, as it
 * would a channel.
 */
final class Journal implements AutoCloseable {

  private final FileOutputStream file;
  private final RunClock clock;

  Journal(Path path, RunClock clock) throws IOException {
    file = new FileOutputStream(path.toFile(), true);
    this.clock = clock;
  }

  /** Writes a line; answers its time. */
  long write(What what, Object... pairs) {
    return writeAt(clock.now(), what, pairs);
  }

  long writeAt(long at, What what, Object... pairs) {
    String line = Entry.of(at, what, pairs).line() + "\n";
    try {
      file.write(line.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return at;
  }

  /** What stands in a file; a last line without an end was cut off and is none. */
  static List<Entry> read(Path path) throws IOException {
    String text = Files.readString(path);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().map(Entry::parse).toList();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
