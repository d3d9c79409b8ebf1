package dev.notify.fuzz;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * How many inputs there are, and which: {@code -Dfuzz.inputs} for all targets together, {@code
 * -Dfuzz.seed} for others, {@code -Dfuzz.input} for a single one.
 */
final class Inputs implements AroundPropertyHook {

  static final String INPUT = "fuzz.input";

  private static final int USUAL = 3_000;

  /** The inputs of a run, each by a seed of its own. */
  static Arbitrary<Chance> all() {
    Long single = Long.getLong(INPUT);
    return single == null
        ? Arbitraries.randomValue(random -> new Chance(random.nextLong()))
        : Arbitraries.create(() -> new Chance(single));
  }

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    Fuzz fuzz = context.targetMethod().getAnnotation(Fuzz.class);
    boolean isSingle = Long.getLong(INPUT) != null;
    long inputs = Integer.getInteger("fuzz.inputs", USUAL) * (long) fuzz.share() / 1_000;
    context.attributes().setTries(isSingle ? 1 : (int) Math.max(1, inputs));
    context.attributes().setSeed(Long.toString(Long.getLong("fuzz.seed", 1)));
    long began = System.nanoTime();
    PropertyExecutionResult result = property.execute();
    System.out.printf(
        "%n%-45s %,9d inputs %,9d taken %,8d ms%n",
        context.extendedLabel(),
        result.countTries(),
        Trial.taken(),
        (System.nanoTime() - began) / 1_000_000);
    List<Fault> faults = Trial.faults();
    return faults.isEmpty() ? result : result.mapToFailed(new AssertionError(faults.toString()));
  }
}
