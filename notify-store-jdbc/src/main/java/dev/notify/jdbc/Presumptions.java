package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Doubt;
import dev.notify.jdbc.Presumption.Unknown;
import dev.notify.model.Address;
import dev.notify.model.NotifyException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Saves a send to somebody new the wait for what they have chosen. Most have chosen nothing, so
 * that is presumed; and looked up at a stroke for all whose notifications are stored together, just
 * before that. Who has chosen something after all is thought about again, with what they chose.
 * Thread-safe.
 */
final class Presumptions {

  /** A send was decided by what is not so. */
  private static final class Mistaken extends NotifyException {

    private static final long serialVersionUID = 1L;

    Mistaken() {
      super("somebody had made choices; send it again");
    }
  }

  private final Transactions transactions;
  private final Choices choices;
  private final Suppressions suppressions;
  private final Presuming presuming;
  private volatile boolean wasWrong;

  Presumptions(
      Transactions transactions, Choices choices, Suppressions suppressions, Presuming presuming) {
    this.transactions = transactions;
    this.choices = choices;
    this.suppressions = suppressions;
    this.presuming = presuming;
  }

  /** What the send of this thread may presume; kept apart, for those that presume make this. */
  static final class Presuming {

    /** Emptied after each send, and not removed: to set it anew each time costs more than it. */
    private final ThreadLocal<AtomicReference<@Nullable Presumption>> open =
        ThreadLocal.withInitial(AtomicReference::new);

    /** What this thread's send presumes; null if it may not. */
    @Nullable Presumption open() {
      return open.get().getPlain();
    }

    private @Nullable Presumption begin(@Nullable Presumption next) {
      AtomicReference<@Nullable Presumption> mine = open.get();
      Presumption before = mine.getPlain();
      mine.setPlain(next);
      return before;
    }
  }

  /** Does a send, which may presume until it is stored; a second time if that was a mistake. */
  <R> R within(Supplier<R> send) {
    if (transactions.isWithin()) {
      return send.get();
    }
    Presumption mine = new Presumption();
    Presumption before = presuming.begin(mine);
    try {
      return send.get();
    } catch (RuntimeException e) {
      if (!mine.isInDoubt()) {
        throw e;
      }
    } finally {
      Presumption ignored = presuming.begin(before);
    }
    return without(send);
  }

  /** Does work that presumes nothing, and has no part in what a send around it presumes. */
  <R> R without(Supplier<R> work) {
    Presumption before = presuming.begin(null);
    try {
      return work.get();
    } finally {
      Presumption ignored = presuming.begin(before);
    }
  }

  /** From here on nothing more is presumed: what was, goes with what is to be stored. */
  Presumption handOver() {
    Presumption mine = presuming.begin(null);
    if (mine == null) {
      return Presumption.NONE;
    }
    mine.handOver();
    return mine;
  }

  /**
   * For a send that is about to do more than store: if it has presumed anything, it is done again
   * without.
   */
  void settle() {
    Presumption mine = handOver();
    if (mine.isToBeChecked()) {
      mine.checked(false);
    }
    requireRight(mine);
  }

  /**
   * Ends a send's presuming, on its own thread: whoever stored for it has others waiting, and need
   * not remember it for them.
   */
  void conclude(Presumption presumption) {
    requireRight(presumption);
    if (presumption.isConfirmed()) {
      for (Unknown<String> person : presumption.withoutChoices()) {
        choices.knowNothing(person);
      }
      for (Unknown<Address> address : presumption.unsuppressed()) {
        suppressions.knowNothing(address);
      }
    }
  }

  private static void requireRight(Presumption presumption) {
    if (presumption.isWrong()) {
      throw new Mistaken();
    }
  }

  /** Work that is done only if nothing is known of anybody in doubt. */
  interface UnlessKnown {

    /** Answers whether it was done. */
    boolean done(Doubt doubt) throws SQLException;
  }

  /**
   * Has something done that finds out by itself whether what was presumed is so. Not tried where it
   * was in vain the last time: then it is looked up first.
   *
   * @param doubted those that are {@linkplain Presumption#isToBeChecked to be checked}
   * @return whether it was done, and all was right
   */
  boolean confirm(Connection connection, Collection<Presumption> doubted, UnlessKnown work)
      throws SQLException {
    if (wasWrong) {
      return false;
    }
    Set<String> people = new LinkedHashSet<>();
    Set<Address> addresses = new LinkedHashSet<>();
    for (Presumption one : doubted) {
      addTo(people, one.withoutChoices());
      addTo(addresses, one.unsuppressed());
    }
    Doubt doubt = new Doubt(Choices.hashes(people), suppressions.hashes(connection, addresses));
    if (!work.done(doubt)) {
      return false;
    }
    doubted.forEach(Presumption::confirmed);
    return true;
  }

  private static <T> void addTo(Set<T> all, List<Unknown<T>> presumed) {
    for (Unknown<T> unknown : presumed) {
      all.add(unknown.what());
    }
  }

  /** Finds out whether what was presumed is so; what has been checked before is left as it is. */
  void check(Connection connection, Collection<Presumption> all) throws SQLException {
    List<Presumption> open = all.stream().filter(Presumption::isToBeChecked).toList();
    Map<String, Long> people = stamps(open, Presumption::withoutChoices);
    Map<Address, Long> addresses = stamps(open, Presumption::unsuppressed);
    Set<Object> known = new HashSet<>();
    if (!people.isEmpty()) {
      known.addAll(choices.known(connection, people));
    }
    if (!addresses.isEmpty()) {
      known.addAll(suppressions.known(connection, addresses));
    }
    if (!open.isEmpty()) {
      wasWrong = !known.isEmpty();
    }
    for (Presumption one : open) {
      one.checked(isNoneOf(known, one.withoutChoices()) && isNoneOf(known, one.unsuppressed()));
    }
  }

  private static <T> boolean isNoneOf(Set<Object> known, List<Unknown<T>> presumed) {
    return known.isEmpty() || presumed.stream().map(Unknown::what).noneMatch(known::contains);
  }

  /** The oldest stamp of each: whatever was changed since is not overlooked. */
  private static <T> Map<T, Long> stamps(
      List<Presumption> open, Function<Presumption, List<Unknown<T>>> which) {
    Map<T, Long> stamps = new LinkedHashMap<>();
    for (Presumption one : open) {
      for (Unknown<T> unknown : which.apply(one)) {
        stamps.merge(unknown.what(), unknown.stamp(), Math::min);
      }
    }
    return stamps;
  }
}
