package dev.notify.jdbc;

import java.util.Optional;

class PostgresInboxContractTest extends JdbcInboxContract {
  PostgresInboxContractTest() {
    super(Databases.POSTGRESQL, Optional.empty());
  }
}
