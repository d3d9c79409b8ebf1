package dev.notify.jdbc;

import dev.notify.model.AuditEntry;
import dev.notify.model.AuditEntry.Head;
import dev.notify.spi.AuditStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The audit log in the tables. Whoever adds a line locks the row that names the last one, so that
 * the lines of all processes form one chain. The threads of a process come one after the other, so
 * that one connection of its pool waits for that row, and not all.
 */
final class StoredAudit implements AuditStore {

  private static final String HEAD = "SELECT position, hash FROM notify_audithead WHERE id = 1";

  private static final String FIRST_HEAD =
      "INSERT INTO notify_audithead (position, hash, id) VALUES (?, ?, 1)";

  private static final String NEXT_HEAD =
      "UPDATE notify_audithead SET position = ?, hash = ? WHERE id = 1";

  private static final String INSERT =
      """
      INSERT INTO notify_audit
        (position, happened_at, actor, source, kind, subject, details, previous, hash)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String SELECT =
      """
      SELECT position, happened_at, actor, source, kind, subject, details, previous, hash
      FROM notify_audit WHERE\s""";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Runnable prepared;
  private final ReentrantLock turn = new ReentrantLock(true);

  /**
   * Over these tables.
   *
   * @param prepared has made, once it has run, what a change may need and must not take back
   */
  StoredAudit(Transactions transactions, Tables tables, Runnable prepared) {
    this.prepared = prepared;
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
  }

  @Override
  public Optional<AuditEntry> append(Function<Head, Optional<AuditEntry>> next) {
    return inTurn(
        () -> Raced.again(() -> transactions.run(connection -> append(connection, next))));
  }

  @Override
  public <R> R together(Supplier<R> change) {
    prepared.run();
    return inTurn(() -> transactions.together(change));
  }

  private <R> R inTurn(Supplier<R> work) {
    turn.lock();
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }

  private Optional<AuditEntry> append(
      Connection connection, Function<Head, Optional<AuditEntry>> next) throws SQLException {
    Optional<Head> head = head(connection, " FOR UPDATE");
    Optional<AuditEntry> line = next.apply(head.orElse(Head.NONE));
    if (line.isPresent()) {
      note(connection, head.isEmpty() ? FIRST_HEAD : NEXT_HEAD, line.get().asHead());
      insert(connection, line.get());
    }
    return line;
  }

  private Optional<Head> head(Connection connection, String lock) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, HEAD + lock);
        ResultSet rows = statement.executeQuery()) {
      return rows.next()
          ? Optional.of(new Head(rows.getLong("position"), rows.getString("hash")))
          : Optional.empty();
    }
  }

  private void note(Connection connection, String sql, Head head) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      new Columns(database, statement).number(head.sequence()).text(head.hash());
      statement.executeUpdate();
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
  }

  private void insert(Connection connection, AuditEntry line) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      new Columns(database, statement)
          .number(line.sequence())
          .time(line.at())
          .text(line.actor())
          .text(line.source())
          .text(line.kind())
          .text(line.subject())
          .text(line.details())
          .text(line.previous())
          .text(line.hash());
      statement.executeUpdate();
    }
  }

  @Override
  public Head head() {
    return transactions.read(connection -> head(connection, "").orElse(Head.NONE));
  }

  @Override
  public List<AuditEntry> after(long sequence, int limit) {
    return query(
        "position > ? ORDER BY position LIMIT ?",
        columns -> columns.number(sequence).number(limit));
  }

  @Override
  public List<AuditEntry> about(String subject, long sequence, int limit) {
    return query(
        "subject = ? AND position > ? ORDER BY position LIMIT ?",
        columns -> columns.text(subject).number(sequence).number(limit));
  }

  private List<AuditEntry> query(String which, Columns.Setter parameters) {
    return transactions.read(
        connection -> {
          List<AuditEntry> found = new ArrayList<>();
          try (PreparedStatement statement = tables.prepare(connection, SELECT + which)) {
            parameters.set(new Columns(database, statement));
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                found.add(line(rows));
              }
            }
          }
          return found;
        });
  }

  private AuditEntry line(ResultSet rows) throws SQLException {
    return new AuditEntry(
        rows.getLong("position"),
        database.time(rows, "happened_at"),
        rows.getString("actor"),
        rows.getString("source"),
        rows.getString("kind"),
        Columns.text(rows, "subject"),
        rows.getString("details"),
        rows.getString("previous"),
        rows.getString("hash"));
  }
}
