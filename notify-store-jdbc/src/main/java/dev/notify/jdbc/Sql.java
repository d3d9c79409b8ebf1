package dev.notify.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** Work on a connection. */
@FunctionalInterface
interface Sql<R> {
  R on(Connection connection) throws SQLException;
}
