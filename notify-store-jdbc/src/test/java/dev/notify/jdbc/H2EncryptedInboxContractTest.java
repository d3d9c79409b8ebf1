package dev.notify.jdbc;

import dev.notify.spi.InboxStore;
import dev.notify.test.InboxStoreContract;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

class H2EncryptedInboxContractTest extends InboxStoreContract {

  private @Nullable JdbcStore store;

  @Override
  protected InboxStore create(int itemsPerUser) throws Exception {
    close();
    store =
        JdbcStore.builder(Databases.H2.clean())
            .itemsPerInbox(itemsPerUser)
            .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
            .build();
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
