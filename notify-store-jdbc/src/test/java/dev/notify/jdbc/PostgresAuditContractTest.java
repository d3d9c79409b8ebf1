package dev.notify.jdbc;

import dev.notify.spi.AuditStore;
import dev.notify.test.AuditStoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class PostgresAuditContractTest extends AuditStoreContract {

  private @Nullable JdbcStore store;

  @Override
  protected AuditStore create() throws Exception {
    store = JdbcStore.of(Databases.POSTGRESQL.pooled());
    return store.audit().orElseThrow();
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
    }
  }
}
