package dev.notify.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.simulation.Invariants.Counts;
import dev.notify.simulation.Invariants.Violation;
import dev.notify.simulation.Simulation.Run;
import java.io.BufferedReader;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever goes wrong, and in whatever order, the invariants hold. 1,000 seeds in every build; more
 * with {@code -Dsimulation.seeds=100000}, others with {@code -Dsimulation.from=5000}, and one
 * again, with all that happened in it, with {@code -Dsimulation.seed=N}.
 */
class SimulationTest {

  private static final long SEEDS = 1_000;

  /** Without it, what the dispatchers have to say about their troubles fills the console. */
  private static final Logger LOG = Logger.getLogger("dev.notify");

  private static Level before = Level.WARNING;

  @BeforeAll
  static void silence() {
    before = LOG.getLevel();
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOG.setLevel(before);
  }

  @Test
  void everyInvariantHoldsUnderEverySeed() {
    Long one = Long.getLong("simulation.seed");
    long from = one != null ? one : Long.getLong("simulation.from", 1);
    long count = one != null ? 1 : Long.getLong("simulation.seeds", SEEDS);
    long began = System.nanoTime();
    Counts counts = new Counts();
    for (long seed = from; seed < from + count; seed++) {
      Simulation simulation = new Simulation(seed, Set.of());
      counts.add(simulation.run().counts());
      if (one != null) {
        simulation.history().forEach(System.out::println);
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    System.out.println("simulation: seeds " + count + " in " + took + ", " + counts);

    // Or the seeds would show nothing.
    assertThat(counts.calls).isPositive();
    assertThat(count < SEEDS || (counts.again > 0 && counts.taken > 0 && counts.crashes > 0))
        .as("every kind of trouble came about: %s", counts)
        .isTrue();
  }

  @Test
  void aSeedRepeatsItselfToTheLetter() {
    for (long seed = 1; seed <= 25; seed++) {
      Run first = new Simulation(seed, Set.of()).run();
      Run second = new Simulation(seed, Set.of()).run();
      assertThat(second.hash()).as("seed %d", seed).isEqualTo(first.hash());
      assertThat(second.turns()).as("seed %d", seed).isEqualTo(first.turns());
    }
  }

  /** What a virtual machine salts or numbers anew each time must not decide anything. */
  @Test
  void anotherVirtualMachineRepeatsItToo() throws Exception {
    java.lang.Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Simulation.class.getName(),
                "1",
                "25")
            .redirectError(Redirect.DISCARD)
            .start();
    List<String> there;
    try (BufferedReader lines = other.inputReader()) {
      there = lines.lines().toList();
    }

    assertThat(there)
        .isEqualTo(
            LongStream.rangeClosed(1, 25)
                .mapToObj(seed -> new Simulation(seed, Set.of()).run().hash())
                .map(String::valueOf)
                .toList());
  }

  @Test
  void seedsDiffer() {
    assertThat(
            LongStream.rangeClosed(1, 25)
                .map(seed -> new Simulation(seed, Set.of()).run().hash())
                .distinct())
        .hasSize(25);
  }

  /** The test of the test: a simulation that finds nothing says nothing. */
  @ParameterizedTest
  @EnumSource
  void everyPlantedBugIsFound(Bug bug) {
    Optional<AssertionError> found =
        LongStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> fault(seed, bug))
            .flatMap(Optional::stream)
            .findFirst();

    assertThat(found).isPresent();
    assertThat(found.get()).hasCauseInstanceOf(Violation.class);
  }

  private static Optional<AssertionError> fault(long seed, Bug bug) {
    try {
      Run ignored = new Simulation(seed, Set.of(bug)).run();
      return Optional.empty();
    } catch (AssertionError e) {
      return Optional.of(e);
    }
  }

  @Test
  void aFailureTellsWhatFailedAndHowToRepeatIt() {
    assertThatThrownBy(() -> new Simulation(1, Set.of(Bug.CALLS_NOT_LOGGED)).run())
        .hasMessageContaining("seed 1")
        .hasMessageContaining("-Dsimulation.seed=1")
        .hasMessageContaining("every call that was answered is written down")
        .hasMessageContaining("calls alpha for d");
  }
}
