package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.DigestStoreContract;

class H2EncryptedDigestContractTest extends DigestStoreContract {

  @Override
  protected NotificationStore create() throws Exception {
    return JdbcStore.builder(Databases.H2.clean())
        .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
        .build();
  }
}
