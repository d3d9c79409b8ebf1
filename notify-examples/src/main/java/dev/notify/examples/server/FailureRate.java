package dev.notify.examples.server;

import java.util.function.LongSupplier;

/** Which share of what was tried in the last five minutes failed. Thread-safe. */
final class FailureRate {

  private static final int SLOTS = 30;
  private static final long SLOT_NANOS = 10_000_000_000L;

  private final LongSupplier nanos;
  private final long begin;
  private final long[] slots = new long[SLOTS];
  private final long[] tried = new long[SLOTS];
  private final long[] failed = new long[SLOTS];

  FailureRate(LongSupplier nanos) {
    this.nanos = nanos;
    begin = nanos.getAsLong();
  }

  synchronized void count(boolean isFailure) {
    long slot = slot();
    int place = (int) (slot % SLOTS);
    if (slots[place] != slot) {
      slots[place] = slot;
      tried[place] = 0;
      failed[place] = 0;
    }
    tried[place]++;
    failed[place] += isFailure ? 1 : 0;
  }

  /** Between 0 and 1; 0 of nothing. */
  synchronized double share() {
    long oldest = slot() - SLOTS + 1;
    long all = 0;
    long bad = 0;
    for (int place = 0; place < SLOTS; place++) {
      if (slots[place] >= oldest) {
        all += tried[place];
        bad += failed[place];
      }
    }
    return all == 0 ? 0 : (double) bad / all;
  }

  /** From {@link #SLOTS} on, so that the zero of a slot that nobody used is long ago. */
  private long slot() {
    return (nanos.getAsLong() - begin) / SLOT_NANOS + SLOTS;
  }
}
