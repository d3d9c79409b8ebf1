package dev.notify.jdbc;

import dev.notify.spi.SuppressionList;
import dev.notify.test.SuppressionListContract;

class PostgresEncryptedSuppressionContractTest extends SuppressionListContract {

  @Override
  protected SuppressionList create() throws Exception {
    return JdbcStore.builder(Databases.POSTGRESQL.pooled())
        .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
        .build()
        .suppressions()
        .orElseThrow();
  }
}
