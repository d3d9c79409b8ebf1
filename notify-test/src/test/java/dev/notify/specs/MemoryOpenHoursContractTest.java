package dev.notify.specs;

import dev.notify.memory.MemoryOpenHours;
import dev.notify.spi.OpenHoursStore;
import dev.notify.test.OpenHoursStoreContract;

class MemoryOpenHoursContractTest extends OpenHoursStoreContract {

  @Override
  protected OpenHoursStore create() {
    return new MemoryOpenHours();
  }
}
