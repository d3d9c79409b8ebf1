package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.RecipientStoreContract;

class H2RecipientContractTest extends RecipientStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.H2.clean());
  }
}
