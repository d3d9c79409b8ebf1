package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.TemplateStoreContract;

class H2TemplateContractTest extends TemplateStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.H2.clean());
  }
}
