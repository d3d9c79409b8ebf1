package dev.notify.jdbc;

import java.util.Optional;

class MariaDbInboxContractTest extends JdbcInboxContract {
  MariaDbInboxContractTest() {
    super(Databases.MARIADB, Optional.empty());
  }
}
