package dev.notify.specs;

import dev.notify.memory.MemoryPreferences;
import dev.notify.spi.PreferenceStore;
import dev.notify.test.PreferenceStoreContract;

class MemoryPreferencesTest extends PreferenceStoreContract {

  @Override
  protected PreferenceStore create() {
    return new MemoryPreferences();
  }
}
