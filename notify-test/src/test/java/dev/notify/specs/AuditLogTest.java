package dev.notify.specs;

import static dev.notify.specs.Stage.hello;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.notify.AuditCheck.Fault;
import dev.notify.AuditLog;
import dev.notify.Erasure;
import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.memory.MemoryAudit;
import dev.notify.model.Address;
import dev.notify.model.AuditEntry;
import dev.notify.model.AuditEntry.Head;
import dev.notify.model.BroadcastId;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Experiment;
import dev.notify.model.Outcome;
import dev.notify.model.Recipient;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.RefusedException;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.model.Variant;
import dev.notify.routing.Audiences;
import dev.notify.spi.AuditStore;
import java.io.StringReader;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who changed what can be proven later, and names nobody who was forgotten. */
class AuditLogTest {

  private static final Instant NEXT_YEAR = Instant.parse("2027-01-01T00:00:00Z");

  private final Stage stage = new Stage();

  private static List<String> kinds(NotificationDispatcher dispatcher) {
    return dispatcher.audit().after(1, 100).stream().map(AuditEntry::kind).toList();
  }

  private static AuditEntry last(NotificationDispatcher dispatcher) {
    AuditLog log = dispatcher.audit();
    return log.after(log.head().sequence() - 1, 1).get(0);
  }

  private static void pause(NotificationDispatcher dispatcher, String person) {
    var unused =
        dispatcher
            .preferences()
            .update(person, chosen -> chosen.toBuilder().pausedUntil(NEXT_YEAR).build());
  }

  @Test
  void sendingLeavesNoLine() {
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());

      assertThat(dispatcher.audit().head()).isEqualTo(Head.NONE);
      assertThat(dispatcher.audit().verify().isIntact()).isTrue();
    }
  }

  @Test
  void choicesAreLoggedWithWhoMadeThemButNotWithWhoseTheyAre() {
    try (var dispatcher = stage.builder().build()) {
      pause(dispatcher, "jane");
      pause(dispatcher, "jane");

      assertThat(kinds(dispatcher)).containsExactly("preferences.changed");
      AuditEntry first = dispatcher.audit().after(1, 1).get(0);
      assertThat(first.actor()).isEqualTo("application");
      assertThat(first.details())
          .isEqualTo("{\"choices\":0,\"pausedUntil\":\"2027-01-01T00:00:00Z\"}");
      assertThat(first.subject()).contains(dispatcher.audit().person("jane"));
      assertThat(first.toJson()).doesNotContain("jane");
      assertThat(dispatcher.audit().about("jane", 0, 10)).contains(first);
      assertThat(dispatcher.audit().about("john", 0, 10)).isEmpty();
    }
  }

  @Test
  void unsubscribingIsLoggedAsThePersonsOwnDoing() {
    try (var dispatcher =
        stage
            .builder()
            .links(SignedLinks.below(URI.create("https://shop.example.com/n"), new byte[32]))
            .build()) {
      dispatcher.send(hello().category("news").build());
      URI link = stage.email.messages().get(0).content().email().unsubscribe().orElseThrow();

      dispatcher.links().handle("POST", link.toString(), Map.of());

      AuditEntry line = last(dispatcher);
      assertThat(line.kind()).isEqualTo("preferences.changed");
      assertThat(line.actor()).isEqualTo(AuditEntry.SELF);
      assertThat(line.source()).isEqualTo("unsubscribe link in an e-mail");
      assertThat(line.details()).isEqualTo("{\"choice news/email\":\"no\",\"choices\":1}");
    }
  }

  @Test
  void templatesAreLoggedWithVersionAndAuthor() {
    try (var dispatcher = stage.builder().build()) {
      Draft draft = Draft.of("welcome", "sms.text", "Hello");
      dispatcher.templates().save(draft, "ann");
      dispatcher.templates().save(draft, "ann");
      dispatcher.templates().activate("welcome", 2, "bob");
      dispatcher.templates().activate("welcome", 1, "bob");
      dispatcher.templates().archive("welcome", 1, "bob");

      assertThat(kinds(dispatcher))
          .containsExactly(
              "template.saved",
              "template.saved",
              "template.activated",
              "template.activated",
              "template.archived");
      assertThat(last(dispatcher).actor()).isEqualTo("bob");
      assertThat(last(dispatcher).subject()).contains("template:welcome");
      assertThat(last(dispatcher).details()).isEqualTo("{\"version\":1}");
    }
  }

  @Test
  void whatTheStaffDoesIsLoggedInItsName() throws Exception {
    try (var dispatcher = stage.builder().build()) {
      Address address = Address.email("jane@example.com");
      Instant now = Instant.parse(Stage.START);
      dispatcher
          .audit()
          .inNameOf(
              "ann",
              "admin page",
              () -> {
                dispatcher.suppressions().add(Suppression.of(address, Kind.MANUAL, "asked", now));
                return dispatcher.suppressions().remove(address);
              });
      dispatcher.importSuppressions(new StringReader("address\njohn@example.com\nnobody\n"));
      dispatcher.exportSuppressions(new StringWriter());

      List<AuditEntry> lines = dispatcher.audit().after(1, 10);
      assertThat(lines)
          .extracting(AuditEntry::kind, AuditEntry::actor)
          .containsExactly(
              tuple("suppression.set", "ann"),
              tuple("suppression.removed", "ann"),
              tuple("suppressions.import-begun", "application"),
              tuple("suppressions.imported", "application"),
              tuple("suppressions.exported", "application"));
      assertThat(lines.get(3).details()).isEqualTo("{\"added\":1,\"refused\":1,\"unchanged\":0}");
      assertThat(lines.toString()).doesNotContain("example.com");
    }
  }

  @Test
  void whoChangesAnExperimentIsLogged() {
    Experiment subject =
        Experiment.named("subject")
            .variant(Variant.of("a", 40))
            .variant(Variant.of("b", 30))
            .variant(Variant.of("c", 30))
            .goal("opened")
            .build();
    try (var dispatcher = stage.builder().build()) {
      var experiments = dispatcher.experiments();
      experiments.create(subject);
      experiments.create(subject);
      var reweighed =
          dispatcher
              .audit()
              .inNameOf(
                  "ann",
                  "a page",
                  () -> experiments.reweigh("subject", Map.of("a", 50.0, "b", 50.0)));
      experiments.stopVariant("subject", "c");
      experiments.conclude("subject", "a");

      assertThat(reweighed.allocation()).containsEntry("a", 0.5);
      assertThat(kinds(dispatcher))
          .containsExactly(
              "experiment.created",
              "experiment.reweighed",
              "experiment.variant-stopped",
              "experiment.concluded");
      assertThat(dispatcher.audit().after(2, 1).get(0).actor()).isEqualTo("ann");
    }
  }

  @Test
  void broadcastsAndSchedulesAreLogged() {
    try (var dispatcher =
        stage
            .builder()
            .recipients(id -> Optional.of(Recipient.builder(id).email(id + "@example.com").build()))
            .build()) {
      List<String> many = IntStream.range(0, 30).mapToObj(i -> "p" + i).toList();
      BroadcastOptions canary =
          BroadcastOptions.builder().canary(10, Duration.ofMinutes(5)).pageSize(10).build();
      BroadcastId id =
          dispatcher.broadcast(Audiences.of("all", many), hello().build(), canary).id();
      dispatcher.broadcasts().pause(id);
      dispatcher.broadcasts().pause(id);
      dispatcher.broadcasts().resume(id);
      dispatcher.broadcasts().cancel(id);
      dispatcher
          .schedules()
          .create(RecurringSchedule.of("weekly-jane", "0 8 * * MON", hello().build()).build());
      dispatcher.schedules().change("weekly-jane", one -> one.toBuilder().cron("@daily").build());
      dispatcher.schedules().pause("weekly-jane");
      dispatcher.schedules().resume("weekly-jane");
      dispatcher.schedules().cancel("weekly-jane");
      dispatcher.schedules().cancel("weekly-jane");

      assertThat(kinds(dispatcher))
          .containsExactly(
              "broadcast.begun",
              "broadcast.paused",
              "broadcast.resumed",
              "broadcast.cancelled",
              "schedule.created",
              "schedule.changed",
              "schedule.paused",
              "schedule.resumed",
              "schedule.cancelled");
      assertThat(dispatcher.audit().after(0, 100).toString()).doesNotContain("jane");
    }
  }

  @Test
  void deadLettersThatAreReplayedAreLogged() {
    stage.email.next(Outcome.rejected("no"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      var dead = dispatcher.deadLetters(1).get(0);

      dispatcher.replay(dead.id());

      assertThat(last(dispatcher).kind()).isEqualTo("deadletter.replayed");
      assertThat(last(dispatcher).subject()).contains("delivery:" + dead.id());
    }
  }

  @Test
  void anErasureIsProvenByALineThatNamesNobody() {
    try (var dispatcher = stage.builder().build()) {
      pause(dispatcher, "jane");
      dispatcher.send(hello().build());

      Erasure erasure = dispatcher.forget("jane");

      assertThat(erasure.proof()).isEqualTo(last(dispatcher));
      assertThat(erasure.proof().kind()).isEqualTo("person.erased");
      assertThat(erasure.proof().details())
          .contains("\"removed.notifications\":1", "\"removed.choices\":1")
          .contains("\"left.notifications\":0", "\"left.choices\":0", "\"left.recipient\":0")
          .contains("\"left.experiments\":0");
      assertThat(dispatcher.audit().about("jane", 0, 10))
          .extracting(AuditEntry::kind)
          .containsExactly("preferences.changed", "person.erasure-begun", "person.erased");
      assertThat(dispatcher.audit().after(0, 10).toString()).doesNotContain("jane");
      assertThat(dispatcher.audit().verify().isIntact()).isTrue();
    }
  }

  @Test
  void whatIsExportedCanBeVerifiedByAnyone() throws Exception {
    StringWriter out = new StringWriter();
    try (var dispatcher = stage.builder().build()) {
      dispatcher.templates().save(Draft.of("welcome", "sms.text", "Hi"), "J\u00fcrgen \"J\"");
      pause(dispatcher, "jane");
      dispatcher.audit().export(out);
    }

    String previous = "0".repeat(64);
    for (String line : out.toString().lines().toList()) {
      int hash = line.lastIndexOf(",\"hash\":\"");
      String canonical = line.substring(0, hash) + "}";
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(canonical.getBytes(StandardCharsets.US_ASCII));
      assertThat(canonical).contains("\"previous\":\"" + previous + "\"");
      previous = HexFormat.of().formatHex(digest);
      assertThat(line).endsWith(",\"hash\":\"" + previous + "\"}");
    }
    assertThat(out.toString().lines()).hasSize(3);
  }

  /** A store that loses what it is told to. */
  private static final class Lossy implements AuditStore {
    @Override
    public Optional<AuditEntry> append(Function<Head, Optional<AuditEntry>> next) {
      return Optional.empty();
    }

    @Override
    public Head head() {
      return new Head(3, "f".repeat(64));
    }

    @Override
    public List<AuditEntry> after(long sequence, int limit) {
      return List.of();
    }

    @Override
    public List<AuditEntry> about(String subject, long sequence, int limit) {
      return List.of();
    }
  }

  @Test
  void whoeverCannotWriteALineIsTold() {
    try (var dispatcher = stage.builder().auditStore(new Lossy()).build()) {
      assertThatThrownBy(() -> pause(dispatcher, "jane")).isInstanceOf(RefusedException.class);
      assertThat(dispatcher.audit().verify().fault())
          .contains(new Fault(1, "is missing: the end was cut off"));
    }
  }

  @Test
  void anAddressThatAProviderRefusesIsLoggedAsItsDoing() {
    stage.email.next(Outcome.invalidAddress("unknown user"));
    try (var dispatcher = stage.builder().build()) {
      dispatcher.send(hello().build());
      List<AuditEntry> lines = dispatcher.audit().after(1, 10);
      assertThat(lines)
          .extracting(AuditEntry::kind, AuditEntry::actor, AuditEntry::source)
          .containsExactly(tuple("suppression.set", stage.email.name(), "told by the provider"));
      assertThat(lines.get(0).details()).contains("DEAD_ADDRESS");
      assertThat(lines.toString()).doesNotContain("example.com");
    }
  }

  /** Keeps little, and drops a lot just when it is read. */
  private static final class Forgetful implements AuditStore {
    private final ArrayList<AuditEntry> lines = new ArrayList<>();
    private boolean isDropping;

    @Override
    public Optional<AuditEntry> append(Function<Head, Optional<AuditEntry>> next) {
      Optional<AuditEntry> line = next.apply(head());
      line.ifPresent(lines::add);
      return line;
    }

    @Override
    public Head head() {
      return lines.isEmpty() ? Head.NONE : lines.get(lines.size() - 1).asHead();
    }

    @Override
    public List<AuditEntry> after(long sequence, int limit) {
      if (isDropping && sequence > 0) {
        lines.subList(0, 600).clear();
        isDropping = false;
      }
      return lines.stream().filter(line -> line.sequence() > sequence).limit(limit).toList();
    }

    @Override
    public List<AuditEntry> about(String subject, long sequence, int limit) {
      return List.of();
    }

    @Override
    public long firstKept() {
      return lines.isEmpty() ? 1 : lines.get(0).sequence();
    }
  }

  @Test
  void linesThatAreDroppedWhileTheLogIsReadAreNotMissed() {
    Forgetful store = new Forgetful();
    try (var dispatcher = stage.builder().auditStore(store).build()) {
      IntStream.range(0, 699).forEach(i -> pause(dispatcher, "person-" + i));
      store.isDropping = true;

      assertThat(dispatcher.audit().verify().fault()).isEmpty();
      assertThat(dispatcher.audit().verify().entries()).isEqualTo(100);
      store.lines.remove(50);
      assertThat(dispatcher.audit().verify().fault()).contains(new Fault(651, "is missing"));
    }
  }

  private static byte[] key(String letter) {
    return letter.repeat(32).getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void aKeyCanBeReplacedAndWhatTheEarlierOneHashedStillVerifies() {
    AuditStore store = new MemoryAudit();
    Instant change = Instant.parse(Stage.START).plusSeconds(60);
    try (var before = stage.builder().auditStore(store).auditKey(key("a")).build()) {
      pause(before, "jane");
    }
    try (var during = stage.builder().auditStore(store).auditKey(key("a")).build();
        var after =
            stage
                .builder()
                .auditStore(store)
                .auditKey(key("b"))
                .auditKeyBefore(key("a"), change)
                .build()) {
      pause(after, "jane");
      pause(during, "john");
      assertThat(after.audit().verify().isIntact()).as("while processes are replaced").isTrue();
      assertThat(after.audit().about("jane", 0, 10)).hasSize(2);
      assertThat(during.audit().verify().fault().map(Fault::sequence)).contains(3L);

      stage.clock.advance(Duration.ofSeconds(61));
      pause(after, "jim");
      assertThat(after.audit().verify().isIntact()).isTrue();
      pause(during, "jack");
      assertThat(after.audit().verify().fault().map(Fault::sequence))
          .as("written by whoever still has the earlier key")
          .contains(6L);
    }
    assertThatThrownBy(stage.builder().auditKeyBefore(key("a"), change)::build)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("auditKeyBefore: ");
  }

  @Test
  void aKeyThatIsTooShortIsRefused() {
    assertThatThrownBy(() -> stage.builder().auditKey(new byte[31]))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("auditKey: has 31 bytes");
  }

  @Test
  void withAKeyNobodyCanTellWhomALineIsAboutWithoutIt() {
    try (var one = stage.builder().auditKey(new byte[32]).build();
        var two =
            stage.builder().auditKey("x".repeat(32).getBytes(StandardCharsets.US_ASCII)).build()) {
      pause(one, "jane");
      pause(two, "jane");

      assertThat(one.audit().person("jane")).isNotEqualTo(two.audit().person("jane"));
      assertThat(one.audit().verify().isIntact()).isTrue();
    }
  }
}
