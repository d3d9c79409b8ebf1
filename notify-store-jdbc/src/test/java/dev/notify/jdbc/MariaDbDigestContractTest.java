package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.DigestStoreContract;

class MariaDbDigestContractTest extends DigestStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.MARIADB.pooled());
  }
}
