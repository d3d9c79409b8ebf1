package dev.notify.email;

import java.util.function.Supplier;

/**
 * Lends a thread the loader that can see Jakarta Mail. Mail and Activation find their parts through
 * the context class loader, and the pool threads of some hosts have one that cannot.
 */
final class ContextLoader {

  private ContextLoader() {}

  static <T> T lendTo(Supplier<T> work) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(ContextLoader.class.getClassLoader());
    try {
      return work.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
