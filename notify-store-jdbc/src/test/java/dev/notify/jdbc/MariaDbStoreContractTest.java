package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.NotificationStoreContract;
import javax.sql.DataSource;

class MariaDbStoreContractTest extends NotificationStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    DataSource source = Databases.MARIADB.empty();
    JdbcSchema.migrate(source);
    return JdbcStore.of(source);
  }
}
