package dev.notify.inapp;

import dev.notify.spi.InboxStore;
import dev.notify.spi.Subscription;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

/** Stores that are as real ones, but for one thing. */
final class Deaf {

  private Deaf() {}

  private interface Instead {
    /** Answers null to let the real store do it. */
    Object of(String method) throws Exception;
  }

  private static InboxStore with(InboxStore real, Instead instead) {
    return (InboxStore)
        Proxy.newProxyInstance(
            Deaf.class.getClassLoader(),
            new Class<?>[] {InboxStore.class},
            (proxy, method, arguments) -> {
              Object answer = instead.of(method.getName());
              if (answer != null) {
                return answer;
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** Gives no hints, as if they all were lost. */
  static InboxStore to(InboxStore real) {
    Subscription nothing = () -> {};
    return with(real, method -> method.equals("onChange") ? nothing : null);
  }

  /** Counts the calls of a method. */
  static InboxStore counting(InboxStore real, String counted, AtomicInteger calls) {
    return with(
        real,
        method -> {
          if (method.equals(counted)) {
            calls.incrementAndGet();
          }
          return null;
        });
  }

  /** Cannot tell what is in an inbox so many times. */
  static InboxStore failing(InboxStore real, AtomicInteger faults) {
    return with(
        real,
        method -> {
          if ((method.equals("counts") || method.equals("changes"))
              && faults.getAndDecrement() > 0) {
            throw new IllegalStateException("out of order");
          }
          return null;
        });
  }
}
