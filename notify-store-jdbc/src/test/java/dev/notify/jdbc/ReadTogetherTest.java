package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ReadTogetherTest {

  private final Queue<Set<String>> strokes = new ConcurrentLinkedQueue<>();
  private final CountDownLatch answers = new CountDownLatch(1);
  private final ReadTogether<String, Integer> reader = new ReadTogether<>(this::one, this::several);

  private Integer one(String key) {
    strokes.add(Set.of(key));
    try {
      answers.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return key.length();
  }

  private Map<String, Integer> several(Set<String> keys) {
    strokes.add(Set.copyOf(keys));
    Map<String, Integer> found = new HashMap<>();
    keys.forEach(key -> found.put(key, key.length()));
    return found;
  }

  @Test
  void whatIsAskedWhileOneIsReadIsReadAtAStroke() throws Exception {
    Map<String, Integer> found = new ConcurrentHashMap<>();
    List<Thread> askers = new ArrayList<>();
    for (String key : List.of("a", "bb", "ccc", "dddd", "eeeee")) {
      Thread asker = new Thread(() -> found.put(key, reader.read(key)));
      asker.start();
      askers.add(asker);
      // The first reads, and the others are in the queue.
      await().atMost(Duration.ofSeconds(20)).until(() -> asker.getState() == Thread.State.WAITING);
    }

    answers.countDown();
    for (Thread asker : askers) {
      asker.join();
    }

    assertThat(strokes).containsExactly(Set.of("a"), Set.of("bb", "ccc", "dddd", "eeeee"));
    assertThat(found)
        .isEqualTo(found.keySet().stream().collect(Collectors.toMap(key -> key, String::length)))
        .hasSize(5);
  }
}
