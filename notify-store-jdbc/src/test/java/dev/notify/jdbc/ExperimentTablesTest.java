package dev.notify.jdbc;

import static dev.notify.model.Channel.EMAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.model.Assignment;
import dev.notify.model.Channel;
import dev.notify.model.Conversion;
import dev.notify.model.Experiment;
import dev.notify.model.ExperimentRun;
import dev.notify.model.Notification;
import dev.notify.model.Recipient;
import dev.notify.model.Variant;
import dev.notify.spi.ExperimentStore;
import dev.notify.test.RecordingProvider;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Experiments of several processes on one database, and what stands in its tables. */
class ExperimentTablesTest {

  private static final Experiment WELCOME =
      Experiment.named("welcome")
          .variant(Variant.of("plain", 50))
          .variant(Variant.of("wave", 50))
          .holdout(0.25)
          .build();

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void aChangeIsKnownAtOnceWhereItWasMadeAndElsewhereWithinTenSeconds() throws Exception {
    DataSource source = Databases.H2.clean();
    try (JdbcStore mine = store(source);
        JdbcStore others = store(source)) {
      ExperimentStore here = mine.experiments().orElseThrow();
      ExperimentStore there = others.experiments().orElseThrow();
      assertThat(there.find("welcome")).isEmpty();
      ExperimentRun run = here.add(ExperimentRun.begin(WELCOME, mine.clock().get().instant()));
      assertThat(there.find("welcome")).as("a new one is never missed").contains(run);

      here.replace(run.without("wave", run.createdAt()));

      assertThat(here.find("welcome").orElseThrow().stopped()).containsExactly("wave");
      assertThat(there.find("welcome").orElseThrow().stopped()).isEmpty();
      nanos.addAndGet(Duration.ofSeconds(10).toNanos());
      assertThat(there.find("welcome").orElseThrow().stopped()).containsExactly("wave");
    }
  }

  @Test
  void theVariantSurvivesARestartAndStandsInAColumn() throws Exception {
    DataSource source = Databases.H2.clean();
    SendReceipt receipt;
    Assignment given;
    try (NotificationDispatcher first = dispatcher(source)) {
      first.experiments().create(WELCOME);
      receipt = first.send(welcome("jane").toBuilder().at(Instant.now().plusSeconds(900)).build());
      given = first.status(receipt.id()).orElseThrow().notification().assignment().orElseThrow();
      first.experiments().stopVariant("welcome", "wave");
    }
    try (NotificationDispatcher second = dispatcher(source)) {
      assertThat(second.status(receipt.id()).orElseThrow().notification().assignment())
          .contains(given);
      assertThat(second.experiments().find("welcome").orElseThrow().stopped())
          .containsExactly("wave");
    }
    assertThat(
            TableScan.count(
                source,
                "notify_message WHERE experiment = 'welcome' AND variant = '"
                    + given.variant()
                    + "'"))
        .isEqualTo(1);
  }

  @Test
  void nothingInTheTablesLeadsToAPersonWhoIsForgotten() throws Exception {
    DataSource source = Databases.H2.clean();
    try (NotificationDispatcher dispatcher = dispatcher(source)) {
      dispatcher.experiments().create(WELCOME);
      for (int i = 0; i < 40; i++) {
        dispatcher.send(welcome("user-" + i)).outcome().get(20, TimeUnit.SECONDS);
        dispatcher.converted("user-" + i, Conversion.of("clicked"));
      }
      Map<String, ExperimentStore.Count> before = counts(source);

      assertThat(dispatcher.forget("user-7").experiments()).isEqualTo(1);

      assertThat(counts(source)).isEqualTo(before);
      assertThat(before.keySet()).contains("plain", "wave", Assignment.HOLDOUT);
      String hash = new String(PersonKeys.hash("user-7"), StandardCharsets.ISO_8859_1);
      assertThat(TableScan.everything(source)).doesNotContain(hash).doesNotContain("user-7\n");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoWasCountedIsDeletedLongAfterTheLastOneCame(Databases database) throws Exception {
    DataSource source = database.clean();
    try (NotificationDispatcher dispatcher = dispatcher(source)) {
      dispatcher.experiments().create(WELCOME);
      dispatcher.experiments().create(again("later"));
      for (String name : new String[] {"welcome", "later"}) {
        for (int i = 0; i < 3; i++) {
          Notification one = welcome("user-" + i).toBuilder().experiment(name).build();
          dispatcher.send(one).outcome().get(20, TimeUnit.SECONDS);
          dispatcher.converted("user-" + i, Conversion.of("clicked"));
        }
      }
      dispatcher.experiments().conclude("welcome", "wave");
    }
    age(source, "experiment = 'welcome'");
    age(
        source,
        "key_hash IN (SELECT key_hash FROM (SELECT key_hash FROM notify_exposure"
            + " WHERE experiment = 'later' ORDER BY key_hash LIMIT 1) one)");

    try (JdbcStore store = JdbcStore.of(source)) {
      store.prune();

      assertThat(TableScan.count(source, "notify_exposure WHERE experiment = 'welcome'")).isZero();
      assertThat(TableScan.count(source, "notify_conversion WHERE experiment = 'welcome'"))
          .isZero();
      assertThat(TableScan.count(source, "notify_exposure WHERE experiment = 'later'"))
          .as("as long as people come, all are kept")
          .isEqualTo(3);
      assertThat(TableScan.count(source, "notify_conversion WHERE experiment = 'later'"))
          .isEqualTo(3);
      ExperimentStore kept = store.experiments().orElseThrow();
      assertThat(kept.find("welcome").orElseThrow().winner()).contains("wave");
    }
  }

  private static Experiment again(String name) {
    return Experiment.named(name)
        .variant(Variant.of("plain", 50))
        .variant(Variant.of("wave", 50))
        .build();
  }

  private static void age(DataSource source, String which) throws Exception {
    TableScan.execute(
        source, "UPDATE notify_exposure SET at = '2020-01-01 00:00:00' WHERE " + which);
  }

  private static Map<String, ExperimentStore.Count> counts(DataSource source) {
    try (JdbcStore store = JdbcStore.of(source)) {
      return store.experiments().orElseThrow().counts("welcome", "clicked");
    }
  }

  private JdbcStore store(DataSource source) {
    return JdbcStore.builder(source).ticker(nanos::get).build();
  }

  private static NotificationDispatcher dispatcher(DataSource source) {
    return NotificationDispatcher.builder()
        .store(JdbcStore.of(source))
        .provider(RecordingProvider.of(Channel.EMAIL))
        .recipients(id -> Optional.of(Recipient.builder(id).email(id + "@example.com").build()))
        .build();
  }

  private static Notification welcome(String person) {
    return Notification.to(person)
        .title("Welcome")
        .body("Hello")
        .channels(EMAIL)
        .experiment("welcome")
        .build();
  }
}
