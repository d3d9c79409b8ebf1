package dev.notify.specs;

import dev.notify.memory.MemoryStore;
import dev.notify.spi.NotificationStore;
import dev.notify.test.DigestStoreContract;

class MemoryDigestContractTest extends DigestStoreContract {

  @Override
  protected NotificationStore create() {
    return MemoryStore.create();
  }
}
