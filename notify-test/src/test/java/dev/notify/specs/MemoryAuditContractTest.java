package dev.notify.specs;

import dev.notify.memory.MemoryAudit;
import dev.notify.spi.AuditStore;
import dev.notify.test.AuditStoreContract;

class MemoryAuditContractTest extends AuditStoreContract {

  @Override
  protected AuditStore create() {
    return new MemoryAudit();
  }
}
