package dev.notify.jdbc;

import dev.notify.spi.OpenHoursStore;
import dev.notify.test.OpenHoursStoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class PostgresOpenHoursContractTest extends OpenHoursStoreContract {

  private @Nullable JdbcStore store;

  @Override
  protected OpenHoursStore create() throws Exception {
    store = JdbcStore.of(Databases.POSTGRESQL.pooled());
    return store.openHours().orElseThrow();
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }
}
