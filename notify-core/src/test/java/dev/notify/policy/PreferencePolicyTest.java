package dev.notify.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Decision;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a person has chosen, and what each kind of category makes of it. */
class PreferencePolicyTest {

  private static final Choice YES = new Choice(true, Ask.NOON, "settings page");
  private static final Choice NO = new Choice(false, Ask.NOON, "unsubscribe link");
  private static final List<Optional<Choice>> ANY =
      List.of(Optional.empty(), Optional.of(YES), Optional.of(NO));
  private static final String CATEGORY = "news";

  private final PreferencePolicy policy = new PreferencePolicy();

  /** What was chosen at each of the six places that matter for two channels. */
  private record Chosen(
      Optional<Choice> emailNews,
      Optional<Choice> smsNews,
      Optional<Choice> news,
      Optional<Choice> email,
      Optional<Choice> sms,
      Optional<Choice> everything) {

    Preferences preferences() {
      Preferences.Builder builder = Preferences.builder();
      emailNews.ifPresent(choice -> builder.category(CATEGORY, Channel.EMAIL, choice));
      smsNews.ifPresent(choice -> builder.category(CATEGORY, Channel.SMS, choice));
      news.ifPresent(choice -> builder.category(CATEGORY, choice));
      email.ifPresent(choice -> builder.channel(Channel.EMAIL, choice));
      sms.ifPresent(choice -> builder.channel(Channel.SMS, choice));
      everything.ifPresent(builder::everything);
      // Noise: none of these may count.
      builder.category("other", NO).category("other", Channel.EMAIL, YES);
      return builder.channel(Channel.PUSH, NO).build();
    }

    /** The rule of precedence as a sentence of the requirement, read from its end. */
    Optional<Boolean> wish(Channel channel) {
      Boolean wish = null;
      wish = everything.map(Choice::wanted).orElse(wish);
      wish = (channel.equals(Channel.EMAIL) ? email : sms).map(Choice::wanted).orElse(wish);
      wish = news.map(Choice::wanted).orElse(wish);
      wish = (channel.equals(Channel.EMAIL) ? emailNews : smsNews).map(Choice::wanted).orElse(wish);
      return Optional.ofNullable(wish);
    }

    boolean saysAnythingOfTheCategory(Channel channel) {
      return news.isPresent() || (channel.equals(Channel.EMAIL) ? emailNews : smsNews).isPresent();
    }

    Optional<String> refusal(Category.Kind kind, Channel channel, List<Channel> reachable) {
      boolean optedOut = wish(channel).equals(Optional.of(false));
      return switch (kind) {
        case OPTIONAL -> optedOut ? Optional.of(Reason.OPTED_OUT) : Optional.empty();
        case MARKETING ->
            optedOut
                ? Optional.of(Reason.OPTED_OUT)
                : saysAnythingOfTheCategory(channel)
                    ? Optional.empty()
                    : Optional.of(Reason.NO_CONSENT);
        case TRANSACTIONAL -> {
          long left = reachable.stream().filter(c -> !wish(c).equals(Optional.of(false))).count();
          boolean lastWay = left == 0 && reachable.indexOf(channel) == 0;
          yield optedOut && !lastWay ? Optional.of(Reason.OPTED_OUT) : Optional.empty();
        }
      };
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyCombinationOfChoicesIsDecidedAsTheRulesSay(Category.Kind kind) {
    List<List<Channel>> waysToReach =
        List.of(
            List.of(Channel.EMAIL),
            List.of(Channel.SMS),
            List.of(Channel.EMAIL, Channel.SMS),
            List.of(Channel.SMS, Channel.EMAIL));

    everythingThatCanBeChosen()
        .forEach(
            chosen -> {
              Preferences preferences = chosen.preferences();
              for (List<Channel> reachable : waysToReach) {
                for (Channel channel : reachable) {
                  Decision decision =
                      policy.decide(
                          Ask.whether()
                              .about(new Category(CATEGORY, kind, false, false))
                              .on(Address.of(channel, "somewhere"))
                              .reachableBy(reachable)
                              .with(preferences)
                              .mayGo());

                  if (!code(decision).equals(chosen.refusal(kind, channel, reachable))) {
                    assertThat(decision)
                        .as(chosen + " on " + channel + " of " + reachable)
                        .hasToString(chosen.refusal(kind, channel, reachable).orElse("allow"));
                  }
                }
              }
            });
  }

  @ParameterizedTest
  @EnumSource
  void someChannelIsAlwaysLeftForATransactionalMessage(Category.Kind kind) {
    List<Channel> reachable = List.of(Channel.EMAIL, Channel.SMS);

    Stream<Chosen> silenced =
        everythingThatCanBeChosen()
            .filter(
                chosen ->
                    reachable.stream()
                        .allMatch(
                            channel ->
                                policy.decide(
                                        Ask.whether()
                                            .about(new Category(CATEGORY, kind, false, false))
                                            .on(Address.of(channel, "somewhere"))
                                            .reachableBy(reachable)
                                            .with(chosen.preferences())
                                            .mayGo())
                                    instanceof Decision.Suppress));

    assertThat(silenced.findAny().isEmpty()).isEqualTo(kind == Category.Kind.TRANSACTIONAL);
  }

  @Test
  void consentKeepsItsTimeAndItsSource() {
    Instant then = Instant.parse("2025-01-31T09:00:00Z");
    Preferences preferences =
        Preferences.builder().category(CATEGORY, new Choice(true, then, "checkout form")).build();

    Preferences.Match match =
        preferences.toBuilder()
            .channel(Channel.SMS, NO)
            .build()
            .choiceFor(Channel.SMS, CATEGORY)
            .orElseThrow();

    assertThat(match.choice()).isEqualTo(new Choice(true, then, "checkout form"));
    assertThat(match.scope()).hasToString("every channel, " + CATEGORY);
  }

  @Test
  void aPauseHoldsUntilItsEndAndLetsAlarmsThrough() {
    Preferences paused = Preferences.builder().pausedUntil(Ask.NOON.plusSeconds(60)).build();

    assertThat(policy.decide(Ask.whether().with(paused).mayGo()))
        .isEqualTo(
            Decision.defer(
                Ask.NOON.plusSeconds(60), new Reason(Reason.PAUSED, "all notifications paused")));
    assertThat(policy.decide(Ask.whether().with(paused).urgently().mayGo()))
        .isEqualTo(Decision.ALLOW);
    assertThat(policy.decide(Ask.whether().with(paused).at(Ask.NOON.plusSeconds(60)).mayGo()))
        .isEqualTo(Decision.ALLOW);
  }

  @Test
  void anOptOutSaysWhatTheyOptedOutOf() {
    Preferences preferences = Preferences.builder().category(CATEGORY, Channel.EMAIL, NO).build();

    Decision decision = policy.decide(Ask.whether().with(preferences).mayGo());

    assertThat(decision)
        .isEqualTo(Decision.suppress(new Reason(Reason.OPTED_OUT, "of email, " + CATEGORY)));
  }

  /** Three answers at six places. */
  private static Stream<Chosen> everythingThatCanBeChosen() {
    return IntStream.range(0, 729)
        .mapToObj(
            n ->
                new Chosen(
                    ANY.get(n % 3),
                    ANY.get(n / 3 % 3),
                    ANY.get(n / 9 % 3),
                    ANY.get(n / 27 % 3),
                    ANY.get(n / 81 % 3),
                    ANY.get(n / 243)));
  }

  private static Optional<String> code(Decision decision) {
    return decision instanceof Decision.Suppress suppress
        ? Optional.of(suppress.reason().code())
        : Optional.empty();
  }
}
