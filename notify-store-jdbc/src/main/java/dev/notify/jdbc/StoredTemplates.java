package dev.notify.jdbc;

import dev.notify.model.RefusedException;
import dev.notify.model.StoredTemplate;
import dev.notify.model.StoredTemplate.Change;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.StoredTemplate.Status;
import dev.notify.spi.TemplateStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Versions of templates in the tables. Whoever changes a name writes the next line of its history;
 * of two at once the second finds that line taken and begins again.
 */
final class StoredTemplates implements TemplateStore {

  private static final int MOST_TRIES = 50;

  private static final String INSERT =
      """
      INSERT INTO notify_template (name, version, status, body, saved_by, saved_at)
      VALUES (?, ?, ?, ?, ?, ?)""";

  private static final String LOG =
      """
      INSERT INTO notify_templatelog (name, position, version, status, changed_by, changed_at)
      VALUES (?, ?, ?, ?, ?, ?)""";

  private static final String SELECT =
      "SELECT name, version, status, body, saved_by, saved_at FROM notify_template WHERE name = ?";

  private static final String STATES =
      "SELECT version, status FROM notify_template WHERE name = ? FOR UPDATE";

  private static final String BECOME =
      "UPDATE notify_template SET status = ? WHERE name = ? AND version = ?";

  private static final String LAST =
      "SELECT COALESCE(MAX(position), 0) AS last FROM notify_templatelog WHERE name = ?";

  private static final String HISTORY =
      """
      SELECT version, status, changed_by, changed_at FROM notify_templatelog
      WHERE name = ? ORDER BY position DESC""";

  private static final String ACTIVE = "SELECT name, version FROM notify_template WHERE status = ?";

  private static final String NAMES = "SELECT DISTINCT name FROM notify_template ORDER BY name";

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;

  StoredTemplates(Transactions transactions, Tables tables) {
    this.transactions = transactions;
    this.tables = tables;
    database = tables.database();
  }

  private interface Row<T> {
    T of(ResultSet rows) throws SQLException;
  }

  @Override
  public StoredTemplate save(Draft draft, String by, Instant at) {
    byte[] body = TemplateCodec.write(draft);
    return change(
        connection -> {
          int version = 1 + states(connection, draft.name()).size();
          execute(
              connection,
              INSERT,
              columns ->
                  columns
                      .text(draft.name())
                      .number(version)
                      .number(code(Status.DRAFT))
                      .bytes(body)
                      .text(by)
                      .time(at));
          log(connection, draft.name(), new Change(version, Status.DRAFT, by, at));
          return new StoredTemplate(draft, version, Status.DRAFT, by, at);
        });
  }

  @Override
  public Optional<StoredTemplate> find(String name, int version) {
    return transactions
        .read(
            connection ->
                query(
                    connection,
                    SELECT + " AND version = ?",
                    columns -> columns.text(name).number(version),
                    this::template))
        .stream()
        .findFirst();
  }

  @Override
  public List<StoredTemplate> versions(String name) {
    return transactions.read(
        connection ->
            query(
                connection,
                SELECT + " ORDER BY version DESC",
                columns -> columns.text(name),
                this::template));
  }

  @Override
  public List<String> names() {
    return transactions.read(
        connection -> query(connection, NAMES, columns -> {}, rows -> rows.getString("name")));
  }

  @Override
  public Map<String, Integer> active() {
    List<Map.Entry<String, Integer>> active =
        transactions.read(
            connection ->
                query(
                    connection,
                    ACTIVE,
                    columns -> columns.number(code(Status.ACTIVE)),
                    rows -> Map.entry(rows.getString("name"), rows.getInt("version"))));
    Map<String, Integer> byName = new HashMap<>();
    active.forEach(one -> byName.put(one.getKey(), one.getValue()));
    return byName;
  }

  @Override
  public boolean activate(String name, int version, String by, Instant at) {
    return become(name, new Change(version, Status.ACTIVE, by, at));
  }

  @Override
  public boolean archive(String name, int version, String by, Instant at) {
    return become(name, new Change(version, Status.ARCHIVED, by, at));
  }

  @Override
  public List<Change> history(String name) {
    return transactions.read(
        connection ->
            query(
                connection,
                HISTORY,
                columns -> columns.text(name),
                rows ->
                    new Change(
                        rows.getInt("version"),
                        status(rows.getInt("status")),
                        rows.getString("changed_by"),
                        database.time(rows, "changed_at"))));
  }

  private boolean become(String name, Change change) {
    return change(
        connection -> {
          // First to hold the lock, then to see what stands: a version that was saved and activated
          // while the lock was waited for is not in the first answer.
          Map<Integer, Status> unused = states(connection, name);
          Map<Integer, Status> states = states(connection, name);
          Status before = states.get(change.version());
          if (before == null) {
            return false;
          }
          if (before == change.to()) {
            return true;
          }
          if (change.to() == Status.ACTIVE) {
            for (Map.Entry<Integer, Status> state : states.entrySet()) {
              if (state.getValue() == Status.ACTIVE) {
                write(
                    connection,
                    name,
                    new Change(state.getKey(), Status.ARCHIVED, change.by(), change.at()));
              }
            }
          }
          write(connection, name, change);
          return true;
        });
  }

  private void write(Connection connection, String name, Change change) throws SQLException {
    execute(
        connection,
        BECOME,
        columns -> columns.number(code(change.to())).text(name).number(change.version()));
    log(connection, name, change);
  }

  private void log(Connection connection, String name, Change change) throws SQLException {
    int last =
        query(connection, LAST, columns -> columns.text(name), rows -> rows.getInt("last")).get(0);
    execute(
        connection,
        LOG,
        columns ->
            columns
                .text(name)
                .number(last + 1)
                .number(change.version())
                .number(code(change.to()))
                .text(change.by())
                .time(change.at()));
  }

  private Map<Integer, Status> states(Connection connection, String name) throws SQLException {
    Map<Integer, Status> states = new HashMap<>();
    query(
            connection,
            STATES,
            columns -> columns.text(name),
            rows -> Map.entry(rows.getInt("version"), status(rows.getInt("status"))))
        .forEach(state -> states.put(state.getKey(), state.getValue()));
    return states;
  }

  private <R> R change(Sql<R> work) {
    for (int tries = 1; ; tries++) {
      try {
        return transactions.run(work);
      } catch (RefusedException e) {
        if (tries == MOST_TRIES || !isTaken(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean isTaken(RefusedException e) {
    return e.getCause() instanceof SQLException fault
        && String.valueOf(fault.getSQLState()).startsWith("23");
  }

  private StoredTemplate template(ResultSet rows) throws SQLException {
    return new StoredTemplate(
        TemplateCodec.read(rows.getString("name"), rows.getBytes("body")),
        rows.getInt("version"),
        status(rows.getInt("status")),
        rows.getString("saved_by"),
        database.time(rows, "saved_at"));
  }

  private static int code(Status status) {
    return switch (status) {
      case DRAFT -> 0;
      case ACTIVE -> 1;
      case ARCHIVED -> 2;
    };
  }

  private static Status status(int code) {
    return code == 0 ? Status.DRAFT : code == 1 ? Status.ACTIVE : Status.ARCHIVED;
  }

  private void execute(Connection connection, String sql, Columns.Setter setter)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      setter.set(new Columns(database, statement));
      statement.executeUpdate();
    }
  }

  private <T> List<T> query(Connection connection, String sql, Columns.Setter setter, Row<T> row)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, sql)) {
      setter.set(new Columns(database, statement));
      List<T> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(row.of(rows));
        }
      }
      return List.copyOf(found);
    }
  }
}
