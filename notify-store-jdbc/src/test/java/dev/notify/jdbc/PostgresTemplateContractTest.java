package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.TemplateStoreContract;

class PostgresTemplateContractTest extends TemplateStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.POSTGRESQL.pooled());
  }
}
