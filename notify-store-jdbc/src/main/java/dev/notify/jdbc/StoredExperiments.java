package dev.notify.jdbc;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.notify.jdbc.Exposures.Goal;
import dev.notify.jdbc.Exposures.Seen;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Assignment;
import dev.notify.model.ConfigurationException;
import dev.notify.model.ExperimentRun;
import dev.notify.model.NotificationRecord;
import dev.notify.spi.ExperimentStore;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Experiments in the tables; what is asked for each message is remembered for a while. */
final class StoredExperiments implements ExperimentStore {

  private static final String INSERT =
      "INSERT INTO notify_experiment (name, version, body) VALUES (?, ?, ?)";

  private static final String REPLACE =
      "UPDATE notify_experiment SET version = version + 1, body = ? WHERE name = ? AND version = ?";

  private static final String FIND = "SELECT version, body FROM notify_experiment WHERE name = ?";

  private static final String LIST = "SELECT version, body FROM notify_experiment ORDER BY name";

  private static final String EXPOSED =
      "SELECT experiment, variant FROM notify_exposure WHERE recipient_hash = ?";

  private static final String PARTICIPATIONS =
      """
      SELECT experiment, variant, at FROM notify_exposure
      WHERE recipient_hash = ? ORDER BY experiment""";

  private static final String REACHED =
      """
      SELECT experiment, goal, amount, at FROM notify_conversion
      WHERE recipient_hash = ? ORDER BY experiment, goal""";

  private static final String PEOPLE =
      """
      SELECT variant, COUNT(*) AS people FROM notify_exposure
      WHERE experiment = ? GROUP BY variant""";

  private static final String CONVERTED =
      """
      SELECT variant, COUNT(*) AS people, SUM(amount) AS amount FROM notify_conversion
      WHERE experiment = ? AND goal = ? GROUP BY variant""";

  private static final int HASH_BYTES = 32;

  private final Transactions transactions;
  private final Tables tables;
  private final Database database;
  private final Exposures exposures;
  private final Recent<String, Optional<ExperimentRun>> runs;
  private final Recent<Seen, Optional<String>> seen;
  private final SecureRandom random = new SecureRandom();

  StoredExperiments(
      Transactions transactions,
      Tables tables,
      Exposures exposures,
      Duration cached,
      Ticker ticker) {
    this.transactions = transactions;
    this.tables = tables;
    this.exposures = exposures;
    database = tables.database();
    runs = new Recent<>(cached, ticker);
    seen = new Recent<>(cached, ticker);
  }

  @Override
  public ExperimentRun add(ExperimentRun run) {
    String name = run.experiment().name();
    try {
      return Raced.again(
          () ->
              transactions.run(
                  connection -> {
                    Optional<ExperimentRun> earlier = read(connection, name);
                    if (earlier.isEmpty()) {
                      insert(connection, run);
                    }
                    return earlier.orElse(run);
                  }));
    } finally {
      transactions.afterwards(() -> runs.drop(name));
    }
  }

  private void insert(Connection connection, ExperimentRun run) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      new Columns(database, statement)
          .text(run.experiment().name())
          .number(run.version())
          .bytes(ExperimentCodec.write(run));
      statement.executeUpdate();
    } catch (SQLException e) {
      throw Raced.orThrow(e);
    }
  }

  @Override
  public Optional<ExperimentRun> find(String name) {
    Optional<ExperimentRun> known =
        transactions.isWithin()
            ? runs.peek(name).orElseGet(() -> look(name))
            : runs.get(name, this::look);
    if (known.isEmpty()) {
      // Declared elsewhere a moment ago, perhaps; who asks for none is told so, and does not come
      // often.
      runs.drop(name);
      return look(name);
    }
    return known;
  }

  private Optional<ExperimentRun> look(String name) {
    return transactions.look(connection -> read(connection, name));
  }

  private Optional<ExperimentRun> read(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, FIND)) {
      new Columns(database, statement).text(name);
      return runs(statement).stream().findFirst();
    }
  }

  private static List<ExperimentRun> runs(PreparedStatement statement) throws SQLException {
    List<ExperimentRun> found = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        found.add(ExperimentCodec.read(rows.getBytes("body"), rows.getLong("version")));
      }
    } catch (UnreadableBody e) {
      throw new ConfigurationException("an experiment cannot be read: " + e.getMessage(), e);
    }
    return found;
  }

  @Override
  public List<ExperimentRun> list() {
    return transactions.read(
        connection -> {
          try (PreparedStatement statement = tables.prepare(connection, LIST)) {
            return runs(statement);
          }
        });
  }

  @Override
  public Optional<ExperimentRun> replace(ExperimentRun next) {
    String name = next.experiment().name();
    try {
      return transactions.run(
          connection -> {
            try (PreparedStatement statement = tables.prepare(connection, REPLACE)) {
              new Columns(database, statement)
                  .bytes(ExperimentCodec.write(next))
                  .text(name)
                  .number(next.version());
              return statement.executeUpdate() == 1
                  ? Optional.of(next.stored())
                  : Optional.<ExperimentRun>empty();
            }
          });
    } finally {
      transactions.afterwards(() -> runs.drop(name));
    }
  }

  @Override
  public Optional<String> variantOf(String experiment, String recipientId) {
    Seen who = new Seen(experiment, recipientId);
    Optional<String> variant =
        transactions.isWithin()
            ? seen.peek(who).orElseGet(() -> look(who))
            : seen.get(who, this::look);
    if (variant.isEmpty()) {
      // What is sent to them now shows them one; whoever asks next has to know of it.
      seen.drop(who);
    }
    return variant;
  }

  @Override
  public void expect(String experiment, Collection<String> recipientIds) {
    if (!transactions.isWithin()) {
      seen.expect(
          recipientIds.stream().map(id -> new Seen(experiment, id)).toList(),
          missing -> transactions.look(connection -> exposures.variantsOf(connection, missing)));
    }
  }

  private Optional<String> look(Seen who) {
    return transactions.look(
        connection -> exposures.variantOf(connection, who.experiment(), who.recipientId()));
  }

  @Override
  public int convert(
      String recipientId, String goal, double amount, Instant at, Optional<Assignment> only) {
    Goal reached = new Goal(goal, amount, at);
    return transactions.run(
        connection -> {
          int news = 0;
          List<Assignment> all =
              only.isPresent() ? List.of(only.get()) : exposed(connection, recipientId);
          for (Assignment one : all) {
            news += exposures.convert(connection, recipientId, one, reached) ? 1 : 0;
          }
          return news;
        });
  }

  private List<Assignment> exposed(Connection connection, String recipientId) throws SQLException {
    List<Assignment> exposed = new ArrayList<>();
    try (PreparedStatement statement = tables.prepare(connection, EXPOSED)) {
      new Columns(database, statement).bytes(PersonKeys.hash(recipientId));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          exposed.add(new Assignment(rows.getString("experiment"), rows.getString("variant")));
        }
      }
    }
    return exposed;
  }

  @Override
  public Map<String, Count> counts(String experiment, String goal) {
    return transactions.read(
        connection -> {
          Map<String, Count> counts = new HashMap<>();
          try (PreparedStatement statement = tables.prepare(connection, PEOPLE)) {
            new Columns(database, statement).text(experiment);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                counts.put(rows.getString("variant"), new Count(rows.getLong("people"), 0, 0));
              }
            }
          }
          try (PreparedStatement statement = tables.prepare(connection, CONVERTED)) {
            new Columns(database, statement).text(experiment).text(goal);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                String variant = rows.getString("variant");
                // Read one after the other: who was exposed in between is among the second only.
                long converted = rows.getLong("people");
                long people =
                    Math.max(converted, counts.getOrDefault(variant, Count.NONE).people());
                counts.put(variant, new Count(people, converted, rows.getDouble("amount")));
              }
            }
          }
          return counts;
        });
  }

  @Override
  public List<Participation> participations(String recipientId) {
    byte[] person = PersonKeys.hash(recipientId);
    return transactions.read(
        connection -> {
          Map<String, List<Reached>> reached = reached(connection, person);
          List<Participation> found = new ArrayList<>();
          try (PreparedStatement statement = tables.prepare(connection, PARTICIPATIONS)) {
            new Columns(database, statement).bytes(person);
            try (ResultSet rows = statement.executeQuery()) {
              while (rows.next()) {
                String experiment = rows.getString("experiment");
                found.add(
                    new Participation(
                        experiment,
                        rows.getString("variant"),
                        database.time(rows, "at"),
                        reached.getOrDefault(experiment, List.of())));
              }
            }
          }
          return found;
        });
  }

  private Map<String, List<Reached>> reached(Connection connection, byte[] person)
      throws SQLException {
    Map<String, List<Reached>> found = new HashMap<>();
    try (PreparedStatement statement = tables.prepare(connection, REACHED)) {
      new Columns(database, statement).bytes(person);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found
              .computeIfAbsent(rows.getString("experiment"), unused -> new ArrayList<>())
              .add(
                  new Reached(
                      rows.getString("goal"), rows.getDouble("amount"), database.time(rows, "at")));
        }
      }
    }
    return found;
  }

  @Override
  public long forget(String recipientId) {
    if (recipientId.equals(NotificationRecord.ERASED.recipientId())) {
      return 0;
    }
    return transactions.run(
        connection -> {
          long experiments = forget(connection, "exposure", recipientId);
          long ignored = forget(connection, "conversion", recipientId);
          return experiments;
        });
  }

  /** In the place of the hashes comes chance, which leads to nobody. */
  private long forget(Connection connection, String table, String recipientId) throws SQLException {
    List<byte[]> keys = new ArrayList<>();
    try (PreparedStatement statement =
        tables.prepare(
            connection, "SELECT key_hash FROM notify_" + table + " WHERE recipient_hash = ?")) {
      new Columns(database, statement).bytes(PersonKeys.hash(recipientId));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          keys.add(rows.getBytes(1));
        }
      }
    }
    if (keys.isEmpty()) {
      return 0;
    }
    try (PreparedStatement statement =
        tables.prepare(
            connection,
            "UPDATE notify_"
                + table
                + " SET key_hash = ?, recipient_hash = ? WHERE key_hash = ?")) {
      Columns columns = new Columns(database, statement);
      for (byte[] key : keys) {
        columns.bytes(chance()).bytes(chance()).bytes(key).addBatch();
      }
      statement.executeBatch();
    }
    return keys.size();
  }

  private byte[] chance() {
    byte[] bytes = new byte[HASH_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }
}
