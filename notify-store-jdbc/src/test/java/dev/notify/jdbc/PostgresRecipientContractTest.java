package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.RecipientStoreContract;

class PostgresRecipientContractTest extends RecipientStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.POSTGRESQL.pooled());
  }
}
