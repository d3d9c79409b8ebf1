package dev.notify.jdbc;

import java.util.Optional;

class H2EncryptedInboxContractTest extends JdbcInboxContract {
  H2EncryptedInboxContractTest() {
    super(Databases.H2, Optional.of(SampleKeys.encryption("k1").withKeyPerPerson()));
  }
}
