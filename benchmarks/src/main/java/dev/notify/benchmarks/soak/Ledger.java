package dev.notify.benchmarks.soak;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * What became of each message, by its number: one integer each, made beforehand, so that keeping
 * books does not look like a leak. Thread-safe.
 */
final class Ledger {

  /** Things that are counted for a message, each in some bits of its integer. */
  private enum Entry {
    ACCEPTED(0, 4),
    CALLED(4, 8),
    TAKEN(12, 4),
    SENT(16, 4),
    DEAD(20, 4),
    ENDED_OTHERWISE(24, 4);

    private final int shift;
    private final int bits;

    Entry(int shift, int bits) {
      this.shift = shift;
      this.bits = bits;
    }

    private int of(int account) {
      return account >>> shift & (1 << bits) - 1;
    }
  }

  /**
   * The balance.
   *
   * @param accepted messages with a receipt
   * @param sent of them ended as sent
   * @param dead of them ended as dead letters
   * @param lost accepted and not ended, or ended as neither
   * @param repeated ended or taken by the provider more than once, or both sent and dead
   * @param retried needed more than one call
   */
  record Balance(int accepted, int sent, int dead, int lost, int repeated, int retried) {
    boolean isClean() {
      return lost == 0 && repeated == 0;
    }
  }

  private final AtomicIntegerArray accounts;

  Ledger(int messages) {
    accounts = new AtomicIntegerArray(messages);
  }

  private int add(int number, Entry entry) {
    return entry.of(accounts.getAndAdd(number, 1 << entry.shift));
  }

  void accepted(int number) {
    add(number, Entry.ACCEPTED);
  }

  /** The provider is called; answers how often it was before. */
  int called(int number) {
    return add(number, Entry.CALLED);
  }

  /** The provider took it. */
  void taken(int number) {
    add(number, Entry.TAKEN);
  }

  /** It is recorded as sent. */
  void sent(int number) {
    add(number, Entry.SENT);
  }

  /** It is recorded as a dead letter. */
  void dead(int number) {
    add(number, Entry.DEAD);
  }

  /** It is recorded to have ended in a way that nothing here asks for. */
  void endedOtherwise(int number) {
    add(number, Entry.ENDED_OTHERWISE);
  }

  Balance balance() {
    int accepted = 0;
    int sent = 0;
    int dead = 0;
    int lost = 0;
    int repeated = 0;
    int retried = 0;
    for (int number = 0; number < accounts.length(); number++) {
      int account = accounts.get(number);
      int ends = Entry.SENT.of(account) + Entry.DEAD.of(account);
      accepted += Math.min(1, Entry.ACCEPTED.of(account));
      sent += Math.min(1, Entry.SENT.of(account));
      dead += Math.min(1, Entry.DEAD.of(account));
      lost += isLost(account) ? 1 : 0;
      repeated += ends > 1 || Entry.TAKEN.of(account) > 1 ? 1 : 0;
      retried += Entry.CALLED.of(account) > 1 ? 1 : 0;
    }
    return new Balance(accepted, sent, dead, lost, repeated, retried);
  }

  /** What is told to be sent and was not taken is lost as well. */
  private static boolean isLost(int account) {
    boolean accepted = Entry.ACCEPTED.of(account) > 0;
    boolean sent = Entry.SENT.of(account) > 0;
    boolean dead = Entry.DEAD.of(account) > 0;
    boolean taken = Entry.TAKEN.of(account) > 0;
    return accepted && !sent && !dead || sent && !taken || Entry.ENDED_OTHERWISE.of(account) > 0;
  }

  /** Whether all that was accepted has come to an end. */
  boolean isSettled() {
    for (int number = 0; number < accounts.length(); number++) {
      int account = accounts.get(number);
      if (Entry.ACCEPTED.of(account) > 0
          && Entry.SENT.of(account) + Entry.DEAD.of(account) + Entry.ENDED_OTHERWISE.of(account)
              == 0) {
        return false;
      }
    }
    return true;
  }
}
