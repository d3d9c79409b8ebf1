package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.ScheduleStoreContract;

class PostgresScheduleContractTest extends ScheduleStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.POSTGRESQL.pooled());
  }
}
