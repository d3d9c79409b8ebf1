package dev.notify.specs;

import dev.notify.memory.MemoryInboxes;
import dev.notify.spi.InboxStore;
import dev.notify.test.InboxStoreContract;

class MemoryInboxContractTest extends InboxStoreContract {

  @Override
  protected InboxStore create(int itemsPerUser) {
    return MemoryInboxes.of(1_000, itemsPerUser);
  }
}
