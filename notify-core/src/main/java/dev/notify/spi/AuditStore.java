package dev.notify.spi;

import dev.notify.model.AuditEntry;
import dev.notify.model.AuditEntry.Head;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Keeps the lines of the audit log. It only adds; it neither makes nor checks hashes. Thread-safe.
 * {@code AuditStoreContract} of {@code notify-test} has what a store must do, as tests.
 *
 * @since 0.1
 */
public interface AuditStore {

  /**
   * Adds a line after the last one. Whoever else comes at the same moment, on whatever node, finds
   * this one: no line is lost, and no two follow the same one.
   *
   * @param next makes the line that follows, or nothing; quick and without effects of its own, for
   *     it may be called again. What it throws is thrown here, and then nothing is added
   * @return the line, if there is one
   */
  Optional<AuditEntry> append(Function<Head, Optional<AuditEntry>> next);

  /**
   * Makes a change and has its line {@linkplain #append appended}, both in this thread, so that
   * neither stands without the other if the store can see to that: a database can, for what else is
   * kept in it. Unless overridden, it just makes the change.
   *
   * @param change may be made again, if it came to nothing. What it throws is thrown here, and then
   *     nothing is changed where the store sees to it
   */
  default <R> R together(Supplier<R> change) {
    return change.get();
  }

  /** The last line, as the store has noted it apart from the lines. */
  Head head();

  /** The lines after this number, in their order, at most so many. */
  List<AuditEntry> after(long sequence, int limit);

  /** The lines about a subject after this number, in their order, at most so many. */
  List<AuditEntry> about(String subject, long sequence, int limit);

  /** The first line that is to be there; later ones only of a store that drops what is old. */
  default long firstKept() {
    return 1;
  }
}
