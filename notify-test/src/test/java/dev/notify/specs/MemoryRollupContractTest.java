package dev.notify.specs;

import dev.notify.memory.MemoryStore;
import dev.notify.spi.NotificationStore;
import dev.notify.test.RollupStoreContract;

class MemoryRollupContractTest extends RollupStoreContract {

  @Override
  protected NotificationStore create() {
    return MemoryStore.create();
  }
}
