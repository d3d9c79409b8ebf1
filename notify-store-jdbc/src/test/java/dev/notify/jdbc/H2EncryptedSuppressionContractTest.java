package dev.notify.jdbc;

import dev.notify.spi.SuppressionList;
import dev.notify.test.SuppressionListContract;

class H2EncryptedSuppressionContractTest extends SuppressionListContract {

  @Override
  protected SuppressionList create() throws Exception {
    return JdbcStore.builder(Databases.H2.clean())
        .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
        .build()
        .suppressions()
        .orElseThrow();
  }
}
