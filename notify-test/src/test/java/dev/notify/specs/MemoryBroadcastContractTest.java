package dev.notify.specs;

import dev.notify.memory.MemoryStore;
import dev.notify.spi.NotificationStore;
import dev.notify.test.BroadcastStoreContract;

class MemoryBroadcastContractTest extends BroadcastStoreContract {

  @Override
  protected NotificationStore create() {
    return MemoryStore.create();
  }
}
