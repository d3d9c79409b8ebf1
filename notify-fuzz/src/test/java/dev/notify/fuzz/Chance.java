package dev.notify.fuzz;

import java.util.List;
import java.util.Random;

/** All that is left to chance in one input; the same seed makes the same input. */
public final class Chance {

  private final long seed;
  private final Random random;

  Chance(long seed) {
    this.seed = seed;
    random = new Random(seed);
  }

  /** A number from 0 to one less than this. */
  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number between these, both included. */
  public int between(int least, int most) {
    return least + random.nextInt(most - least + 1);
  }

  /** Whether it happens, once in so many times. */
  public boolean oneIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** One of them. */
  public <T> T of(List<T> several) {
    return several.get(random.nextInt(several.size()));
  }

  /** One of them. */
  @SafeVarargs
  public final <T> T of(T... several) {
    return several[random.nextInt(several.length)];
  }

  /** Bytes of chance. */
  public byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Any number. */
  public long number() {
    return random.nextLong();
  }

  /** The way to repeat it. */
  @Override
  public String toString() {
    return "-D" + Inputs.INPUT + "=" + seed;
  }
}
