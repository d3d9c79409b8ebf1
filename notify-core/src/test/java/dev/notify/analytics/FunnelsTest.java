package dev.notify.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.notify.Chance;
import dev.notify.model.Assignment;
import dev.notify.model.Channel;
import dev.notify.model.Funnel;
import dev.notify.model.Funnel.Times;
import dev.notify.model.FunnelQuery;
import dev.notify.model.FunnelQuery.Dimension;
import dev.notify.model.FunnelQuery.Interval;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Labels;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import dev.notify.spi.RollupStore;
import dev.notify.spi.RollupStore.Amount;
import dev.notify.spi.RollupStore.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;

/** What is made of counts: rows, rates, percentiles, and a page that says so. */
class FunnelsTest {

  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final FunnelQuery DAY = FunnelQuery.between(START, START.plus(Duration.ofDays(1)));
  private static final Tuple MAIL = tuple(Channel.EMAIL, "news", Optional.of("welcome"), 10);
  private static final Tuple SMS = tuple(Channel.SMS, "orders", Optional.empty(), 0);

  private final List<Amount> amounts = new ArrayList<>();
  private final RollupStore store = (from, until, byTime) -> amounts;

  private static Tuple tuple(
      Channel channel, String category, Optional<String> template, int version) {
    return new Tuple(
        channel,
        new Labels(category, template, version, Optional.empty()),
        template.map(any -> new Assignment("first", "b")),
        Optional.of("p"));
  }

  private void add(Tuple tuple, Stage stage, long count) {
    add(tuple, stage.code(), count);
  }

  private void add(Tuple tuple, int measure, long count) {
    amounts.add(new Amount(START, tuple, measure, count));
  }

  @Test
  void ratesHaveTheirWholes() {
    add(MAIL, Stage.SENT, 80);
    add(MAIL, Stage.SUPPRESSED, 15);
    add(MAIL, Stage.OPEN, 5);
    add(MAIL, Stage.DELIVERED, 60);
    add(MAIL, Stage.OPENED, 20);
    add(SMS, Stage.SENT, 1);
    add(SMS, Stage.CLICKED, 2);

    Funnel funnel = Funnels.answer(DAY.by(Dimension.CHANNEL), store);

    Funnel.Row mail = funnel.rows().get(0);
    assertThat(mail.value(Dimension.CHANNEL)).isEqualTo("email");
    assertThat(mail.count(Stage.ACCEPTED)).isEqualTo(100);
    assertThat(mail.rate(Stage.SENT)).isEqualTo(0.8);
    assertThat(mail.rate(Stage.SUPPRESSED)).isEqualTo(0.15);
    assertThat(mail.rate(Stage.OPENED)).isEqualTo(0.25);
    assertThat(mail.rate(Stage.ACCEPTED)).isEqualTo(1);
    assertThat(funnel.rows().get(1).rate(Stage.CLICKED)).as("never above one").isEqualTo(1);
    assertThat(funnel.total().count(Stage.SENT)).isEqualTo(81);
    assertThat(funnel.total().rate(Stage.COMPLAINED)).isZero();
  }

  @Test
  void anyDimensionsTellRowsApartAndFiltersLeaveOthersOut() {
    add(MAIL, Stage.SENT, 3);
    add(SMS, Stage.SENT, 4);
    add(tuple(Channel.EMAIL, "news", Optional.of("welcome"), 9), Stage.SENT, 5);

    Funnel all = Funnels.answer(DAY.by(Dimension.values()), store);
    Funnel versions =
        Funnels.answer(DAY.by(Dimension.VERSION).only(Dimension.TEMPLATE, "welcome"), store);
    Funnel none = Funnels.answer(DAY.only(Dimension.EXPERIMENT, ""), store);

    assertThat(all.rows()).hasSize(3);
    assertThat(versions.rows())
        .extracting(row -> row.value(Dimension.VERSION))
        .containsExactly("9", "10");
    assertThat(versions.total().count(Stage.SENT)).isEqualTo(8);
    assertThat(none.total().count(Stage.SENT)).as("in no experiment").isEqualTo(4);
  }

  @Test
  void hoursAreMadeDaysIfDaysAreAskedFor() {
    for (int hour = 0; hour < 48; hour++) {
      Instant time = START.plus(Duration.ofHours(hour));
      amounts.add(new Amount(time, MAIL, Stage.SENT.code(), 1));
    }

    assertThat(Funnels.answer(DAY.every(Interval.HOUR), store).rows()).hasSize(48);
    assertThat(Funnels.answer(DAY.every(Interval.DAY), store).rows())
        .extracting(row -> row.count(Stage.SENT))
        .containsExactly(24L, 24L);
  }

  @Test
  void percentilesAreOffByAFifthAtMost() {
    Chance.forMany(
        50,
        random -> {
          amounts.clear();
          List<Long> millis = new ArrayList<>();
          for (int i = 0; i < 2_000; i++) {
            // From two milliseconds to hours, more of the short ones.
            long one = 2 + (long) Math.pow(10, random.nextDouble(7));
            millis.add(one);
            add(MAIL, RollupStore.TO_SENT + RollupStore.slot(Duration.ofMillis(one)), 1);
          }
          millis.sort(null);

          Times times = Funnels.answer(DAY, store).total().toSent();

          assertThat(times.count()).isEqualTo(2_000);
          assertClose(times.p50(), millis.get(999));
          assertClose(times.p90(), millis.get(1_799));
          assertClose(times.p99(), millis.get(1_979));
        });
  }

  private static void assertClose(Duration found, long millis) {
    assertThat(found.toNanos() / 1e6).isCloseTo(millis, within(0.21 * millis));
  }

  @Test
  void moneyIsAddedUpByCurrencyWithoutAnOverflow() {
    int euro = RollupStore.cost(Currency.getInstance("EUR"));
    int yen = RollupStore.cost(Currency.getInstance("JPY"));
    add(MAIL, euro, Long.MAX_VALUE);
    add(MAIL, euro, Long.MAX_VALUE);
    add(MAIL, yen, 5_000_000);
    add(SMS, yen, 500_000);
    add(SMS, RollupStore.COST, 7);

    Funnel funnel = Funnels.answer(DAY.by(Dimension.CHANNEL), store);

    assertThat(funnel.rows().get(0).cost()).hasToString("{EUR=18446744073709.551614, JPY=5}");
    assertThat(funnel.rows().get(1).cost()).hasToString("{JPY=0.5}");
    assertThat(funnel.total().cost()).hasToString("{EUR=18446744073709.551614, JPY=5.5}");
  }

  @Test
  void thePageAndTheCsvShowWhatItCost() {
    add(MAIL, Stage.SENT, 10);
    add(MAIL, RollupStore.cost(Currency.getInstance("EUR")), 1_500_000);
    add(SMS, Stage.SENT, 1);
    Funnel day = Funnels.answer(DAY, store);
    Funnel channels = Funnels.answer(DAY.by(Dimension.CHANNEL), store);

    Document page =
        Jsoup.parse(ReportPage.of("Day", day, List.of(channels), List.of(), ZoneOffset.UTC));

    assertThat(page.select("#cost tr").eachText()).containsExactly("EUR 1.50");
    assertThat(page.select("table").last().select("tr").eachText().get(0)).endsWith("cost");
    assertThat(page.select("table").last().select("tr").eachText().get(1)).endsWith("1.50 EUR");
    assertThat(FunnelCsv.of(channels).split("\r\n"))
        .satisfiesExactly(
            head -> assertThat(head).endsWith("to_delivered_p99_ms,cost_eur"),
            mail -> assertThat(mail).endsWith(",1.50"),
            sms -> assertThat(sms).endsWith(",0"));
  }

  @Test
  void anySlotEndsWhereTheNextOneBegins() {
    for (int slot = 0; slot < RollupStore.SLOTS - 1; slot++) {
      assertThat(RollupStore.slot(RollupStore.end(slot).minusNanos(1000))).isEqualTo(slot);
      assertThat(RollupStore.slot(RollupStore.end(slot).plusNanos(1000))).isEqualTo(slot + 1);
    }
    assertThat(RollupStore.slot(Duration.ofSeconds(Long.MAX_VALUE)))
        .as("a vendor may name any moment")
        .isEqualTo(RollupStore.SLOTS - 1);
    assertThat(RollupStore.slot(Duration.ofSeconds(-5))).as("clocks may differ").isZero();
    assertThat(RollupStore.slot(Duration.ofDays(999))).isEqualTo(RollupStore.SLOTS - 1);
  }

  @Test
  void aTimeThatRunsBackwardsIsRefused() {
    assertThatThrownBy(() -> FunnelQuery.between(START, START))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("from");
  }

  @Test
  void thePageShowsTheFiguresAndNothingInItRuns() {
    String evil = "<script>alert(1)</script>\"'&";
    Tuple bad = tuple(Channel.EMAIL, evil, Optional.empty(), 0);
    add(bad, Stage.SENT, 1_200);
    add(bad, Stage.OPENED, 300);
    add(bad, Stage.DEAD, 300);
    add(bad, RollupStore.TO_SENT + 10, 1_200);
    Funnel day = Funnels.answer(DAY, store);
    Funnel categories = Funnels.answer(DAY.by(Dimension.CATEGORY), store);
    var week = List.of(new ReportPage.Day(LocalDate.of(2026, 3, 2), day.total()));

    String html = ReportPage.of(evil, day, List.of(categories), week, ZoneOffset.UTC);

    Document page = Jsoup.parse(html);
    assertThat(page.title()).isEqualTo(evil);
    assertThat(page.select("script, link, img, iframe, object, [src], [onclick], [href]"))
        .isEmpty();
    assertThat(page.select("#funnel tr").eachText())
        .contains("accepted 1,500 100.0 %", "sent 1,200 80.0 %", "opened 300 25.0 %");
    assertThat(page.select("#funnel td[bgcolor]").eachAttr("width")).contains("300", "240", "60");
    assertThat(page.select("#else").text()).isEqualTo("dead 300 20.0 % of accepted");
    assertThat(page.select("#times tr")).hasSize(2);
    assertThat(page.select("svg rect").eachAttr("height")).containsExactly("140", "35");
    assertThat(page.select("table").last().text()).contains(evil, "1,200", "25.0 %");
  }

  @Test
  void anHourIsPartOfOneDayInAnyZone() {
    for (int hour = 0; hour < 24 * 12; hour++) {
      amounts.add(
          new Amount(START.minus(Duration.ofDays(8)).plus(Duration.ofHours(hour)), MAIL, 1, 1));
    }
    RollupStore hours =
        (from, until, byTime) ->
            amounts.stream()
                .filter(
                    one ->
                        !one.time().isBefore(Statistics.hourOf(from)) && one.time().isBefore(until))
                .toList();
    for (String zone : List.of("Asia/Kolkata", "Asia/Kathmandu", "Europe/Berlin", "UTC")) {
      Document page =
          Jsoup.parse(DayReport.of(LocalDate.of(2026, 3, 2), ZoneId.of(zone), hours).html());

      assertThat(page.select("#funnel tr").eachText()).as(zone).contains("accepted 24 100.0 %");
      assertThat(page.select("#week tr").eachText())
          .as(zone)
          .filteredOn(row -> row.startsWith("2026"))
          .hasSize(7)
          .allSatisfy(row -> assertThat(row).contains(" 24 "));
      assertThat(page.text().contains("begins")).as(zone).isEqualTo(zone.startsWith("Asia"));
    }
  }

  @Test
  void theCsvIsOfRfc4180AndNoFormula() {
    add(tuple(Channel.EMAIL, "=1+1", Optional.of("a,\"b\""), 3), Stage.SENT, 2);

    String[] lines =
        FunnelCsv.of(Funnels.answer(DAY.by(Dimension.CATEGORY, Dimension.TEMPLATE), store))
            .split("\r\n");

    assertThat(lines).hasSize(2);
    assertThat(lines[0]).startsWith("category,template,accepted,sent,delivered,opened");
    assertThat(lines[1]).startsWith("'=1+1,\"a,\"\"b\"\"\",2,2,0,");
  }
}
