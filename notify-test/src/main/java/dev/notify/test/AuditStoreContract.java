package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.AuditEntry;
import dev.notify.model.AuditEntry.Head;
import dev.notify.spi.AuditStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link AuditStore} must do, as tests. A contributor extends this class once for each
 * kind of store and each database.
 *
 * @since 0.1
 */
public abstract class AuditStoreContract {

  private static final Instant NOON = Instant.parse("2026-03-02T12:00:00.123456789Z");

  private AuditStore log;

  /** An empty store. */
  protected abstract AuditStore create() throws Exception;

  @BeforeEach
  void open() throws Exception {
    log = create();
  }

  private static AuditEntry line(Head head, String subject, String actor) {
    long next = head.sequence() + 1;
    return new AuditEntry(
        next,
        NOON,
        actor,
        "a page",
        "thing.done",
        Optional.of(subject).filter(text -> !text.isEmpty()),
        AuditEntry.details(Map.of("count", 3, "what", "\u00fc\uD83D\uDE00 \"quoted\"\\")),
        head.hash(),
        "hash of " + next + " after " + head.sequence());
  }

  private AuditEntry add(String subject) {
    return log.append(head -> Optional.of(line(head, subject, "staff \u00fc\uD83D\uDE00")))
        .orElseThrow();
  }

  @Test
  public void anEmptyLogHasNoLines() {
    assertEquals(Head.NONE, log.head());
    assertEquals(List.of(), log.after(0, 10));
    assertEquals(List.of(), log.about("thing:1", 0, 10));
  }

  @Test
  public void aLineComesBackAsItWasWritten() {
    AuditEntry first = add("thing:1");
    AuditEntry second = add("");

    assertEquals(List.of(first, second), log.after(0, 10));
    assertEquals(first.canonical(), log.after(0, 1).get(0).canonical());
    assertEquals(second.asHead(), log.head());
    assertEquals(first.hash(), second.previous());
  }

  @Test
  public void linesAreReadInPagesAndBySubject() {
    IntStream.range(0, 7).forEach(i -> add("thing:" + i % 2));

    assertEquals(List.of(4L, 5L), numbers(log.after(3, 2)));
    assertEquals(List.of(2L, 4L), numbers(log.about("thing:1", 0, 2)));
    assertEquals(List.of(6L), numbers(log.about("thing:1", 4, 2)));
  }

  private static List<Long> numbers(List<AuditEntry> lines) {
    return lines.stream().map(AuditEntry::sequence).toList();
  }

  @Test
  public void nothingIsAddedIfThereIsNothingToAddOrMakingItFails() {
    assertTrue(log.append(head -> Optional.empty()).isEmpty());
    assertThrows(
        IllegalStateException.class,
        () ->
            log.append(
                head -> {
                  throw new IllegalStateException("no line");
                }));

    assertEquals(Head.NONE, log.head());
    assertEquals(1, add("thing:1").sequence());
  }

  @Test
  public void ofManyAtOneMomentEachFollowsAnother() {
    IntStream.range(0, 60).parallel().forEach(i -> add("thing:" + i));

    List<AuditEntry> lines = log.after(0, 100);
    assertEquals(LongStream.rangeClosed(1, 60).boxed().toList(), numbers(lines));
    for (int i = 1; i < lines.size(); i++) {
      assertEquals(lines.get(i - 1).hash(), lines.get(i).previous());
    }
    assertEquals(60, lines.stream().map(AuditEntry::subject).distinct().count());
    assertEquals(lines.get(59).asHead(), log.head());
  }
}
