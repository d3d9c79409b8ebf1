package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.NotificationStoreContract;

class H2StoreContractTest extends NotificationStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.H2.clean());
  }
}
