package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.NotificationStoreContract;

class MariaDbStoreContractTest extends NotificationStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.MARIADB.pooled());
  }
}
