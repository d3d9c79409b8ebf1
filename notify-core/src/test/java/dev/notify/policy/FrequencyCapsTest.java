package dev.notify.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.memory.TokenBuckets;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Decision;
import dev.notify.model.Rate;
import dev.notify.model.Reason;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many deliveries there may be in a time, and what becomes of the rest. */
class FrequencyCapsTest {

  private static final Rate TWO_A_DAY = Rate.perDay(2);
  private static final Rate ONE_A_DAY = Rate.perDay(1);

  private Instant now = Ask.NOON;
  private final TokenBuckets buckets = new TokenBuckets(() -> now);

  @Test
  void eachPersonHasACountOfTheirOwn() {
    FrequencyCaps caps = caps(FrequencyCap.perRecipient(ONE_A_DAY));

    assertThat(isAllowed(caps, ask("jane"))).isTrue();
    assertThat(isAllowed(caps, ask("jane"))).isFalse();
    assertThat(isAllowed(caps, ask("joe"))).isTrue();
  }

  @Test
  void allPeopleShareAnOverallCount() {
    FrequencyCaps caps = caps(FrequencyCap.overall(TWO_A_DAY));

    assertThat(isAllowed(caps, ask("jane"))).isTrue();
    assertThat(isAllowed(caps, ask("joe"))).isTrue();
    assertThat(isAllowed(caps, ask("jim"))).isFalse();
  }

  @Test
  void aCapOfOneChannelLeavesTheOthersAlone() {
    FrequencyCaps caps = caps(FrequencyCap.perRecipient(ONE_A_DAY).onChannel(Channel.SMS));

    assertThat(isAllowed(caps, ask("jane").on(Channel.SMS))).isTrue();
    assertThat(isAllowed(caps, ask("jane").on(Channel.SMS))).isFalse();
    assertThat(isAllowed(caps, ask("jane").on(Channel.EMAIL))).isTrue();
    assertThat(isAllowed(caps, ask("joe").on(Channel.SMS))).isTrue();
  }

  @Test
  void aCapOfOneCategoryLeavesTheOthersAlone() {
    FrequencyCaps caps = caps(FrequencyCap.perRecipient(ONE_A_DAY).ofCategory("news"));

    assertThat(isAllowed(caps, ask("jane").about(Category.optional("news")))).isTrue();
    assertThat(isAllowed(caps, ask("jane").about(Category.optional("news")))).isFalse();
    assertThat(isAllowed(caps, ask("jane").about(Category.optional("orders")))).isTrue();
  }

  @Test
  void theSurplusWaitsUntilThereIsRoomOrIsDroppedAndEitherSaysWhy() {
    FrequencyCap cap = FrequencyCap.perRecipient(ONE_A_DAY);
    FrequencyCaps deferring = caps(cap);
    FrequencyCaps dropping = caps(cap.onChannel(Channel.EMAIL).dropping());
    deferring.decide(ask("jane").mayGo());
    dropping.decide(ask("jane").mayGo());

    now = Ask.NOON.plus(Duration.ofHours(6));
    Decision deferred = deferring.decide(ask("jane").at(now).mayGo());
    Decision dropped = dropping.decide(ask("jane").at(now).mayGo());

    assertThat(deferred)
        .isEqualTo(
            Decision.defer(
                Ask.NOON.plus(Duration.ofDays(1)),
                new Reason(Reason.FREQUENCY_CAP, "1 per PT24H to one person")));
    assertThat(dropped)
        .isEqualTo(
            Decision.suppress(
                new Reason(Reason.FREQUENCY_CAP, "1 per PT24H to one person by email")));
  }

  @Test
  void whatWaitedIsLetThroughAtTheMomentItWasPutOffTo() {
    FrequencyCaps caps = caps(FrequencyCap.perRecipient(ONE_A_DAY));
    caps.decide(ask("jane").mayGo());
    Decision.Defer defer = (Decision.Defer) caps.decide(ask("jane").mayGo());

    now = defer.until().minusNanos(1);
    assertThat(isAllowed(caps, ask("jane").at(now))).isFalse();
    now = defer.until();
    assertThat(isAllowed(caps, ask("jane").at(now))).isTrue();
  }

  @Test
  void aDeliveryIsCountedByEveryCapItFallsUnderOrByNone() {
    FrequencyCap wide = FrequencyCap.perRecipient(TWO_A_DAY);
    FrequencyCap narrow = FrequencyCap.perRecipient(ONE_A_DAY).ofCategory("news");
    FrequencyCaps caps = caps(wide, narrow);
    Category news = Category.optional("news");
    caps.decide(ask("jane").about(news).mayGo());

    assertThat(isAllowed(caps, ask("jane").about(news))).isFalse();
    assertThat(isAllowed(caps, ask("jane").about(news))).isFalse();

    assertThat(isAllowed(caps, ask("jane").about(Category.optional("orders")))).isTrue();
    assertThat(isAllowed(caps, ask("jane").about(Category.optional("orders")))).isFalse();
  }

  @Test
  void anExplanationSaysWhatWouldBeAndCountsNothing() {
    FrequencyCaps caps = caps(FrequencyCap.perRecipient(ONE_A_DAY));

    assertThat(isAllowed(caps, ask("jane").when(Stage.EXPLANATION))).isTrue();
    assertThat(isAllowed(caps, ask("jane").when(Stage.EXPLANATION))).isTrue();
    assertThat(isAllowed(caps, ask("jane").when(Stage.DELIVERY))).isTrue();
    assertThat(isAllowed(caps, ask("jane").when(Stage.EXPLANATION))).isFalse();
  }

  @Test
  void whatWasCountedIsNotCountedAgainAndAlarmsAreNotHeld() {
    FrequencyCaps caps = caps(FrequencyCap.perRecipient(ONE_A_DAY));
    caps.decide(ask("jane").mayGo());

    assertThat(isAllowed(caps, ask("jane").alreadyCounted())).isTrue();
    assertThat(isAllowed(caps, ask("jane").urgently())).isTrue();
  }

  @Test
  void nobodysIdPassesForEveryoneOrForSomebodyElse() {
    FrequencyCaps everyone =
        caps(FrequencyCap.overall(TWO_A_DAY), FrequencyCap.perRecipient(TWO_A_DAY));
    FrequencyCaps categories =
        caps(
            FrequencyCap.perRecipient(ONE_A_DAY).ofCategory("a"),
            FrequencyCap.perRecipient(ONE_A_DAY).ofCategory("a/b"));

    assertThat(isAllowed(everyone, ask("*"))).isTrue();
    assertThat(isAllowed(everyone, ask("jane"))).isTrue();
    assertThat(isAllowed(categories, ask("b/jane").about(Category.optional("a")))).isTrue();
    assertThat(isAllowed(categories, ask("jane").about(Category.optional("a/b")))).isTrue();
  }

  @Test
  void theSameCapTwiceIsAMistake() {
    FrequencyCap cap = FrequencyCap.perRecipient(ONE_A_DAY).onChannel(Channel.SMS);

    assertThatThrownBy(() -> caps(cap, cap.dropping()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("1 per PT24H to one person by sms is given twice");
  }

  private FrequencyCaps caps(FrequencyCap... caps) {
    return new FrequencyCaps(List.of(caps), buckets);
  }

  private static Ask ask(String person) {
    return Ask.whether().to(person);
  }

  private static boolean isAllowed(FrequencyCaps caps, Ask ask) {
    return caps.decide(ask.mayGo()) == Decision.ALLOW;
  }
}
