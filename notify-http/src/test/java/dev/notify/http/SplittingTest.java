package dev.notify.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.Rejected;
import dev.notify.model.Outcome.Retryable;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.SampleMessages;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplittingTest {

  private final List<Integer> calls = new ArrayList<>();
  private Instant now = SampleMessages.CREATED_AT;
  private Duration callTakes = Duration.ofSeconds(1);

  private final Splitting splitting = Splitting.of(() -> now);

  private static List<OutboundMessage> messages(int count) {
    return IntStream.range(0, count)
        .mapToObj(
            i -> SampleMessages.to(Address.email("n" + i + "@example.org"), Content.ofBody("Hi")))
        .toList();
  }

  /** A vendor that refuses every call in which number five is. */
  private List<Outcome> call(List<OutboundMessage> messages) {
    calls.add(messages.size());
    now = now.plus(callTakes);
    boolean refused =
        messages.stream().anyMatch(message -> message.address().value().startsWith("n5@"));
    if (!refused) {
      return messages.stream().map(message -> Outcome.accepted("id")).toList();
    }
    return messages.size() == 1
        ? List.of(Outcome.rejected("spam"))
        : splitting.halves(messages, this::call);
  }

  @Test
  void theOneThatIsRefusedIsFoundInFewCallsAndAllOthersAreSent() {
    List<Outcome> outcomes = call(messages(50));

    assertThat(outcomes).hasSize(50);
    assertThat(outcomes.get(5)).isInstanceOf(Rejected.class);
    assertThat(outcomes).filteredOn(Accepted.class::isInstance).hasSize(49);
    assertThat(calls).hasSizeLessThanOrEqualTo(13);
  }

  @Test
  void whoIsNotReachedInTimeWasSurelyNotSentAndMayBeTriedAgain() {
    callTakes = Duration.ofSeconds(15);

    List<Outcome> outcomes = call(messages(8));

    assertThat(calls).containsExactly(8, 4);
    assertThat(outcomes.subList(0, 4)).hasOnlyElementsOfType(Accepted.class);
    assertThat(outcomes.subList(4, 8)).hasOnlyElementsOfType(Retryable.class);
  }
}
