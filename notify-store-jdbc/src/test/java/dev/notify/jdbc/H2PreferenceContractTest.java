package dev.notify.jdbc;

import dev.notify.spi.PreferenceStore;
import dev.notify.test.PreferenceStoreContract;

class H2PreferenceContractTest extends PreferenceStoreContract {

  @Override
  protected PreferenceStore create() throws Exception {
    return JdbcStore.of(Databases.H2.clean()).preferences().orElseThrow();
  }
}
