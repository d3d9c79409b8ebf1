package dev.notify.specs;

import dev.notify.memory.MemoryStore;
import dev.notify.spi.NotificationStore;
import dev.notify.test.ScheduleStoreContract;

class MemoryScheduleContractTest extends ScheduleStoreContract {

  @Override
  protected NotificationStore create() {
    return MemoryStore.create();
  }
}
