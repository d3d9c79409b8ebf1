package dev.notify;

import dev.notify.model.AuditEntry.Head;
import java.util.Optional;

/**
 * What going along the audit log has shown.
 *
 * @param entries how many lines were looked at and are as they were written
 * @param fault the first that is not; empty if all are
 * @param head the last line that is: to be kept in another place, for {@link AuditLog#verify(Head)}
 * @since 0.1
 */
public record AuditCheck(long entries, Optional<Fault> fault, Head head) {

  /**
   * A broken link.
   *
   * @param sequence number of the line
   * @param what what is wrong with it
   */
  public record Fault(long sequence, String what) {}

  /** Whether every line is as it was written. */
  public boolean isIntact() {
    return fault.isEmpty();
  }
}
