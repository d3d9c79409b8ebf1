package dev.notify.spi;

/**
 * A listener's place; closing it ends the calls, and closing it again does nothing.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface Subscription extends AutoCloseable {
  @Override
  void close();
}
