package dev.notify.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a send in memory allocates with its delivery, on the sender's thread and on the workers'.
 * Whoever makes something cheaper lowers the bounds.
 */
@Timeout(120)
class SendingTest {

  private static final int SENDS = 50_000;
  private static final int TIMES = 12;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void aSendAndItsDeliveryMakeFewObjects() {
    Sending sending = new Sending();
    double all = Double.MAX_VALUE;
    double own = Double.MAX_VALUE;
    try {
      // What is not compiled yet makes more of them, and when it is, nobody knows.
      for (int i = 0; i < TIMES; i++) {
        long allBefore = allocatedByAll();
        long ownBefore = THREADS.getCurrentThreadAllocatedBytes();
        for (int j = 0; j < SENDS; j++) {
          sending.send();
        }
        own =
            Math.min(own, (double) (THREADS.getCurrentThreadAllocatedBytes() - ownBefore) / SENDS);
        all = Math.min(all, (double) (allocatedByAll() - allBefore) / SENDS);
      }
    } finally {
      sending.close();
    }

    assertThat(own).as("bytes on the sender's thread").isLessThan(1_250);
    assertThat(all).as("bytes on all threads").isLessThan(2_450);
  }

  private static long allocatedByAll() {
    long sum = 0;
    for (long bytes : THREADS.getThreadAllocatedBytes(THREADS.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }
}
