package dev.notify.jdbc;

import dev.notify.spi.SuppressionList;
import dev.notify.test.SuppressionListContract;

class PostgresSuppressionContractTest extends SuppressionListContract {

  @Override
  protected SuppressionList create() throws Exception {
    return JdbcStore.of(Databases.POSTGRESQL.pooled()).suppressions().orElseThrow();
  }
}
