package dev.notify.fuzz;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;

/** What all targets stand on. */
public abstract class FuzzTargets {

  /** Listens to the log from the first input on. */
  protected FuzzTargets() {
    Logs.listen();
  }

  @Provide
  Arbitrary<Chance> inputs() {
    return Inputs.all();
  }
}
