package dev.notify.specs;

import dev.notify.memory.MemoryStore;
import dev.notify.spi.NotificationStore;
import dev.notify.test.TemplateStoreContract;

class MemoryTemplateContractTest extends TemplateStoreContract {

  @Override
  protected NotificationStore create() {
    return MemoryStore.create();
  }
}
