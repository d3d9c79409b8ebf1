package dev.notify.jdbc;

import dev.notify.model.NotifyException;

/** A message was sealed with a person's key that was destroyed meanwhile; it is sealed again. */
final class StalePersonKey extends NotifyException {

  private static final long serialVersionUID = 1L;

  StalePersonKey() {
    super("the person was forgotten by another process while this was sent; send it again");
  }
}
