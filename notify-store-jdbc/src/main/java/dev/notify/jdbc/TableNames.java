package dev.notify.jdbc;

import dev.notify.model.ConfigurationException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How the tables are called, for applications with rules of their own: {@code
 * TableNames.prefixed("crm_").inSchema("messaging")} makes {@code messaging.crm_delivery} of {@code
 * notify_delivery}.
 *
 * <p>Give the same names to {@link JdbcSchema#migrate(javax.sql.DataSource, TableNames)} and to the
 * store's builder. Immutable.
 *
 * @since 0.1
 */
public final class TableNames {

  /** Tables called {@code notify_...} in the connection's own schema. */
  public static final TableNames DEFAULT = new TableNames(Optional.empty(), "notify_");

  /** Safe to be put into SQL as they are, on every database. */
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,29}");

  /** In our statements a table's name has one word, and an index's more. */
  private static final Pattern OURS = Pattern.compile("\\bnotify_([a-z]+)((?:_[a-z]+)*)\\b");

  private final Optional<String> schema;
  private final String prefix;

  private TableNames(Optional<String> schema, String prefix) {
    this.schema = schema;
    this.prefix = prefix;
  }

  /**
   * Names that begin with this.
   *
   * @param prefix a lower-case letter, then up to 29 lower-case letters, digits or underscores
   */
  public static TableNames prefixed(String prefix) {
    return new TableNames(Optional.empty(), checked("table prefix", prefix));
  }

  /**
   * The same names in a schema, which must be there. On MariaDB and MySQL that is another database
   * of the same server.
   *
   * @param schema as for {@link #prefixed}
   */
  public TableNames inSchema(String schema) {
    return new TableNames(Optional.of(checked("schema", schema)), prefix);
  }

  private static String checked(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new ConfigurationException(
          what
              + " '"
              + name
              + "': must begin with a lower-case letter and have at most 30"
              + " lower-case letters, digits and underscores");
    }
    return name;
  }

  /** The statement, over tables of these names. */
  String in(String sql) {
    return OURS.matcher(sql)
        .replaceAll(
            found ->
                found.group(2).isEmpty()
                    ? schema.map(name -> name + ".").orElse("") + prefix + found.group(1)
                    : prefix + found.group(1) + found.group(2));
  }

  /** A name for what is told about these tables; short enough for PostgreSQL, whatever theirs. */
  String channel() {
    return "notify_wakeup_" + Integer.toHexString(toString().hashCode());
  }

  @Override
  public String toString() {
    return schema.map(name -> name + ".").orElse("") + prefix + "*";
  }
}
