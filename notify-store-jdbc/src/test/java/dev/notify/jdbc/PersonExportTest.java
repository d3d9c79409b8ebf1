package dev.notify.jdbc;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.PUSH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.Erasure;
import dev.notify.NotificationDispatcher;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Address;
import dev.notify.model.AuditEntry;
import dev.notify.model.Content;
import dev.notify.model.Conversion;
import dev.notify.model.Device;
import dev.notify.model.Experiment;
import dev.notify.model.InboxItem;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Priority;
import dev.notify.model.Recipient;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.model.Variant;
import dev.notify.spi.InboxStore;
import dev.notify.spi.NotificationStore;
import dev.notify.test.RecordingProvider;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A person gets all that is kept of them, and nothing of anybody else. */
class PersonExportTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");

  private InboxStore inboxes;
  private final RecordingProvider email = RecordingProvider.of(EMAIL);

  /** Opens a store with nothing in it. */
  private interface Kept {
    NotificationStore open() throws Exception;
  }

  static Stream<Named<Kept>> stores() {
    return Stream.concat(
        Stream.of(Named.of("memory", MemoryStore::create)),
        Stream.of(Databases.values())
            .map(database -> Named.of(database + ", encrypted", () -> encrypted(database))));
  }

  private static NotificationStore encrypted(Databases database) throws Exception {
    return JdbcStore.builder(database.clean())
        .encryption(SampleKeys.encryption("k1").withKeyPerPerson())
        .build();
  }

  private static Notification.Builder hello() {
    return Notification.to("jane").title("Hello").body("How are you?").channels(EMAIL);
  }

  private static void send(NotificationDispatcher dispatcher, Notification notification)
      throws Exception {
    var unused = dispatcher.send(notification).outcome().get(20, TimeUnit.SECONDS);
  }

  private NotificationDispatcher dispatcher(NotificationStore store) {
    inboxes = store.inboxes().orElseThrow();
    NotificationDispatcher dispatcher =
        NotificationDispatcher.builder()
            .store(store)
            .provider(email)
            .provider(RecordingProvider.of(PUSH))
            .build();
    for (String name : new String[] {"jane", "john"}) {
      dispatcher
          .recipients()
          .save(
              Recipient.builder(name).email(name + "@example.com").attribute("shoes", 43).build());
      var unused =
          dispatcher.recipients().register(name, Device.of(Address.fcm(name + "-phone"), NOW));
      dispatcher.recipients().follow(name, "sport", NOW);
    }
    return dispatcher;
  }

  private void addToInbox(String who) {
    var ignored =
        inboxes.add(
            List.of(
                new InboxItem(
                    UUID.randomUUID().toString(),
                    who,
                    Optional.empty(),
                    Content.ofBody("for " + who),
                    "news",
                    Priority.NORMAL,
                    Map.of(),
                    Instant.now(),
                    Instant.now().plusSeconds(3_600),
                    false,
                    false,
                    false,
                    0)));
  }

  private static JsonNode export(NotificationDispatcher dispatcher, String who) throws Exception {
    StringWriter out = new StringWriter();
    dispatcher.export(who, out);
    return new ObjectMapper().readTree(out.toString());
  }

  @ParameterizedTest
  @MethodSource("stores")
  void everythingOfThePersonIsInIt(Kept kept) throws Exception {
    try (var dispatcher = dispatcher(kept.open())) {
      var unused =
          dispatcher
              .preferences()
              .update(
                  "jane",
                  chosen ->
                      chosen.toBuilder()
                          .category("news", new Choice(false, NOW, "a \"form\""))
                          .build());
      dispatcher
          .experiments()
          .create(
              Experiment.named("greeting")
                  .variant(Variant.of("plain", 50))
                  .variant(Variant.of("warm", 50))
                  .build());
      send(dispatcher, hello().metadata("order", "1017").experiment("greeting").build());
      dispatcher.converted("jane", Conversion.of("purchase").worth(12.5));
      send(dispatcher, hello().build().forRecipient("john"));
      dispatcher
          .schedules()
          .create(RecurringSchedule.of("weekly", "0 8 * * MON", hello().build()).build());
      dispatcher
          .suppressions()
          .add(Suppression.of(Address.fcm("jane-phone"), Kind.MANUAL, "asked", NOW));

      addToInbox("jane");
      addToInbox("john");

      JsonNode file = export(dispatcher, "jane");

      assertThat(file.at("/inbox")).hasSize(1);
      assertThat(file.at("/inbox/0/content/body").asText()).isEqualTo("for jane");
      assertThat(file.at("/inbox/0/read").asBoolean(true)).isFalse();
      assertThat(file.at("/format").asText()).isEqualTo("notify-person-1");
      assertThat(file.at("/person/addresses/0/value").asText()).isEqualTo("jane@example.com");
      assertThat(file.at("/person/attributes/shoes").asInt()).isEqualTo(43);
      assertThat(file.at("/person/devices/0/address/value").asText()).isEqualTo("jane-phone");
      assertThat(file.at("/person/topics/sport").asText()).isEqualTo(NOW.toString());
      assertThat(file.at("/preferences/choices/0/source").asText()).isEqualTo("a \"form\"");
      assertThat(file.at("/preferenceHistory/0/after/choices/0/wanted").asBoolean(true)).isFalse();
      assertThat(file.at("/schedules/0/id").asText()).isEqualTo("weekly");
      assertThat(file.at("/suppressions/0/kind").asText()).isEqualTo("MANUAL");
      assertThat(file.at("/experiments")).hasSize(1);
      assertThat(file.at("/experiments/0/experiment").asText()).isEqualTo("greeting");
      assertThat(file.at("/experiments/0/variant").asText()).isIn("plain", "warm");
      assertThat(file.at("/experiments/0/reached/0/goal").asText()).isEqualTo("purchase");
      assertThat(file.at("/experiments/0/reached/0/amount").asDouble()).isEqualTo(12.5);
      JsonNode sent = file.at("/notifications");
      assertThat(sent).hasSize(1);
      assertThat(sent.at("/0/notification/content/body").asText()).isEqualTo("How are you?");
      assertThat(sent.at("/0/notification/metadata/order").asText()).isEqualTo("1017");
      assertThat(sent.at("/0/deliveries/0/status").asText()).isEqualTo("SENT");
      assertThat(sent.at("/0/deliveries/0/attempts/0/provider").asText()).isEqualTo(email.name());
      assertThat(file.toString()).doesNotContain("john");
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void ofSomebodyUnknownThereIsNothing(Kept kept) throws Exception {
    try (var dispatcher = dispatcher(kept.open())) {
      JsonNode file = export(dispatcher, "jim");

      assertThat(file.at("/person").isNull()).isTrue();
      assertThat(file.at("/notifications")).isEmpty();
      assertThatThrownBy(() -> dispatcher.export(" ", new StringWriter()))
          .isInstanceOf(InvalidNotificationException.class);
    }
  }

  @ParameterizedTest
  @MethodSource("stores")
  void afterAnErasureNothingIsLeftToExport(Kept kept) throws Exception {
    try (var dispatcher = dispatcher(kept.open())) {
      send(dispatcher, hello().build());
      addToInbox("jane");
      Erasure erasure = dispatcher.forget("jane");
      assertThat(erasure.inbox()).isEqualTo(1);
      assertThat(erasure.proof().details()).contains("\"left.inbox\":0", "\"removed.inbox\":1");

      JsonNode file = export(dispatcher, "jane");

      assertThat(file.at("/person").isNull()).isTrue();
      assertThat(file.at("/notifications")).isEmpty();
      assertThat(file.at("/inbox").isArray()).isTrue();
      assertThat(file.at("/inbox")).isEmpty();
      assertThat(file.at("/experiments").isArray()).isTrue();
      assertThat(file.at("/experiments")).isEmpty();
      assertThat(file.toString()).doesNotContain("jane@example.com");
      AuditEntry line = dispatcher.audit().about("jane", 0, 10).get(3);
      assertThat(line.kind()).isEqualTo("person.exported");
      assertThat(line.details()).contains("\"notifications\":0,\"schedules\":0,\"suppressions\":0");
    }
  }
}
