package dev.notify.jdbc;

import dev.notify.model.ConfigurationException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** The databases we know, with what differs in migrating them. */
enum Database {
  POSTGRESQL("postgresql") {
    @Override
    void lock(Connection connection) throws SQLException {
      run(connection, "SELECT pg_advisory_lock(" + LOCK_NUMBER + ")");
    }

    @Override
    void unlock(Connection connection) throws SQLException {
      run(connection, "SELECT pg_advisory_unlock(" + LOCK_NUMBER + ")");
    }
  },

  /** MySQL too: the two have the same syntax as far as we use it. */
  MARIADB("mariadb") {
    @Override
    void lock(Connection connection) throws SQLException {
      run(connection, "SELECT GET_LOCK('notify_schema', 60)");
    }

    @Override
    void unlock(Connection connection) throws SQLException {
      run(connection, "SELECT RELEASE_LOCK('notify_schema')");
    }
  },

  /** Has no lock that outlives a statement; the version's primary key stops a second migration. */
  H2("h2") {
    @Override
    void lock(Connection connection) {
      // See above.
    }

    @Override
    void unlock(Connection connection) {
      // See above.
    }
  };

  private static final long LOCK_NUMBER = 0x6e6f_7469_6679L;

  private final String folder;

  Database(String folder) {
    this.folder = folder;
  }

  /** Where its migrations stand among our resources. */
  String folder() {
    return folder;
  }

  /** Lets one process migrate at a time. */
  abstract void lock(Connection connection) throws SQLException;

  abstract void unlock(Connection connection) throws SQLException;

  /** The database behind a connection. */
  static Database of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    return switch (product) {
      case "PostgreSQL" -> POSTGRESQL;
      case "MariaDB", "MySQL" -> MARIADB;
      case "H2" -> H2;
      default ->
          throw new ConfigurationException(
              "database '" + product + "': there are PostgreSQL, MariaDB, MySQL and H2");
    };
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.execute();
    }
  }
}
