package dev.notify.jdbc;

import dev.notify.spi.NotificationStore;
import dev.notify.test.RollupStoreContract;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

class MariaDbRollupContractTest extends RollupStoreContract {

  private @Nullable DataSource source;

  @Override
  protected NotificationStore create() throws Exception {
    source = Databases.MARIADB.pooled();
    return JdbcStore.of(source);
  }

  @Override
  protected NotificationStore another(NotificationStore first) {
    return source == null ? first : JdbcStore.of(source);
  }
}
