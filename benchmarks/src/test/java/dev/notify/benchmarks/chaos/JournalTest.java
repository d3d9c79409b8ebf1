package dev.notify.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {

  @TempDir Path directory;

  @Test
  void whatIsWrittenIsRead() throws Exception {
    Path path = directory.resolve("w1.1.journal");
    long at;
    try (Journal journal = new Journal(path, RunClock.start())) {
      at = journal.write(What.INTENT, "send", "w1.1-7", "due", 12);
    }

    assertThat(Journal.read(path))
        .containsExactly(Entry.of(at, What.INTENT, "send", "w1.1-7", "due", 12));
  }

  @Test
  void anotherLifeOfTheFileGoesOnAtItsEnd() throws Exception {
    Path path = directory.resolve("run.journal");
    for (int i = 0; i < 2; i++) {
      try (Journal journal = new Journal(path, RunClock.start())) {
        journal.write(What.POOL_FREE);
      }
    }

    assertThat(Journal.read(path)).hasSize(2);
  }

  @Test
  void aLastLineThatAKillCutOffIsNone() throws Exception {
    Path path = directory.resolve("w1.1.journal");
    Files.writeString(path, "5 ANSWER call=1 answer=ACCEPTED\n9 ANSWER call=2 answer=ACC");

    assertThat(Journal.read(path)).extracting(Entry::at).containsExactly(5L);

    Files.writeString(path, "EPTED\n", StandardOpenOption.APPEND);
    assertThat(Journal.read(path)).extracting(Entry::at).containsExactly(5L, 9L);
  }

  @Test
  void aProcessThatWroteNothingHasAnEmptyJournal() throws Exception {
    Path path = Files.createFile(directory.resolve("w1.1.journal"));

    assertThat(Journal.read(path)).isEmpty();
  }

  @Test
  void aLineThatIsNotOursIsNotPassedOver() throws Exception {
    Path path = directory.resolve("w1.1.journal");
    Files.writeString(path, "something else\n");

    assertThatThrownBy(() -> Journal.read(path)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theClockOfARunIsTheSameInAllItsProcesses() {
    RunClock clock = RunClock.start();

    assertThat(RunClock.parse(clock.toString())).isEqualTo(clock);
    assertThat(clock.of(clock.instant(1_234))).isEqualTo(1_234);
  }
}
