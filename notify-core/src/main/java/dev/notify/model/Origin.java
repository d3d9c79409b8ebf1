package dev.notify.model;

import java.time.Instant;

/**
 * Who changed something, from where, and when: what is needed to prove it.
 *
 * @param actor who: the person's own id, one of the staff, a program
 * @param source where: a page, a form, an unsubscribe link
 * @param at when
 * @since 0.1
 */
public record Origin(String actor, String source, Instant at) {

  /** Checks that all parts are there: without them it proves nothing. */
  public Origin {
    Text.requireToken("origin.actor", actor, 255);
    Text.requireToken("origin.source", source, 255);
    Text.present("origin.at", at);
  }
}
