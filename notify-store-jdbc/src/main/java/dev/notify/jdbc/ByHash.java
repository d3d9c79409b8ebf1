package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/** Reads the rows of many hashes, with few statements and few texts of statements. */
final class ByHash {

  private static final int FEW = 10;
  private static final int MANY = 200;

  private final Tables tables;
  private final boolean takesArrays;
  private final String few;
  private final String many;

  /**
   * Rows of one table.
   *
   * @param select what is read, up to the condition
   * @param hash the column of the hash
   */
  ByHash(Tables tables, String select, String hash) {
    this(tables, select, hash, "");
  }

  /**
   * Rows of one table.
   *
   * @param select what is read, up to the condition
   * @param hash the column of the hash
   * @param end what follows the condition
   */
  ByHash(Tables tables, String select, String hash, String end) {
    this.tables = tables;
    takesArrays = tables.database() == Database.POSTGRESQL;
    String condition = select + " WHERE " + hash;
    few = condition + (takesArrays ? " = ANY (?)" : " IN (?" + ", ?".repeat(FEW - 1) + ")") + end;
    many = condition + " IN (?" + ", ?".repeat(MANY - 1) + ")" + end;
  }

  /** Takes what is of use from a row. */
  interface Reader {
    void take(ResultSet row) throws SQLException;
  }

  void read(Connection connection, List<byte[]> hashes, Reader reader) throws SQLException {
    if (takesArrays) {
      atOnce(connection, hashes, reader);
      return;
    }
    for (int done = 0; done < hashes.size(); done += MANY) {
      portion(connection, hashes.subList(done, Math.min(done + MANY, hashes.size())), reader);
    }
  }

  private void atOnce(Connection connection, List<byte[]> hashes, Reader reader)
      throws SQLException {
    try (PreparedStatement statement = tables.prepare(connection, few)) {
      new ColumnArrays<>(statement, 0, hashes).bytes(hash -> hash);
      read(statement, reader);
    }
  }

  private static void read(PreparedStatement statement, Reader reader) throws SQLException {
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        reader.take(rows);
      }
    }
  }

  private void portion(Connection connection, List<byte[]> hashes, Reader reader)
      throws SQLException {
    int places = hashes.size() <= FEW ? FEW : MANY;
    try (PreparedStatement statement = tables.prepare(connection, places == FEW ? few : many)) {
      Columns columns = new Columns(tables.database(), statement);
      for (byte[] hash : hashes) {
        columns.bytes(hash);
      }
      byte[] last = hashes.get(hashes.size() - 1);
      for (byte[] same : Collections.nCopies(places - hashes.size(), last)) {
        columns.bytes(same);
      }
      read(statement, reader);
    }
  }
}
