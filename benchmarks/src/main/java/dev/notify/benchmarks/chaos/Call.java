package dev.notify.benchmarks.chaos;

import java.util.Optional;

/**
 * A call of the provider.
 *
 * @param life the process that called
 * @param at when, before anything was done
 * @param delivery what was to be delivered
 * @param notification of which notification
 * @param send of which send
 * @param keyed whether the provider knows a repetition by its key
 * @param expires when the delivery was of no use any more
 * @param answer what the provider said; empty if the process did not live to hear it
 * @param written when the process knew that what became of it is committed; empty if it never did
 */
record Call(
    Life life,
    long at,
    String delivery,
    String notification,
    String send,
    boolean keyed,
    long expires,
    Optional<Answer> answer,
    Optional<Long> written) {

  /** Whether another call may follow without any fault. */
  boolean mayBeRepeated() {
    return answer
        .map(
            said ->
                said == Answer.FAILED
                    || said == Answer.TURNED_AWAY
                    || (said == Answer.UNKNOWN && keyed))
        .orElse(false);
  }

  /** Whether the message may have gone out by it. */
  boolean mayHaveSent() {
    return answer.map(said -> said == Answer.ACCEPTED || said == Answer.UNKNOWN).orElse(true);
  }

  /**
   * Whether what became of it was committed before another call. What its process wrote later it
   * wrote about a time when it had the delivery again.
   */
  boolean wasWrittenBefore(Call other) {
    return written.filter(time -> time <= other.at()).isPresent();
  }

  @Override
  public String toString() {
    return "call of %s by %s at %.3f s (%s, %s)"
        .formatted(
            delivery,
            life,
            at / 1e6,
            answer.map(Answer::name).orElse("no answer"),
            written.map(time -> "written at %.3f s".formatted(time / 1e6)).orElse("not written"));
  }
}
