package dev.notify.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Priority;
import org.junit.jupiter.api.Test;

/** Sixteen workers, of which each lane leaves one to every lane above it. */
class KeptWorkersTest {

  private final Lanes lanes = new Lanes(100, 16);
  private final Jobs jobs = new Jobs();

  private Job job(Priority priority) {
    return jobs.of(priority);
  }

  /** Brings so many, and answers how many of all that wait find a worker. */
  private int begun(int more, Priority priority) {
    for (int i = 0; i < more; i++) {
      lanes.addLast(job(priority));
    }
    int begun = 0;
    while (lanes.take() != null) {
      begun++;
    }
    return begun;
  }

  @Test
  void aLaneAloneUsesAllButThoseOfTheLanesAbove() {
    assertThat(begun(20, Priority.LOW)).isEqualTo(13);
    assertThat(begun(1, Priority.NORMAL)).isEqualTo(1);
    assertThat(begun(1, Priority.HIGH)).isEqualTo(1);
    assertThat(begun(20, Priority.CRITICAL)).isEqualTo(1);
  }

  @Test
  void lanesBelowDoNotTakeWhatTheLaneBetweenLeft() {
    assertThat(begun(20, Priority.NORMAL)).isEqualTo(14);

    assertThat(begun(5, Priority.LOW)).as("two workers are free, for those above").isZero();

    assertThat(begun(5, Priority.HIGH)).isEqualTo(1);
    assertThat(begun(5, Priority.CRITICAL)).isEqualTo(1);
  }

  @Test
  void whatEndsBelowFreesAWorkerForTheLaneAbove() {
    assertThat(begun(13, Priority.LOW)).isEqualTo(13);
    assertThat(begun(2, Priority.NORMAL)).isEqualTo(1);

    lanes.finished(job(Priority.LOW));

    assertThat(begun(0, Priority.NORMAL)).isEqualTo(1);
  }
}
