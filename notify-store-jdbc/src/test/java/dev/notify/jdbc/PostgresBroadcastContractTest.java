package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.BroadcastStoreContract;

class PostgresBroadcastContractTest extends BroadcastStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.POSTGRESQL.pooled());
  }
}
