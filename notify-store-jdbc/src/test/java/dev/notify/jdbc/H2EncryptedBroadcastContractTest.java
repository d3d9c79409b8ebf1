package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.BroadcastStoreContract;

class H2EncryptedBroadcastContractTest extends BroadcastStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.builder(Databases.H2.clean())
        .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
        .build();
  }
}
