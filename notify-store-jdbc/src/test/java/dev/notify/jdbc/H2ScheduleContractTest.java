package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.ScheduleStoreContract;

class H2ScheduleContractTest extends ScheduleStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.H2.clean());
  }
}
