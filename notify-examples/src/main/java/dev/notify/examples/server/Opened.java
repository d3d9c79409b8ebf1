package dev.notify.examples.server;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was opened. It is closed in the reverse order, each whatever becomes of the others. For one
 * thread at a time.
 */
final class Opened implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Opened.class);

  private final Deque<AutoCloseable> all = new ArrayDeque<>();

  /** Remembers one more. */
  <T extends AutoCloseable> T add(T one) {
    all.push(one);
    return one;
  }

  /** Closes all; then tells of the first that could not be. */
  @Override
  public void close() {
    IllegalStateException fault = null;
    for (AutoCloseable one = all.poll(); one != null; one = all.poll()) {
      try {
        one.close();
      } catch (Exception e) {
        log.warn("something could not be closed: {}", e.getClass().getName());
        if (fault == null) {
          fault = new IllegalStateException("not everything could be closed", e);
        } else {
          fault.addSuppressed(e);
        }
      }
    }
    if (fault != null) {
      throw fault;
    }
  }
}
