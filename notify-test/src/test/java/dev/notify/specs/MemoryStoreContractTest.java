package dev.notify.specs;

import dev.notify.memory.MemoryStore;
import dev.notify.spi.NotificationStore;
import dev.notify.test.NotificationStoreContract;

class MemoryStoreContractTest extends NotificationStoreContract {

  @Override
  protected NotificationStore create() {
    return MemoryStore.create();
  }
}
