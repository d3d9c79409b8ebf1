package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.RecipientStoreContract;

class MariaDbEncryptedRecipientContractTest extends RecipientStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.builder(Databases.MARIADB.pooled())
        .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
        .searchable("plan", "visits", "balance", "beta", "joined", "even", "note", "born", "cities")
        .build();
  }
}
