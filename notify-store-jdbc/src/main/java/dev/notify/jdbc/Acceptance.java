package dev.notify.jdbc;

import dev.notify.model.Assignment;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Labels;
import dev.notify.model.NotificationId;
import dev.notify.model.Subject;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Writes submissions, many in one transaction. May run twice for the same ones: a connection that
 * was cut in the middle of a commit leaves open whether it happened, and then nothing is added.
 */
class Acceptance {

  private static final String MESSAGE =
      "INSERT INTO notify_message (id, accepted_at, recipient_id, body, broadcast_id, experiment,"
          + " variant, category, template, template_version, segment)"
          + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

  private static final String DELIVERY =
      """
      INSERT INTO notify_delivery (id, message_id, channel, priority, status, due, expires_at,
        owner, lease, attempts, deaths, counted, updated_at, subject_hash, provider,
        reason_code, reason_detail, broadcast_id)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)""";

  private static final String KEY =
      "INSERT INTO notify_key (key_hash, fingerprint, message_id, ends_at) VALUES (?, ?, ?, ?)";

  private static final String KEY_ENDED =
      "DELETE FROM notify_key WHERE key_hash = ? AND ends_at <= ?";

  private static final String KEY_USE =
      """
      SELECT k.fingerprint, k.message_id, k.ends_at, m.body
      FROM notify_key k LEFT JOIN notify_message m ON m.id = k.message_id
      WHERE k.key_hash = ? AND k.ends_at > ?""";

  private final Tables tables;
  private final Database database;
  private final Bodies bodies;
  private final Endings endings;

  Acceptance(Tables tables, Bodies bodies, Endings endings) {
    this.tables = tables;
    this.bodies = bodies;
    this.endings = endings;
    database = tables.database();
  }

  /**
   * A submission, ready to be written.
   *
   * @param submission what to keep
   * @param body its message's body
   */
  record Parcel(Submission submission, byte[] body) {

    /** The broadcast it belongs to, if it does. */
    @Nullable UUID broadcast() {
      List<Delivery> deliveries = submission.deliveries();
      return deliveries.isEmpty() ? null : Acceptance.broadcast(deliveries.get(0));
    }

    Optional<String> experiment() {
      return submission.notification().assignment().map(Assignment::experiment);
    }

    /** All its deliveries have the same. */
    Labels labels() {
      List<Delivery> deliveries = submission.deliveries();
      return deliveries.isEmpty() ? Labels.NONE : deliveries.get(0).labels();
    }

    Optional<String> variant() {
      return submission.notification().assignment().map(Assignment::variant);
    }
  }

  static @Nullable UUID broadcast(Delivery delivery) {
    return delivery.broadcast().isPresent() ? delivery.broadcast().get().value() : null;
  }

  /**
   * An open delivery, and what it is about.
   *
   * @param delivery the delivery
   * @param about the subject
   * @param owner the node whose hands it is born in
   */
  record Open(Delivery delivery, Optional<Subject> about, @Nullable Long owner) {}

  /** Who begins and ends a transaction. */
  enum Whose {
    /** It is short, and tried again if it collides with another. */
    OURS,
    /** The application's, which may go on for long. */
    THEIRS
  }

  /** Whether these are written by a single statement, so that it needs no transaction around it. */
  boolean isOneStatement(List<Parcel> parcels) {
    return false;
  }

  /**
   * Of whom it is not known whether they have chosen anything, or cannot be written to.
   *
   * @param people hashes of their ids
   * @param addresses hashes of addresses that may be suppressed
   */
  record Doubt(List<byte[]> people, List<byte[]> addresses) {

    /** Nobody is in doubt. */
    static final Doubt NONE = new Doubt(List.of(), List.of());

    boolean isNone() {
      return people.isEmpty() && addresses.isEmpty();
    }
  }

  /**
   * Writes them all in a single statement, and none if there is anything to be known of anybody in
   * doubt.
   *
   * @param parcels those of which {@link #isOneStatement} says so
   * @return whether they are written; never where a database has no such statement
   */
  boolean writeUnlessKnown(
      Connection connection, List<Parcel> parcels, OptionalLong node, Doubt doubt)
      throws SQLException {
    return false;
  }

  /**
   * Writes them all.
   *
   * @param node who holds those that are born held
   * @param whose whose transaction it is
   * @param again whether an earlier try may have been committed
   * @return for each the earlier use of its key, if there is one
   */
  List<Optional<KeyUse>> write(
      Connection connection, List<Parcel> parcels, OptionalLong node, Whose whose, boolean again)
      throws SQLException {
    List<Optional<KeyUse>> answers = new ArrayList<>(parcels.size());
    List<Parcel> fresh = new ArrayList<>(parcels.size());
    for (Parcel parcel : parcels) {
      Optional<KeyUse> earlier = claimKey(connection, parcel.submission());
      answers.add(earlier);
      if (earlier.isEmpty()) {
        fresh.add(parcel);
      }
    }
    if (again) {
      Set<UUID> written = written(connection, fresh);
      fresh.removeIf(parcel -> written.contains(parcel.submission().id().value()));
    }
    if (!fresh.isEmpty()) {
      insert(connection, fresh, open(fresh, node));
      List<Delivery> ended = ended(fresh);
      endings.insert(connection, ended, List.of());
      if (whose == Whose.THEIRS) {
        endings.exposures().note(connection, ended);
        endings.tally().ended(connection, ended);
      } else {
        endings.count(connection, ended);
      }
    }
    return answers;
  }

  /** Messages that are there: their deliveries may be finished by now, and must not come back. */
  Set<UUID> written(Connection connection, List<Parcel> parcels) throws SQLException {
    Set<UUID> written = new HashSet<>();
    try (PreparedStatement statement =
        tables.prepare(connection, "SELECT id FROM notify_message WHERE id = ?")) {
      for (Parcel parcel : parcels) {
        new Columns(database, statement).id(parcel.submission().id().value());
        try (ResultSet rows = statement.executeQuery()) {
          if (rows.next()) {
            written.add(parcel.submission().id().value());
          }
        }
      }
    }
    return written;
  }

  private Optional<KeyUse> claimKey(Connection connection, Submission submission)
      throws SQLException {
    if (submission.key().isEmpty()) {
      return Optional.empty();
    }
    KeyUse use = submission.key().get();
    byte[] hash = Sha256.of(use.key());
    try (PreparedStatement statement = tables.prepare(connection, KEY_ENDED)) {
      new Columns(database, statement).bytes(hash).time(submission.acceptedAt());
      statement.executeUpdate();
    }
    try (PreparedStatement statement = tables.prepare(connection, database.insertOnce(KEY))) {
      new Columns(database, statement)
          .bytes(hash)
          .text(use.fingerprint())
          .id(use.id().value())
          .time(use.until());
      statement.executeUpdate();
    }
    return find(connection, use.key(), submission.acceptedAt())
        .filter(standing -> !standing.id().equals(use.id()));
  }

  /** The use of a key that counts at this moment. */
  Optional<KeyUse> find(Connection connection, String key, Instant now) throws SQLException {
    try (PreparedStatement statement =
        tables.prepare(connection, KEY_USE + database.currentRead())) {
      new Columns(database, statement).bytes(Sha256.of(key)).time(now);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        UUID message = database.id(rows, "message_id");
        byte[] body = rows.getBytes("body");
        return Optional.of(
            new KeyUse(
                key,
                rows.getString("fingerprint"),
                new NotificationId(message),
                body == null ? List.of() : bodies.decisions(connection, message, body),
                database.time(rows, "ends_at")));
      }
    }
  }

  static List<Open> open(List<Parcel> parcels, OptionalLong node) {
    List<Open> open = new ArrayList<>(parcels.size());
    for (Parcel parcel : parcels) {
      for (Delivery delivery : parcel.submission().deliveries()) {
        if (delivery.status().isOpen()) {
          Optional<Subject> about = parcel.submission().notification().about();
          open.add(new Open(delivery, about, owner(delivery, node)));
        }
      }
    }
    return open;
  }

  private static List<Delivery> ended(List<Parcel> parcels) {
    List<Delivery> ended = new ArrayList<>();
    for (Parcel parcel : parcels) {
      for (Delivery delivery : parcel.submission().deliveries()) {
        if (!delivery.status().isOpen()) {
          ended.add(delivery);
        }
      }
    }
    return ended;
  }

  /** Inserts messages and their open deliveries. */
  void insert(Connection connection, List<Parcel> parcels, List<Open> open) throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, MESSAGE)) {
      Columns columns = new Columns(database, statement);
      for (Parcel parcel : parcels) {
        message(columns, parcel).addBatch();
      }
      statement.executeBatch();
    }
    if (open.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tables.prepare(connection, DELIVERY)) {
      Columns columns = new Columns(database, statement);
      for (Open one : open) {
        delivery(columns, one).addBatch();
      }
      statement.executeBatch();
    }
  }

  static Columns message(Columns columns, Parcel parcel) throws SQLException {
    return columns
        .id(parcel.submission().id().value())
        .time(parcel.submission().acceptedAt())
        .text(parcel.submission().notification().recipientId())
        .bytes(parcel.body())
        .idOrNull(parcel.broadcast())
        .text(parcel.experiment())
        .text(parcel.variant())
        .text(parcel.labels().category())
        .text(parcel.labels().template())
        .number(parcel.labels().version())
        .text(parcel.labels().segment());
  }

  static Columns delivery(Columns columns, Open one) throws SQLException {
    Delivery delivery = one.delivery();
    return columns
        .id(delivery.id().value())
        .id(delivery.notificationId().value())
        .text(delivery.channel().name())
        .number(Codes.of(delivery.lane().priority()))
        .number(Codes.of(delivery.status()))
        .time(delivery.due())
        .time(delivery.expiresAt())
        .numberOrNull(one.owner())
        .number(delivery.lease())
        .number(delivery.attempts())
        .flag(delivery.counted())
        .time(delivery.updatedAt())
        .numberOrNull(hash(one.about()))
        .text(delivery.provider())
        .reason(delivery.reason())
        .idOrNull(broadcast(delivery));
  }

  /** Who is born in a node's hands, is born in ours. */
  private static @Nullable Long owner(Delivery delivery, OptionalLong node) {
    return delivery.status() == DeliveryStatus.SENDING ? (Long) node.orElseThrow() : null;
  }

  static @Nullable Long hash(Optional<Subject> about) {
    return about.isPresent() ? (Long) hash(about.get()) : null;
  }

  /** Narrow, and good enough to find few; whoever reads compares the subject itself. */
  static long hash(Subject subject) {
    return ByteBuffer.wrap(Sha256.of(subject.type() + "\0" + subject.id())).getLong();
  }
}
