package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.NotificationStoreContract;
import javax.sql.DataSource;

class PostgresStoreContractTest extends NotificationStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    DataSource source = Databases.POSTGRESQL.empty();
    JdbcSchema.migrate(source);
    return JdbcStore.of(source);
  }
}
