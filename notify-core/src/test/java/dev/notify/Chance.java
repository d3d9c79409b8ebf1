package dev.notify;

import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Tries a property with many values by chance, the same ones in every run. */
public final class Chance {

  private Chance() {}

  /** Says with which seed a property failed; {@code new SplittableRandom(seed)} repeats it. */
  public static void forMany(int tries, Consumer<RandomGenerator> property) {
    for (long seed = 0; seed < tries; seed++) {
      try {
        property.accept(new SplittableRandom(seed));
      } catch (AssertionError e) {
        throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
      }
    }
  }

  /** One of these. */
  @SafeVarargs
  public static <T> T oneOf(RandomGenerator random, T... values) {
    return values[random.nextInt(values.length)];
  }
}
