package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.ExperimentStoreContract;

class PostgresExperimentContractTest extends ExperimentStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.of(Databases.POSTGRESQL.pooled());
  }
}
