package dev.notify.jdbc;

import java.util.Optional;

class PostgresEncryptedInboxContractTest extends JdbcInboxContract {
  PostgresEncryptedInboxContractTest() {
    super(Databases.POSTGRESQL, Optional.of(SampleKeys.encryption("k1").withKeyPerPerson()));
  }
}
