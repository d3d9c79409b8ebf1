package dev.notify.jdbc;

import java.sql.SQLException;
import java.util.function.Supplier;

/** Somebody else was first to write a row; the transaction is to be done again, and finds it. */
final class Raced extends RuntimeException {

  private static final long serialVersionUID = 1L;
  private static final int MOST_TRIES = 20;

  private Raced() {
    super("a row was written meanwhile", null, false, false);
  }

  /** What to throw if an insert failed. */
  static SQLException orThrow(SQLException e) {
    if (String.valueOf(e.getSQLState()).startsWith("23")) {
      throw new Raced();
    }
    return e;
  }

  /** Does it again until nobody was first. */
  static <R> R again(Supplier<R> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.get();
      } catch (Raced e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }
}
