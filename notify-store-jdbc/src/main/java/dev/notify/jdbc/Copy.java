package dev.notify.jdbc;

import java.io.DataOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * Sends many rows to PostgreSQL by {@code COPY}, which costs the server less for each of them than
 * an insert, and more for each time. To be tried within a transaction.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY, and its file
 *     formats</a>
 */
final class Copy {

  /** With which the binary form begins: its signature, no flags, and nothing more. */
  private static final byte[] HEAD = {
    'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0
  };

  private static final int END = -1;

  private static final int BUFFER = 64 * 1_024;

  /** Row security, a view in the table's place, a right that is wanting. */
  private static final Set<String> REFUSALS = Set.of("0A", "42");

  private volatile boolean isRefused;

  /** Whether it is worth trying: the driver knows it, and the server has not refused it. */
  boolean isPossible(Connection connection) {
    try {
      isRefused = isRefused || !connection.isWrapperFor(PGConnection.class);
    } catch (LinkageError | SQLException e) {
      isRefused = true;
    }
    return !isRefused;
  }

  /** Copies the rows into a table. */
  void into(String table, Relation<?>.Rows rows, Connection connection) throws SQLException {
    String sql = "COPY %s (%s) FROM STDIN (FORMAT binary)".formatted(table, rows.names());
    try {
      Driver.copy(connection.unwrap(PGConnection.class), sql, rows);
    } catch (SQLException e) {
      isRefused |= REFUSALS.contains(String.valueOf(e.getSQLState()).substring(0, 2));
      throw e;
    }
  }

  /** Kept apart: it is not loaded where the driver is not there. */
  private static final class Driver {

    static void copy(PGConnection driver, String sql, Relation<?>.Rows rows) throws SQLException {
      CopyIn copy = driver.getCopyAPI().copyIn(sql);
      try {
        DataOutputStream out = new DataOutputStream(new PGCopyOutputStream(copy, BUFFER));
        out.write(HEAD);
        rows.copyTo(out);
        out.writeShort(END);
        out.flush();
        long ignored = copy.endCopy();
      } catch (IOException e) {
        throw e.getCause() instanceof SQLException fault
            ? fault
            : new SQLException("COPY was cut off", "08006", e);
      } finally {
        if (copy.isActive()) {
          copy.cancelCopy();
        }
      }
    }
  }
}
