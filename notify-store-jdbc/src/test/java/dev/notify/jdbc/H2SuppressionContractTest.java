package dev.notify.jdbc;

import dev.notify.spi.SuppressionList;
import dev.notify.test.SuppressionListContract;

class H2SuppressionContractTest extends SuppressionListContract {

  @Override
  protected SuppressionList create() throws Exception {
    return JdbcStore.of(Databases.H2.clean()).suppressions().orElseThrow();
  }
}
