package dev.notify.specs;

import dev.notify.memory.MemoryStore;
import dev.notify.spi.NotificationStore;
import dev.notify.test.ExperimentStoreContract;

class MemoryExperimentContractTest extends ExperimentStoreContract {

  @Override
  protected NotificationStore create() {
    return MemoryStore.create();
  }
}
