package dev.notify.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tries one input. A fault does not end the run: the first of each kind is kept, and told at the
 * end. For one thread at a time.
 */
public final class Trial {

  /** Class loading, caches and whatever else has nothing to do with the input. */
  private static final long ANYWAY = 64L << 20;

  /** For each byte of input: far more than any honest way of reading needs. */
  private static final long FOR_A_BYTE = 4L << 10;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final Map<String, Fault> FAULTS = new LinkedHashMap<>();

  private static int taken;

  private final Chance chance;
  private final Set<Class<?>> documented;
  private long before = THREADS.getCurrentThreadAllocatedBytes();
  private long size;
  private boolean isRefused;

  private Trial(Chance chance, Set<Class<?>> documented) {
    this.chance = chance;
    this.documented = documented;
  }

  /** What an input is given to. */
  @FunctionalInterface
  public interface Target {
    /** Takes it. */
    void run(Trial trial) throws Exception;
  }

  /** Tries an input on a target that may throw what is documented, and nothing else. */
  public static void of(Chance chance, Target target, Class<?>... documented) {
    new Trial(chance, Set.of(documented)).run(target);
  }

  /** The input is made: so large is it, and what comes now is judged. */
  public void begins(long bytes) {
    size = bytes;
    before = THREADS.getCurrentThreadAllocatedBytes();
  }

  private void run(Target target) {
    Watchdog.watch(chance);
    try {
      target.run(this);
      taken += isRefused ? 0 : 1;
    } catch (Throwable thrown) {
      if (thrown instanceof VirtualMachineError
          || documented.stream().noneMatch(type -> type.isInstance(thrown))) {
        keep(Fault.of(chance, thrown));
      }
      Canary.foundIn(String.valueOf(thrown.getMessage()))
          .ifPresent(text -> keep(Fault.of(chance, "said in an exception", text + thrown)));
    } finally {
      Watchdog.done().ifPresent(stack -> keep(Fault.of(chance, "took too long", stack)));
    }
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    if (allocated > ANYWAY + size * FOR_A_BYTE) {
      keep(Fault.of(chance, "memory", allocated + " bytes for an input of " + size));
    }
    Logs.leaks().forEach(line -> keep(Fault.of(chance, "logged", line)));
  }

  /** The answer was a no. */
  public void refused() {
    isRefused = true;
  }

  /** Something that must not be. */
  public void require(boolean holds, String kind, String what) {
    if (!holds) {
      keep(Fault.of(chance, kind, what));
    }
  }

  private static void keep(Fault fault) {
    FAULTS.putIfAbsent(fault.kind(), fault);
  }

  /** How many inputs were taken, since this was asked last: if all are refused, little is tried. */
  static int taken() {
    int count = taken;
    taken = 0;
    return count;
  }

  /** What was found since this was asked last. */
  static List<Fault> faults() {
    List<Fault> found = new ArrayList<>(FAULTS.values());
    FAULTS.clear();
    return found;
  }
}
