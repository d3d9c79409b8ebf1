package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.BroadcastStoreContract;

class MariaDbBroadcastContractTest extends BroadcastStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.MARIADB.pooled());
  }
}
