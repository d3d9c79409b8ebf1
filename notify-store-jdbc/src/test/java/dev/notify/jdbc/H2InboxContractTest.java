package dev.notify.jdbc;

import java.util.Optional;

class H2InboxContractTest extends JdbcInboxContract {
  H2InboxContractTest() {
    super(Databases.H2, Optional.empty());
  }
}
