package dev.notify.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final Duration LEASE = Duration.ofMillis(1_500);

  private static List<Fault> schedule(long seed) {
    return Schedule.of(seed, 20, 60, EnumSet.allOf(Kind.class), LEASE);
  }

  @Test
  void aSeedGivesTheSameFaultsOnAnyDay() {
    assertThat(schedule(7)).isEqualTo(schedule(7)).isNotEqualTo(schedule(8));
    assertThat(Schedule.of(1, 2, 1, EnumSet.allOf(Kind.class), LEASE))
        .as("what was printed once can be repeated for ever")
        .map(Fault::toString)
        .containsExactly(
            "   2.677 s  kill              w2     for 0.731 s",
            "   4.088 s  brownout          w1     for 1.332 s",
            "   7.673 s  kill              w1     for 1.372 s");
  }

  @Test
  void thereAreAsManyKillsAndOthersAsAskedFor() {
    List<Fault> faults = schedule(7);

    assertThat(faults).hasSize(80);
    assertThat(faults).filteredOn(fault -> fault.kind() == Kind.KILL).hasSize(20);
  }

  @Test
  void othersAreDrawnFromTheKindsAskedForAlone() {
    List<Fault> faults = Schedule.of(7, 0, 50, Set.of(Kind.LOCK, Kind.PAUSE), LEASE);

    assertThat(faults).extracting(Fault::kind).contains(Kind.LOCK, Kind.PAUSE);
    assertThat(faults)
        .extracting(Fault::kind)
        .doesNotContainAnyElementsOf(EnumSet.complementOf(EnumSet.of(Kind.LOCK, Kind.PAUSE)));
  }

  @Test
  void faultsOfOneTargetComeOneAfterTheOther() {
    for (int lane = 0; lane <= Schedule.WORKERS; lane++) {
      int own = lane;
      List<Fault> faults = schedule(7).stream().filter(fault -> fault.lane() == own).toList();

      assertThat(faults).hasSizeGreaterThan(5);
      assertThat(IntStream.range(1, faults.size()))
          .allMatch(
              i ->
                  faults
                          .get(i - 1)
                          .at()
                          .plus(faults.get(i - 1).length())
                          .compareTo(faults.get(i).at())
                      <= 0);
    }
  }

  @Test
  void somePausesAreShorterThanTheLeaseAndMostAreLonger() {
    List<Fault> pauses = Schedule.of(7, 0, 100, Set.of(Kind.PAUSE), LEASE);

    assertThat(pauses).filteredOn(pause -> pause.length().compareTo(LEASE) < 0).isNotEmpty();
    assertThat(pauses)
        .filteredOn(pause -> pause.length().compareTo(LEASE) > 0)
        .hasSizeGreaterThan(50);
  }
}
