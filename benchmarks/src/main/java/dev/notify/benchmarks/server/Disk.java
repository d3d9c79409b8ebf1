package dev.notify.benchmarks.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;

/** How long this disk takes to make a page sure: a durable commit cannot be faster. */
final class Disk {

  private static final Path FILE = Path.of("benchmarks/target/server-disk");
  private static final int PAGES = 300;
  private static final int PAGE = 8_192;

  private Disk() {}

  /** In microseconds. */
  static Histogram forcing() throws IOException {
    Histogram micros = new Histogram(3);
    Files.createDirectories(FILE.toAbsolutePath().getParent());
    try (FileChannel file =
        FileChannel.open(
            FILE,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      for (int i = 0; i < PAGES; i++) {
        long begin = System.nanoTime();
        int unused = file.write(ByteBuffer.allocate(PAGE));
        file.force(false);
        micros.recordValue((System.nanoTime() - begin) / 1_000);
      }
    }
    return micros;
  }
}
