package dev.notify.specs;

import dev.notify.memory.MemorySuppressions;
import dev.notify.spi.SuppressionList;
import dev.notify.test.SuppressionListContract;

class MemorySuppressionsTest extends SuppressionListContract {

  @Override
  protected SuppressionList create() {
    return new MemorySuppressions();
  }
}
