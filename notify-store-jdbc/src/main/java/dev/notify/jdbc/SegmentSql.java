package dev.notify.jdbc;

import dev.notify.model.Segment;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A segment as a condition on {@code notify_recipient r}. Its text is made of our own words only;
 * all names and values are parameters. It looks at the facts of a few persons at a time: a database
 * that answers {@code NOT} and {@code OR} by gathering all who have a fact would otherwise do so
 * for each page anew.
 */
final class SegmentSql {

  private static final String FACT =
      "EXISTS (SELECT 1 FROM notify_fact f WHERE f.recipient_serial = r.serial"
          + " AND f.recipient_serial > ? AND f.recipient_serial <= ? AND f.name = ?%s)";

  private final List<Parameter> parameters = new ArrayList<>();

  private final TreeSet<String> facts = new TreeSet<>();
  private final String condition;

  /**
   * Some persons.
   *
   * @param behind the serial before their first
   * @param upTo their last
   */
  record Window(long behind, long upTo) {}

  private interface Parameter {
    void set(Columns columns, Window window) throws SQLException;
  }

  SegmentSql(Segment segment) {
    condition = sql(segment);
  }

  /** What stands behind WHERE. */
  String condition() {
    return condition;
  }

  /** Sets its parameters. */
  void set(Columns columns, Window window) throws SQLException {
    for (Parameter parameter : parameters) {
      parameter.set(columns, window);
    }
  }

  /** What it asks for. */
  TreeSet<String> facts() {
    return facts;
  }

  private String sql(Segment segment) {
    if (segment instanceof Segment.All all) {
      return all.parts().isEmpty() ? "1 = 1" : joined(all.parts(), " AND ");
    }
    if (segment instanceof Segment.Any any) {
      return any.parts().isEmpty() ? "1 = 0" : joined(any.parts(), " OR ");
    }
    if (segment instanceof Segment.Not not) {
      return "NOT (" + sql(not.part()) + ")";
    }
    if (segment instanceof Segment.Known known) {
      name(known.fact());
      return FACT.formatted("");
    }
    return sql((Segment.Test) segment);
  }

  private String joined(List<Segment> parts, String word) {
    return parts.stream().map(this::sql).collect(Collectors.joining(word, "(", ")"));
  }

  private String sql(Segment.Test test) {
    name(test.fact());
    byte[] value = FactBytes.of(test.value());
    return switch (test.operator()) {
      case EQUAL -> {
        bytes(value);
        yield FACT.formatted(" AND f.content = ?");
      }
      case STARTS_WITH -> between(value, FactBytes.behindBeginning(value));
      case LESS -> between(FactBytes.firstOfKind(value), value);
      case AT_LEAST -> between(value, FactBytes.behindKind(value));
      case AT_MOST -> {
        bytes(FactBytes.firstOfKind(value));
        bytes(value);
        yield FACT.formatted(" AND f.content >= ? AND f.content <= ?");
      }
      case MORE -> {
        bytes(value);
        bytes(FactBytes.behindKind(value));
        yield FACT.formatted(" AND f.content > ? AND f.content < ?");
      }
    };
  }

  private String between(byte[] from, byte[] behind) {
    bytes(from);
    bytes(behind);
    return FACT.formatted(" AND f.content >= ? AND f.content < ?");
  }

  private void name(String fact) {
    facts.add(fact);
    parameters.add(
        (columns, window) -> columns.number(window.behind()).number(window.upTo()).text(fact));
  }

  private void bytes(byte[] value) {
    parameters.add((columns, window) -> columns.bytes(value));
  }
}
