package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.DigestStoreContract;

class H2DigestContractTest extends DigestStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.H2.clean());
  }
}
