package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CombinerTest {

  private final Queue<List<Integer>> batches = new ConcurrentLinkedQueue<>();
  private final Combiner<Integer, Integer> doubling =
      new Combiner<>(10, this::flush, fault -> false);

  private List<Integer> flush(List<Integer> items) {
    batches.add(items);
    if (items.contains(-1)) {
      throw new IllegalArgumentException("minus one");
    }
    if (items.contains(-2)) {
      throw new StackOverflowError();
    }
    return items.stream().map(item -> item * 2).toList();
  }

  @Test
  void whoComesAloneIsWrittenAlone() {
    assertThat(doubling.submit(4)).isEqualTo(8);
    assertThat(batches).containsExactly(List.of(4));
  }

  @Test
  void everyoneGetsTheirOwnAnswerAndNoBatchIsTooLarge() {
    List<CompletableFuture<Integer>> answers =
        IntStream.range(0, 500)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> doubling.submit(i)))
            .toList();

    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(i * 2);
    }
    assertThat(batches).allSatisfy(batch -> assertThat(batch).hasSizeBetween(1, 10));
  }

  @Test
  void oneThatCannotBeWrittenFailsAlone() {
    List<CompletableFuture<Integer>> answers =
        IntStream.range(-1, 200)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> doubling.submit(i)))
            .toList();

    assertThatThrownBy(() -> answers.get(0).orTimeout(20, TimeUnit.SECONDS).join())
        .hasRootCauseMessage("minus one");
    answers
        .subList(1, answers.size())
        .forEach(answer -> assertThat(answer.orTimeout(20, TimeUnit.SECONDS).join()).isNotNull());
  }

  @Test
  void afterAnErrorTheNextOnesAreWritten() {
    assertThatThrownBy(() -> doubling.submit(-2))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(StackOverflowError.class);

    CompletableFuture<Integer> next = CompletableFuture.supplyAsync(() -> doubling.submit(3));
    assertThat(next.orTimeout(20, TimeUnit.SECONDS).join()).isEqualTo(6);
  }
}
