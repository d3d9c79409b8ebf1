package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.NotificationStoreContract;

class PostgresEncryptedStoreContractTest extends NotificationStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.builder(Databases.POSTGRESQL.pooled())
        .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
        .build();
  }
}
