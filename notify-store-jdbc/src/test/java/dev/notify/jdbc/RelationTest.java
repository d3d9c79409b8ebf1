package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows reach PostgreSQL as they are, in whatever way they are sent. */
class RelationTest {

  private static final int FEW = 8;

  private static final Instant AT = Instant.parse("1999-12-31T23:59:59.123456Z");

  private final Connection connection;

  RelationTest() throws SQLException {
    connection = Databases.POSTGRESQL.clean().getConnection();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  /** One value of each kind. */
  private record Row(
      UUID id,
      byte[] bytes,
      @Nullable String text,
      @Nullable Long number,
      @Nullable UUID other,
      @Nullable Instant time,
      boolean flag,
      @Nullable Long small) {

    /** As the database spells it. */
    String spelt() {
      return "%s|%s|%s|%s|%s|%s|%s|%s"
          .formatted(
              id,
              new String(bytes, StandardCharsets.UTF_8),
              text,
              number,
              other,
              time == null ? null : ColumnArrays.micros(time),
              flag ? "t" : "f",
              small);
    }
  }

  private static final List<@Nullable String> TEXTS =
      Arrays.asList("t,\"{\\", "", "NULL", null, " two\nlines\t", "\u00fc\ud83d\ude00", "}");

  private static Row row(int i, boolean alike, boolean empty) {
    return new Row(
        new UUID(i, ~i),
        ("b" + "\u00fc".repeat(i % 7)).getBytes(StandardCharsets.UTF_8),
        alike ? "all" : TEXTS.get(i % TEXTS.size()),
        alike ? Long.valueOf(Long.MIN_VALUE) : Long.valueOf(i),
        empty || i % 4 == 1 ? null : new UUID(~i, i),
        i % 3 == 1 ? null : AT.plusSeconds(i),
        alike || i % 2 == 0,
        empty || i % 2 == 1 ? null : Long.valueOf(-i));
  }

  private static List<Row> rows(int count, boolean alike, boolean empty) {
    return IntStream.range(0, count).mapToObj(i -> row(i, alike, empty)).toList();
  }

  static Stream<List<Row>> lists() {
    return Stream.of(0, 1, 2, 3, FEW, FEW + 1, 300)
        .flatMap(
            count ->
                Stream.of(
                    rows(count, false, false),
                    rows(count, true, false),
                    rows(count, false, true),
                    rows(count, true, true)));
  }

  private static final Relation<Row> RELATION =
      new Relation<Row>()
          .ids("id", Row::id)
          .bytes("bytes", Row::bytes)
          .times("time", Row::time)
          .alike()
          .texts("text", Row::text)
          .numbers("number", Row::number)
          .flags("flag", Row::flag)
          .seldom()
          .smalls("small", Row::small)
          .integers("same", Row::small)
          .seldom()
          .ids("other", Row::other);

  /** As VALUES, up to some. */
  private static Relation<Row>.Rows relation(List<Row> rows) {
    Relation<Row>.Rows relation = RELATION.of(rows);
    return rows.isEmpty() || rows.size() > FEW ? relation : relation.asValues();
  }

  private static String spelt(String from) {
    return """
    SELECT concat(id, '|', convert_from(bytes, 'UTF8'), '|', coalesce(text, 'null'), '|',
      coalesce(number::text, 'null'), '|', coalesce(other::text, 'null'), '|',
      coalesce((extract(epoch FROM time) * 1000000)::bigint::text, 'null'), '|', flag, '|',
      coalesce(small::text, 'null'))
    FROM %s one WHERE small IS NOT DISTINCT FROM same ORDER BY id"""
        .formatted(from);
  }

  private static List<String> read(PreparedStatement statement) throws SQLException {
    List<String> read = new ArrayList<>();
    try (ResultSet found = statement.executeQuery()) {
      while (found.next()) {
        read.add(found.getString(1));
      }
    }
    return read;
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aStatementGetsTheRowsAsTheyAre(List<Row> rows) throws SQLException {
    Relation<Row>.Rows relation = relation(rows);
    try (PreparedStatement statement = connection.prepareStatement(spelt(relation.sql()))) {
      int parameters = relation.set(statement, 0);

      assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(parameters);
      assertThat(read(statement)).isEqualTo(rows.stream().map(Row::spelt).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aTableGetsTheRowsByCopyAsTheyAre(List<Row> rows) throws SQLException {
    createTable("copied");
    Copy copy = new Copy();
    assertThat(copy.isPossible(connection)).isTrue();

    copy.into("copied", relation(rows), connection);

    try (PreparedStatement statement = connection.prepareStatement(spelt("copied"))) {
      assertThat(read(statement)).isEqualTo(rows.stream().map(Row::spelt).toList());
    }
  }

  @ParameterizedTest
  @MethodSource("lists")
  void aTableGetsTheRowsByAStatementAsTheyAre(List<Row> rows) throws SQLException {
    createTable("inserted");
    Relation<Row>.Rows relation = relation(rows);
    String names = relation.names();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO inserted (%s) SELECT %s FROM %s one"
                .formatted(names, names, relation.sql()))) {
      int ignored = relation.set(statement, 0);
      assertThat(statement.executeUpdate()).isEqualTo(rows.size());
    }

    try (PreparedStatement statement = connection.prepareStatement(spelt("inserted"))) {
      assertThat(read(statement)).isEqualTo(rows.stream().map(Row::spelt).toList());
    }
  }

  private void createTable(String name) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TEMPORARY TABLE "
              + name
              + " (id UUID, bytes BYTEA, other UUID, time TIMESTAMPTZ, text VARCHAR(20), number BIGINT,"
              + " flag BOOLEAN, small SMALLINT, same INTEGER)");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, FEW, FEW + 1})
  void whatIsTheSameForAllIsSentOnceAndWhatIsEmptyNotAtAll(int count) {
    assertThat(relation(rows(count, true, true)).sql())
        .contains("?::text AS text")
        .contains("NULL::int8 AS small")
        .containsOnlyOnce("?::text")
        .containsOnlyOnce("?::bool");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, FEW, FEW + 1})
  void oneThatDiffersIsEnoughForTheWholeGroupToBeSentForEach(int count) {
    List<Row> rows = new ArrayList<>(rows(count, true, true));
    rows.set(1, new Row(new UUID(5, 5), new byte[0], "all", 7L, null, AT, true, null));

    assertThat(relation(rows).sql())
        .contains("one.text AS text")
        .contains("one.number AS number")
        .contains("one.flag AS flag");
  }

  @Test
  void rowsAreArraysUnlessAskedForAsValuesOrSingle() {
    List<Row> few = rows(FEW, false, false);

    assertThat(RELATION.of(few).sql()).contains("[]").doesNotContain("VALUES");
    assertThat(RELATION.of(few).asValues().sql()).contains("VALUES").doesNotContain("[]");
    assertThat(RELATION.of(few.subList(0, 1)).sql()).contains("VALUES").doesNotContain("[]");
  }

  @Test
  void itIsToldWhetherAnythingIsFilledThatSeldomIs() {
    assertThat(RELATION.of(rows(FEW, false, true)).hasNothingSeldom()).isTrue();
    assertThat(RELATION.of(rows(FEW, false, false)).hasNothingSeldom()).isFalse();
    assertThat(RELATION.of(rows(1, false, true)).hasNothingSeldom()).isTrue();
  }

  @Test
  void statementsOfOneShapeAreTheSameAndShapesAreFew() {
    Map<Long, String> texts = new HashMap<>();
    for (int count = 1; count < 40; count++) {
      for (List<Row> rows :
          List.of(
              rows(count, false, false),
              rows(count, true, false),
              rows(count, false, true),
              rows(count, true, true))) {
        for (Relation<Row>.Rows relation : List.of(relation(rows), RELATION.of(rows))) {
          assertThat(texts.computeIfAbsent(relation.shape(), shape -> relation.sql()))
              .isEqualTo(relation.sql());
        }
      }
    }
    int single = 2;
    int values = 4 * (FEW - 1);
    int arrays = 4;

    assertThat(texts.values()).hasSize(single + values + arrays).doesNotHaveDuplicates();
  }

  /** Else each send whose columns are empty where another's were not would be parsed anew. */
  @Test
  void aStatementThatIsPreparedStaysSoWhateverIsEmpty() throws SQLException {
    List<Row> differing = rows(3 * FEW, false, true);
    List<List<Row>> lists =
        IntStream.rangeClosed(0, differing.size() - FEW)
            .mapToObj(from -> differing.subList(from, from + FEW))
            .toList();

    assertThat(prepared(lists)).hasSizeGreaterThan(FEW).containsOnly("S_1");
  }

  @Test
  void aStatementThatIsPreparedStaysSoWhetherAllHaveATextOrNone() throws SQLException {
    List<Row> some = rows(FEW, true, true);
    List<Row> none = some.stream().map(RelationTest::withoutText).toList();
    List<List<Row>> lists =
        IntStream.range(0, 3 * FEW).mapToObj(i -> i % 2 == 0 ? some : none).toList();

    assertThat(prepared(lists)).hasSizeGreaterThan(FEW).containsOnly("S_1");
  }

  private static Row withoutText(Row row) {
    return new Row(
        row.id(), row.bytes(), null, row.number(), row.other(), row.time(), row.flag(), null);
  }

  @Test
  void aStatementThatIsPreparedStaysSoWhetherItsTimeIsEmptyOrNot() throws SQLException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 3 * FEW; i++) {
      try (PreparedStatement statement = connection.prepareStatement("SELECT ?::timestamptz")) {
        new Columns(Database.POSTGRESQL, statement).timeOrNull(i % 2 == 0 ? AT : null);
        assertThat(read(statement)).hasSize(1);
      }
      names.addAll(preparedNow());
    }

    assertThat(names).hasSizeGreaterThan(FEW).containsOnly("S_1");
  }

  /** By which name the driver had prepared the statement after each of these, if it had. */
  private List<String> prepared(List<List<Row>> lists) throws SQLException {
    String sql = spelt(relation(lists.get(0)).sql());
    List<String> names = new ArrayList<>();
    for (List<Row> rows : lists) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        int ignored = relation(rows).set(statement, 0);
        assertThat(read(statement)).isEqualTo(rows.stream().map(Row::spelt).toList());
      }
      names.addAll(preparedNow());
    }
    return names;
  }

  private List<String> preparedNow() throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT name FROM pg_prepared_statements")) {
      while (found.next()) {
        names.add(found.getString(1));
      }
    }
    return names;
  }
}
