package dev.notify.jdbc;

import dev.notify.spi.SuppressionList;
import dev.notify.test.SuppressionListContract;

class MariaDbEncryptedSuppressionContractTest extends SuppressionListContract {

  @Override
  protected SuppressionList create() throws Exception {
    return JdbcStore.builder(Databases.MARIADB.pooled())
        .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
        .build()
        .suppressions()
        .orElseThrow();
  }
}
