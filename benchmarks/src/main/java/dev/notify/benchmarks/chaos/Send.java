package dev.notify.benchmarks.chaos;

import java.util.Optional;

/**
 * A message that was to be sent, once.
 *
 * @param id its own name; several with the same one are the same message under a key
 * @param life who sent it
 * @param at when
 * @param notification what it was accepted as, if it was
 * @param received when that was known
 * @param due when it is to be sent, if not at once
 * @param expires whether it is of use for a while only
 * @param key whether it was sent under a key
 */
record Send(
    String id,
    Life life,
    long at,
    Optional<String> notification,
    long received,
    Optional<Long> due,
    boolean expires,
    boolean key) {}
