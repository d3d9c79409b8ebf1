package dev.notify.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Listens to all that is logged: of this library down to its debug level, of others what they log
 * unless asked for more.
 */
final class Logs {

  private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

  /** Held, for loggers that nobody holds are forgotten with their level. */
  private static final Logger OURS = Logger.getLogger("dev.notify");

  private static final Handler RECORDER =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getLevel().intValue() > Level.FINEST.intValue()) {
            String text = line.getLoggerName() + " " + new SimpleFormatter().format(line);
            Canary.foundIn(text).ifPresent(LEAKS::add);
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  private Logs() {}

  /** Begins; again does nothing. */
  static synchronized void listen() {
    Logger root = Logger.getLogger("");
    if (!List.of(root.getHandlers()).contains(RECORDER)) {
      for (Handler shown : root.getHandlers()) {
        shown.setLevel(Level.OFF);
      }
      RECORDER.setLevel(Level.ALL);
      root.addHandler(RECORDER);
      root.setLevel(Level.INFO);
      OURS.setLevel(Level.FINER);
    }
  }

  /** Lines with something personal in them, since this was asked last. */
  static List<String> leaks() {
    if (LEAKS.isEmpty()) {
      return List.of();
    }
    List<String> found = new ArrayList<>();
    for (String line = LEAKS.poll(); line != null; line = LEAKS.poll()) {
      found.add(line);
    }
    return found;
  }
}
