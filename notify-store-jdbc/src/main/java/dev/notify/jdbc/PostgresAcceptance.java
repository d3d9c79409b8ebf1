package dev.notify.jdbc;

import static dev.notify.jdbc.ColumnArrays.time;

import dev.notify.model.Delivery;
import dev.notify.model.Reason;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Messages and their open deliveries in one statement, which needs no transaction around it. */
final class PostgresAcceptance extends Acceptance {

  private static final String INSERT =
      """
      WITH message AS (
        INSERT INTO notify_message (id, accepted_at, recipient_id, body, broadcast_id, experiment,
          variant, category, template, template_version, segment)
        SELECT id, %s, recipient_id, body, broadcast_id, experiment, variant, category, template,
          template_version, segment
        FROM unnest(?::uuid[], ?::bigint[], ?::text[], ?::bytea[], ?::uuid[], ?::text[], ?::text[],
            ?::text[], ?::text[], ?::bigint[], ?::text[])
          AS one (id, accepted_at, recipient_id, body, broadcast_id, experiment, variant, category,
            template, template_version, segment))
      INSERT INTO notify_delivery (id, message_id, channel, priority, status, due, expires_at,
        owner, lease, attempts, deaths, counted, updated_at, subject_hash, provider,
        reason_code, reason_detail, broadcast_id)
      SELECT id, message_id, channel, priority, status, %s, %s, owner, lease, attempts, 0, counted,
        %s, subject_hash, provider, reason_code, reason_detail, broadcast_id
      FROM unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
          ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bool[], ?::bigint[], ?::bigint[],
          ?::text[], ?::text[], ?::text[], ?::uuid[])
        AS one (id, message_id, channel, priority, status, due, expires_at, owner, lease, attempts,
          counted, updated_at, subject_hash, provider, reason_code, reason_detail,
          broadcast_id)"""
          .formatted(time("accepted_at"), time("due"), time("expires_at"), time("updated_at"));

  /** One of those who are asked about has chosen something, or cannot be written to. */
  private static final String KNOWN =
      """
      WITH known AS (
        SELECT 1 FROM notify_preference WHERE recipient_hash = ANY (?::bytea[])
        UNION ALL
        SELECT 1 FROM notify_suppression WHERE address_hash = ANY (?::bytea[])),
      """;

  private static final String UNLESS_KNOWN = " WHERE NOT EXISTS (SELECT 1 FROM known)";

  /** The same where each message has one open delivery: nothing is sent twice. */
  private static final String PAIRS =
      """
      pair AS MATERIALIZED (
        SELECT one.message_id, one.id, %s AS accepted_at, recipient_id, body, %s AS due,
          %s AS expires_at, %s AS updated_at, broadcast_id, experiment, variant, segment,
          subject_hash, reason_code, reason_detail,
          coalesce(one.category, same.category) AS category,
          coalesce(one.template, same.template) AS template,
          coalesce(one.template_version, same.template_version) AS template_version,
          coalesce(one.channel, same.channel) AS channel,
          coalesce(one.priority, same.priority) AS priority,
          coalesce(one.status, same.status) AS status,
          coalesce(one.owner, same.owner) AS owner,
          coalesce(one.lease, same.lease) AS lease,
          coalesce(one.attempts, same.attempts) AS attempts,
          coalesce(one.counted, same.counted) AS counted,
          coalesce(one.provider, same.provider) AS provider
        FROM unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::text[], ?::bytea[], ?::bigint[],
            ?::bigint[], ?::bigint[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::bigint[],
            ?::text[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::bigint[],
            ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bool[], ?::text[])
          AS one (message_id, id, accepted_at, recipient_id, body, due, expires_at, updated_at,
            broadcast_id, experiment, variant, segment, subject_hash, reason_code, reason_detail,
            category, template, template_version, channel, priority, status, owner, lease, attempts,
            counted, provider)
        CROSS JOIN (SELECT ?::text, ?::text, ?::bigint, ?::text, ?::bigint, ?::bigint, ?::bigint,
            ?::bigint, ?::bigint, ?::bool, ?::text)
          AS same (category, template, template_version, channel, priority, status, owner, lease,
            attempts, counted, provider)%s),
      message AS (
        INSERT INTO notify_message (id, accepted_at, recipient_id, body, broadcast_id, experiment,
          variant, category, template, template_version, segment)
        SELECT message_id, accepted_at, recipient_id, body, broadcast_id, experiment, variant,
          category, template, template_version, segment
        FROM pair)
      INSERT INTO notify_delivery (id, message_id, channel, priority, status, due, expires_at,
        owner, lease, attempts, deaths, counted, updated_at, subject_hash, provider,
        reason_code, reason_detail, broadcast_id)
      SELECT id, message_id, channel, priority, status, due, expires_at, owner, lease, attempts, 0,
        counted, updated_at, subject_hash, provider, reason_code, reason_detail, broadcast_id
      FROM pair"""
          .formatted(
              time("one.accepted_at"),
              time("one.due"),
              time("one.expires_at"),
              time("one.updated_at"),
              "%s");

  private static final String INSERT_PAIRS = "WITH " + PAIRS.formatted("");
  private static final String INSERT_PAIRS_UNLESS_KNOWN = KNOWN + PAIRS.formatted(UNLESS_KNOWN);

  /** The same for one of each: by far the most frequent case where little is sent at a time. */
  private static final String ONE =
      """
      message AS (
        INSERT INTO notify_message (id, accepted_at, recipient_id, body, broadcast_id, experiment,
          variant, category, template, template_version, segment)
        SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?%s)
      INSERT INTO notify_delivery (id, message_id, channel, priority, status, due, expires_at,
        owner, lease, attempts, deaths, counted, updated_at, subject_hash, provider,
        reason_code, reason_detail, broadcast_id)
      SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?%s""";

  private static final String INSERT_ONE = "WITH " + ONE.formatted("", "");
  private static final String INSERT_ONE_UNLESS_KNOWN =
      KNOWN + ONE.formatted(UNLESS_KNOWN, UNLESS_KNOWN);

  private final Tables tables;

  PostgresAcceptance(Tables tables, Bodies bodies, Endings endings) {
    super(tables, bodies, endings);
    this.tables = tables;
  }

  @Override
  boolean isOneStatement(List<Parcel> parcels) {
    for (Parcel parcel : parcels) {
      if (parcel.submission().key().isPresent()) {
        return false;
      }
      for (Delivery delivery : parcel.submission().deliveries()) {
        if (!delivery.status().isOpen()) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  void insert(Connection connection, List<Parcel> parcels, List<Open> open, OptionalLong node)
      throws SQLException {
    if (parcels.size() == 1 && open.size() == 1) {
      int written = insertOne(connection, parcels.get(0), open.get(0), node, Optional.empty());
      assert written == 1;
    } else if (arePairs(parcels, open)) {
      int written = insertPairs(connection, open, parcels, node, Optional.empty());
      assert written == open.size();
    } else {
      insertAll(connection, parcels, open, node);
    }
  }

  @Override
  boolean writeUnlessKnown(
      Connection connection, List<Parcel> parcels, OptionalLong node, Doubt doubt)
      throws SQLException {
    List<Open> open = open(parcels);
    if (!isOneStatement(parcels) || !arePairs(parcels, open)) {
      return false;
    }
    Optional<Doubt> unless = Optional.of(doubt);
    int written =
        parcels.size() == 1
            ? insertOne(connection, parcels.get(0), open.get(0), node, unless)
            : insertPairs(connection, open, parcels, node, unless);
    return written > 0;
  }

  /** Answers how many parameters these are. */
  private static int set(PreparedStatement statement, Optional<Doubt> doubt) throws SQLException {
    if (doubt.isEmpty()) {
      return 0;
    }
    new ColumnArrays<>(statement, 0, doubt.get().people()).bytes(hash -> hash);
    new ColumnArrays<>(statement, 1, doubt.get().addresses()).bytes(hash -> hash);
    return 2;
  }

  private static boolean arePairs(List<Parcel> parcels, List<Open> open) {
    if (parcels.size() != open.size()) {
      return false;
    }
    for (int i = 0; i < parcels.size(); i++) {
      if (!open.get(i).delivery().notificationId().equals(parcels.get(i).submission().id())) {
        return false;
      }
    }
    return true;
  }

  /** A message with its only delivery. */
  private record Pair(Parcel parcel, Open open) {
    Delivery delivery() {
      return open.delivery();
    }
  }

  private int insertPairs(
      Connection connection,
      List<Open> open,
      List<Parcel> parcels,
      OptionalLong node,
      Optional<Doubt> unless)
      throws SQLException {
    List<Pair> pairs = new ArrayList<>(open.size());
    for (int i = 0; i < open.size(); i++) {
      pairs.add(new Pair(parcels.get(i), open.get(i)));
    }
    try (PreparedStatement statement =
        tables.prepare(connection, unless.isEmpty() ? INSERT_PAIRS : INSERT_PAIRS_UNLESS_KNOWN)) {
      int before = set(statement, unless);
      int all =
          new ColumnArrays<>(statement, before, pairs)
              .ids(pair -> pair.delivery().notificationId().value())
              .ids(pair -> pair.delivery().id().value())
              .times(pair -> pair.parcel().submission().acceptedAt())
              .texts(pair -> pair.parcel().submission().notification().recipientId())
              .bytes(pair -> pair.parcel().body())
              .times(pair -> pair.delivery().due())
              .times(pair -> pair.delivery().expiresAt())
              .times(pair -> pair.delivery().updatedAt())
              .ids(pair -> broadcast(pair.delivery()))
              .texts(pair -> pair.parcel().experiment().orElse(null))
              .texts(pair -> pair.parcel().variant().orElse(null))
              .texts(pair -> pair.parcel().labels().segment().orElse(null))
              .numbers(pair -> hash(pair.open().about()))
              .texts(pair -> pair.delivery().reason().map(Reason::code).orElse(null))
              .texts(pair -> pair.delivery().reason().map(Reason::detail).orElse(null))
              .repeatedTexts(pair -> pair.parcel().labels().category())
              .repeatedTexts(pair -> pair.parcel().labels().template().orElse(null))
              .repeatedNumbers(pair -> (long) pair.parcel().labels().version())
              .repeatedTexts(pair -> pair.delivery().channel().name())
              .repeatedNumbers(pair -> (long) Codes.of(pair.delivery().lane().priority()))
              .repeatedNumbers(pair -> (long) Codes.of(pair.delivery().status()))
              .repeatedNumbers(pair -> owner(pair.delivery(), node))
              .repeatedNumbers(pair -> pair.delivery().lease())
              .repeatedNumbers(pair -> (long) pair.delivery().attempts())
              .repeatedFlags(pair -> pair.delivery().counted())
              .repeatedTexts(pair -> pair.delivery().provider().orElse(null))
              .repeated()
              .index();
      assert all == before + 37;
      return statement.executeUpdate();
    }
  }

  private void insertAll(
      Connection connection, List<Parcel> parcels, List<Open> open, OptionalLong node)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, INSERT)) {
      int before =
          new ColumnArrays<>(statement, 0, parcels)
              .ids(parcel -> parcel.submission().id().value())
              .times(parcel -> parcel.submission().acceptedAt())
              .texts(parcel -> parcel.submission().notification().recipientId())
              .bytes(Parcel::body)
              .ids(Parcel::broadcast)
              .texts(parcel -> parcel.experiment().orElse(null))
              .texts(parcel -> parcel.variant().orElse(null))
              .texts(parcel -> parcel.labels().category())
              .texts(parcel -> parcel.labels().template().orElse(null))
              .numbers(parcel -> (long) parcel.labels().version())
              .texts(parcel -> parcel.labels().segment().orElse(null))
              .index();
      int all =
          new ColumnArrays<>(statement, before, open)
              .ids(one -> one.delivery().id().value())
              .ids(one -> one.delivery().notificationId().value())
              .texts(one -> one.delivery().channel().name())
              .numbers(one -> (long) Codes.of(one.delivery().lane().priority()))
              .numbers(one -> (long) Codes.of(one.delivery().status()))
              .times(one -> one.delivery().due())
              .times(one -> one.delivery().expiresAt())
              .numbers(one -> owner(one.delivery(), node))
              .numbers(one -> one.delivery().lease())
              .numbers(one -> (long) one.delivery().attempts())
              .flags(one -> one.delivery().counted())
              .times(one -> one.delivery().updatedAt())
              .numbers(one -> hash(one.about()))
              .texts(one -> one.delivery().provider().orElse(null))
              .texts(one -> one.delivery().reason().map(Reason::code).orElse(null))
              .texts(one -> one.delivery().reason().map(Reason::detail).orElse(null))
              .ids(one -> broadcast(one.delivery()))
              .index();
      assert all == 28;
      statement.executeUpdate();
    }
  }

  private int insertOne(
      Connection connection, Parcel parcel, Open open, OptionalLong node, Optional<Doubt> unless)
      throws SQLException {
    try (PreparedStatement statement =
        tables.prepare(connection, unless.isEmpty() ? INSERT_ONE : INSERT_ONE_UNLESS_KNOWN)) {
      Columns columns = new Columns(tables.database(), statement, set(statement, unless));
      delivery(message(columns, parcel), open, node);
      return statement.executeUpdate();
    }
  }
}
