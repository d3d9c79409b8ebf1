package dev.notify.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;

/** What lives in this JVM's heap. */
public final class Heap {

  private Heap() {}

  /** Bytes that were alive after the last collection of each pool. */
  public static long afterLastCollection() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .map(MemoryPoolMXBean::getCollectionUsage)
        .filter(usage -> usage != null)
        .mapToLong(MemoryUsage::getUsed)
        .sum();
  }

  /** Bytes that are alive, found out by collecting all that is not, while everything waits. */
  public static long collect() {
    System.gc();
    return afterLastCollection();
  }
}
