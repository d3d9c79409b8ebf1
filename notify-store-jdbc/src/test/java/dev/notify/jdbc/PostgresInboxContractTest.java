package dev.notify.jdbc;

import dev.notify.spi.InboxStore;
import dev.notify.test.InboxStoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class PostgresInboxContractTest extends InboxStoreContract {

  private @Nullable JdbcStore store;

  @Override
  protected InboxStore create(int itemsPerUser) throws Exception {
    close();
    store = JdbcStore.builder(Databases.POSTGRESQL.clean()).itemsPerInbox(itemsPerUser).build();
    return store.inboxes().orElseThrow();
  }

  @AfterEach
  void close() {
    if (store != null) {
      store.close();
      store = null;
    }
  }
}
