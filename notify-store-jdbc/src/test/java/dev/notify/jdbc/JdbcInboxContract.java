package dev.notify.jdbc;

import dev.notify.spi.InboxStore;
import dev.notify.test.InboxStoreContract;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** Inboxes in a database, in the clear or encrypted. */
abstract class JdbcInboxContract extends InboxStoreContract {

  private final Databases database;
  private final Optional<Encryption> encryption;
  private @Nullable JdbcStore store;

  JdbcInboxContract(Databases database, Optional<Encryption> encryption) {
    this.database = database;
    this.encryption = encryption;
  }

  @Override
  protected InboxStore create(int itemsPerUser) throws Exception {
    close();
    JdbcStoreBuilder builder = JdbcStore.builder(database.clean()).itemsPerInbox(itemsPerUser);
    encryption.ifPresent(builder::encryption);
    store = builder.build();
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
