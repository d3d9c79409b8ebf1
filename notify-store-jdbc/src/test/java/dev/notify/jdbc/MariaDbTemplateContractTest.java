package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.TemplateStoreContract;

class MariaDbTemplateContractTest extends TemplateStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.MARIADB.pooled());
  }
}
