package dev.notify.jdbc;

import dev.notify.jdbc.MessageCodec.UnreadableBody;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Wraps persons' keys in the store's current key, so that an earlier one can be retired: along the
 * primary key, in small steps. Only the wrapping changes, so no message is touched.
 */
final class Rewrapping {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final int AT_ONCE = 500;
  private static final byte[] FIRST = {};

  private static final String NEXT =
      """
      SELECT recipient_hash, serial, key_id, wrapped_key FROM notify_person
      WHERE recipient_hash > ? ORDER BY recipient_hash LIMIT ?""";

  private static final String REWRAP =
      """
      UPDATE notify_person SET key_id = ?, wrapped_key = ?
      WHERE recipient_hash = ? AND key_id = ?""";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Optional<EncryptionKeys> keys;
  private final ToLongFunction<BooleanSupplier> further;

  /**
   * Works with these.
   *
   * @param further what else is to go over to the current key; answers how much of it did
   */
  Rewrapping(
      Transactions transactions,
      Tables tables,
      Optional<EncryptionKeys> keys,
      ToLongFunction<BooleanSupplier> further) {
    this.further = further;
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
    this.keys = keys;
  }

  private record Wrapped(byte[] hash, byte[] serial, String keyId, byte[] key) {}

  /** Answers how many it wrapped anew. */
  long rewrap(BooleanSupplier goesOn) {
    if (keys.isEmpty()) {
      return 0;
    }
    EncryptionKeys.Key current = keys.get().current();
    long rewrapped = 0;
    byte[] last = FIRST;
    List<Wrapped> step = after(last);
    while (!step.isEmpty() && goesOn.getAsBoolean()) {
      List<Wrapped> old = new ArrayList<>(step);
      old.removeIf(each -> each.keyId().equals(current.id()));
      if (!old.isEmpty()) {
        rewrapped += transactions.run(connection -> rewrap(connection, old, current));
      }
      last = step.get(step.size() - 1).hash();
      step = after(last);
    }
    return rewrapped + further.applyAsLong(goesOn);
  }

  private List<Wrapped> after(byte[] last) {
    return transactions.read(
        connection -> {
          List<Wrapped> found = new ArrayList<>();
          try (PreparedStatement statement = tables.prepare(connection, NEXT)) {
            new Columns(database, statement).bytes(last).number(AT_ONCE);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                found.add(
                    new Wrapped(
                        rows.getBytes("recipient_hash"),
                        rows.getBytes("serial"),
                        rows.getString("key_id"),
                        rows.getBytes("wrapped_key")));
              }
            }
          }
          return found;
        });
  }

  private int rewrap(Connection connection, List<Wrapped> old, EncryptionKeys.Key current)
      throws SQLException {
    int rewrapped = 0;
    try (PreparedStatement statement = tables.prepare(connection, REWRAP)) {
      for (Wrapped each : old) {
        byte[] name = PersonKeys.name(each.hash(), each.serial());
        try {
          byte[] plain = PersonKeys.unwrap(required(), name, each.keyId(), each.key());
          // Without effect on a person who was forgotten meanwhile.
          new Columns(database, statement)
              .text(current.id())
              .bytes(PersonKeys.wrap(current, name, plain))
              .bytes(each.hash())
              .text(each.keyId());
          rewrapped += statement.executeUpdate();
        } catch (UnreadableBody e) {
          log.warn("a person's key stays as it is: {}", e.getMessage());
        }
      }
    }
    return rewrapped;
  }

  private EncryptionKeys required() {
    return keys.orElseThrow();
  }
}
