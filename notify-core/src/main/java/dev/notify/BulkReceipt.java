package dev.notify;

import dev.notify.model.NotifyException;
import java.util.List;

/**
 * What {@code sendAll} answers: one that fails does not stop the others.
 *
 * @param accepted how many were accepted
 * @param repeated how many were sent before, or had a recipient that was named before
 * @param failures the first of those that were not accepted, at most a thousand
 * @param failed how many were not accepted
 * @since 0.1
 */
public record BulkReceipt(long accepted, long repeated, List<Failure> failures, long failed) {

  /** Takes a copy. */
  public BulkReceipt {
    failures = List.copyOf(failures);
  }

  /**
   * One that was not accepted.
   *
   * @param index its position, from zero
   * @param recipientId the person, as they were named; empty if they were not
   * @param cause why
   */
  public record Failure(long index, String recipientId, NotifyException cause) {}
}
