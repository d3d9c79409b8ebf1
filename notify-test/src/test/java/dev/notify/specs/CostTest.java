package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.specs.Stage.hello;
import static dev.notify.specs.Stage.only;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.Analytics;
import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Cost;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Funnel;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.spi.Pricing;
import dev.notify.test.RecordingProvider;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** What sending costs: told by the application, counted for what a provider took. */
class CostTest {

  private static final Currency EUR = Currency.getInstance("EUR");
  private static final Currency USD = Currency.getInstance("USD");
  private static final FunnelQuery TODAY =
      FunnelQuery.between(
          Instant.parse(Stage.START), Instant.parse(Stage.START).plus(Duration.ofDays(1)));

  private final Stage stage = new Stage();
  private final RecordingProvider second = RecordingProvider.of(EMAIL, "second");
  private final Pricing prices =
      Pricing.perMessage(
              Map.of(stage.email.name(), Cost.of("0.0004", "EUR"), "second", Cost.of("2", "USD")))
          .or(
              (provider, message) ->
                  message.address().value().startsWith("+1")
                      ? Optional.of(Cost.of("0.008", "USD"))
                      : Optional.empty());

  private static Funnel.Row total(NotificationDispatcher dispatcher) {
    return dispatcher.analytics().funnel(TODAY).total();
  }

  @Test
  void providersAndCurrenciesAreAddedUpApart() {
    try (var dispatcher = stage.builder().prices(prices).build()) {
      for (int i = 0; i < 3; i++) {
        dispatcher.send(hello().channels(EMAIL, SMS).build());
      }
      SendReceipt last = dispatcher.send(hello().build());

      Funnel funnel = dispatcher.analytics().funnel(TODAY.by(Dimension.PROVIDER));

      assertThat(only(dispatcher, last).cost()).contains(Cost.of("0.0004", "EUR"));
      assertThat(funnel.rows())
          .extracting(Funnel.Row::cost)
          .containsExactlyInAnyOrder(
              Map.of(EUR, new BigDecimal("0.0016")), Map.of(USD, new BigDecimal("0.024")));
      assertThat(funnel.total().cost()).hasToString("{EUR=0.0016, USD=0.024}");
      assertThat(Analytics.csv(funnel).lines().findFirst().orElseThrow())
          .endsWith(",cost_eur,cost_usd");
      assertThat(Analytics.csv(funnel)).contains(",0.0016,0\r\n", ",0,0.024\r\n");
      Analytics.Report report =
          dispatcher.analytics().report(LocalDate.of(2026, 3, 2), ZoneOffset.UTC);
      assertThat(report.html()).contains("What it cost", "0.0016&nbsp;EUR");
      assertThat(report.csv()).contains("cost_eur,cost_usd");
    }
  }

  @Test
  void whoTookItIsPaidNotWhoWasAskedBefore() {
    stage.email.next(Outcome.retryable("down")).next(Outcome.retryable("down"));
    second.next(Outcome.retryable("down too"));
    try (var dispatcher = stage.builder().provider(second).prices(prices).build()) {
      SendReceipt receipt = dispatcher.send(hello().build());
      assertThat(only(dispatcher, receipt).cost()).isEmpty();
      assertThat(total(dispatcher).cost()).isEmpty();
      stage.pass(Duration.ofHours(2));

      assertThat(only(dispatcher, receipt).provider()).contains("second");
      assertThat(only(dispatcher, receipt).cost()).contains(Cost.of("2", "USD"));
      assertThat(total(dispatcher).cost()).isEqualTo(Map.of(USD, new BigDecimal("2.00")));
    }
  }

  @Test
  void whatNobodyTookCostsNothing() {
    stage.email.next(Outcome.rejected("spam")).next(Outcome.invalidAddress("gone"));
    try (var dispatcher = stage.builder().prices(prices).build()) {
      dispatcher.send(hello().build());
      dispatcher.send(hello().build());
      var off = dispatcher.schedule(hello().build(), stage.clock.instant().plusSeconds(600));
      dispatcher.cancel(off.id());

      assertThat(total(dispatcher).cost()).isEmpty();
      assertThat(Analytics.csv(dispatcher.analytics().funnel(TODAY))).doesNotContain("cost");
    }
  }

  @Test
  void whatWasInDoubtCostsSomethingOnceItIsKnownToBeTaken() {
    stage.email.next(Outcome.unknown("no answer")).lookingUp(any -> Optional.of(accepted()));
    try (var dispatcher = stage.builder().prices(prices).build()) {
      SendReceipt receipt = dispatcher.send(hello().build());
      assertThat(only(dispatcher, receipt).status()).isEqualTo(DeliveryStatus.UNCONFIRMED);
      assertThat(total(dispatcher).cost()).isEmpty();
      stage.pass(Duration.ofHours(1));

      assertThat(only(dispatcher, receipt).status()).isEqualTo(DeliveryStatus.SENT);
      assertThat(total(dispatcher).cost()).isEqualTo(Map.of(EUR, new BigDecimal("0.0004")));
    }
  }

  private static Outcome accepted() {
    return Outcome.accepted("found");
  }

  @Test
  void reportsThatAreRepeatedDoNotCountAgain() {
    try (var dispatcher = stage.builder().prices(prices).build()) {
      Delivery delivery = only(dispatcher, dispatcher.send(hello().build()));
      for (Type type : List.of(Type.DELIVERED, Type.DELIVERED, Type.OPENED, Type.BOUNCED)) {
        stage.pass(Duration.ofSeconds(1));
        dispatcher.track(
            new ProviderEvent(
                stage.email.name(),
                delivery.providerMessageId().orElseThrow(),
                type,
                stage.clock.instant(),
                ""));
      }

      assertThat(total(dispatcher).cost()).isEqualTo(Map.of(EUR, new BigDecimal("0.0004")));
    }
  }

  @Test
  void eachOfThoseWhoShareACallCosts() {
    Crowd crowd = new Crowd();
    List<SendReceipt> receipts = new ArrayList<>();
    crowd.answers =
        messages -> {
          List<Outcome> answers = new ArrayList<>(Crowd.accepted(messages));
          if (answers.size() == 3) {
            answers.set(1, Outcome.rejected("spam"));
          }
          return answers;
        };
    Pricing perTitle =
        (provider, message) -> Optional.of(Cost.of(message.content().title().orElseThrow(), "EUR"));
    try (var dispatcher =
        stage.bare().executor(Runnable::run).inFlight(1).provider(crowd).prices(perTitle).build()) {
      crowd.during.add(
          () -> {
            for (String price : List.of("10", "200", "3000")) {
              receipts.add(dispatcher.send(hello().title(price).build()));
            }
          });
      dispatcher.send(hello().title("1").build());

      assertThat(crowd.sizes()).containsExactly(1, 3);
      assertThat(receipts)
          .extracting(receipt -> only(dispatcher, receipt).cost().map(Cost::toString).orElse("-"))
          .containsExactly("10.00 EUR", "-", "3000.00 EUR");
      assertThat(total(dispatcher).cost()).isEqualTo(Map.of(EUR, new BigDecimal("3011.00")));
    }
  }

  @Test
  void pricesThatThrowCostNothingButALineThatTellsOfNobody() {
    List<Pricing> broken =
        List.of(
            (provider, message) -> {
              throw new IllegalStateException(message.address().value());
            },
            (provider, message) -> {
              throw new StackOverflowError();
            },
            (provider, message) -> Optional.of(Cost.of("-1", "EUR")),
            CostTest::nothing);
    for (Pricing one : broken) {
      List<String> lines = new ArrayList<>();
      try (Recording ignored = new Recording(lines);
          var dispatcher = stage.builder().prices(one).build()) {
        SendReceipt receipt = dispatcher.send(hello().build());

        assertThat(only(dispatcher, receipt).status()).isEqualTo(DeliveryStatus.SENT);
        assertThat(only(dispatcher, receipt).cost()).isEmpty();
        assertThat(total(dispatcher).cost()).isEmpty();
      }
      assertThat(lines).singleElement().asString().contains("without a cost");
      assertThat(lines.toString()).doesNotContain("jane", "Hello");
    }
    assertThat(stage.email.calls()).as("none is sent twice").isEqualTo(broken.size());
  }

  @SuppressWarnings("NullAway") // As an application would that is not checked for it.
  private static Optional<Cost> nothing(String provider, Object message) {
    return null;
  }

  /** The lines that are logged meanwhile, warnings and worse. */
  private static final class Recording extends Handler implements AutoCloseable {
    private final Logger logger = Logger.getLogger("dev.notify");
    private final List<String> lines;

    Recording(List<String> lines) {
      this.lines = lines;
      logger.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
      if (line.getLoggerName().endsWith("Costs")) {
        lines.add(new SimpleFormatter().format(line));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
      logger.removeHandler(this);
    }
  }

  @Test
  void pricesAreNeeded() {
    assertThatThrownBy(() -> stage.builder().prices(none()))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("prices");
  }

  @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
  private static Pricing none() {
    return null;
  }
}
