package dev.notify.specs;

import dev.notify.memory.MemoryStore;
import dev.notify.spi.NotificationStore;
import dev.notify.test.RecipientStoreContract;

class MemoryRecipientContractTest extends RecipientStoreContract {

  @Override
  protected NotificationStore create() {
    return MemoryStore.create();
  }
}
