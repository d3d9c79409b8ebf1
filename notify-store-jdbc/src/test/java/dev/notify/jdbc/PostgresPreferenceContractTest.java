package dev.notify.jdbc;

import dev.notify.spi.PreferenceStore;
import dev.notify.test.PreferenceStoreContract;

class PostgresPreferenceContractTest extends PreferenceStoreContract {

  @Override
  protected PreferenceStore create() throws Exception {
    return JdbcStore.of(Databases.POSTGRESQL.pooled()).preferences().orElseThrow();
  }
}
