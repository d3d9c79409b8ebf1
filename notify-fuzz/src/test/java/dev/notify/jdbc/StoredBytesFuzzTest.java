package dev.notify.jdbc;

import dev.notify.fuzz.Canary;
import dev.notify.fuzz.Chance;
import dev.notify.fuzz.Fuzz;
import dev.notify.fuzz.FuzzTargets;
import dev.notify.fuzz.Spoiled;
import dev.notify.fuzz.Trial;
import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Content;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Device;
import dev.notify.model.EmailOptions;
import dev.notify.model.Experiment;
import dev.notify.model.ExperimentRun;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotifyException;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Priority;
import dev.notify.model.QuietHours;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.RecipientEntry;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.StoredSchedule;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.StoredTemplate.Type;
import dev.notify.model.Suppression;
import dev.notify.model.Variant;
import dev.notify.spi.NotificationStore.Submission;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;

/** What stands in the database, if somebody or something has been at it. */
class StoredBytesFuzzTest extends FuzzTargets {

  private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

  /** What reads some bytes. */
  private interface Reader {
    Object read(byte[] bytes) throws Exception;
  }

  /** A codec: what it writes, and how it reads. */
  private record Codec(byte[] valid, Reader reader) {}

  private static final List<Codec> CODECS =
      List.of(
          new Codec(MessageCodec.write(submission()), MessageCodec::read),
          new Codec(MessageCodec.write(submission()), MessageCodec::targets),
          new Codec(MessageCodec.write(submission()), MessageCodec::deliveries),
          new Codec(MessageCodec.write(submission()), MessageCodec::decisions),
          new Codec(InboxCodec.write(content(), Map.of("order", Canary.WORD)), InboxCodec::read),
          new Codec(PeopleCodec.preferences(preferences()), PeopleCodec::preferences),
          new Codec(PeopleCodec.suppression(suppression()), PeopleCodec::suppression),
          new Codec(RecipientCodec.write(entry()), RecipientCodec::read),
          new Codec(
              BroadcastCodec.object(
                  out ->
                      BroadcastCodec.write(
                          out,
                          new BroadcastCodec.Pattern(notification(), BroadcastOptions.DEFAULT))),
              BroadcastCodec::pattern),
          new Codec(TemplateCodec.write(draft()), bytes -> TemplateCodec.read("t", bytes)),
          new Codec(ScheduleCodec.write(schedule()), bytes -> ScheduleCodec.read("s", bytes, 1)),
          new Codec(ExperimentCodec.write(experiment()), bytes -> ExperimentCodec.read(bytes, 1)));

  private static final byte[] ENVELOPE =
      Envelope.head(
          Envelope.Kind.values()[0],
          "k1".getBytes(StandardCharsets.UTF_8),
          List.of(new DeliveryId(new UUID(1, 2)), new DeliveryId(new UUID(3, 4))));

  private static Notification notification() {
    return Notification.to(entry().recipient())
        .content(content())
        .channels(Channel.EMAIL, Channel.SMS)
        .metadata("order", Canary.WORD)
        .at(NOW)
        .build();
  }

  private static Content content() {
    return Content.builder()
        .title("News of " + Canary.WORD)
        .body("Body")
        .html("<p>Body</p>")
        .email(
            EmailOptions.builder()
                .cc(Address.email(Canary.MAIL))
                .header("X-A", "b")
                .tag("a")
                .build())
        .attach(Attachment.of("a.txt", "text/plain", new byte[] {1, 2, 3}))
        .build();
  }

  private static Submission submission() {
    NotificationId id = new NotificationId(new UUID(5, 6));
    Delivery delivery =
        Delivery.builder(new DeliveryId(new UUID(1, 2)), id)
            .to("jane", Address.email(Canary.MAIL))
            .lane(new Lane(Channel.EMAIL, Priority.NORMAL))
            .status(DeliveryStatus.PENDING)
            .due(NOW)
            .expiresAt(NOW.plusSeconds(60))
            .createdAt(NOW)
            .build();
    return new Submission(
        id,
        NOW,
        Notification.to(entry().recipient())
            .template("t", Map.of("a", 1, "b", List.of(1.5, "x"), "at", NOW))
            .channels(Channel.EMAIL)
            .build(),
        List.of(
            new ChannelDecision(Channel.EMAIL, Optional.of(delivery.address()), Decision.ALLOW),
            new ChannelDecision(
                Channel.SMS, Optional.empty(), Decision.suppress(new Reason("OPTED_OUT", "x")))),
        List.of(delivery),
        Optional.empty());
  }

  private static Preferences preferences() {
    return Preferences.builder()
        .category("news", Channel.EMAIL, new Choice(false, NOW, "page"))
        .quietHours(QuietHours.between("22:00", "07:00"))
        .pausedUntil(NOW)
        .channelOrder(Channel.SMS, Channel.EMAIL)
        .build();
  }

  private static Suppression suppression() {
    return new Suppression(
        Address.email(Canary.MAIL),
        Suppression.Kind.OPT_OUT,
        "asked",
        NOW,
        Optional.of(NOW.plusSeconds(60)),
        List.of("a"));
  }

  private static RecipientEntry entry() {
    Recipient jane =
        Recipient.builder("jane")
            .email(Canary.MAIL)
            .sms("+14155550142")
            .attribute("plan", "pro")
            .attribute("visits", 7)
            .build();
    return new RecipientEntry(
        jane,
        List.of(new Device(Address.fcm(Canary.WORD), Optional.of("app"), NOW, NOW)),
        Map.of("news", NOW));
  }

  private static Draft draft() {
    return Draft.of("t", "email.text", "Hello {{name}}").required("name", Type.TEXT, "Jane");
  }

  private static StoredSchedule schedule() {
    return StoredSchedule.begin(
        RecurringSchedule.of("s", "0 9 * * MON-FRI", notification().toBuilder().now().build())
            .in("Europe/Berlin")
            .startingAt(NOW)
            .endingAt(NOW.plusSeconds(1 << 20))
            .build(),
        NOW);
  }

  private static ExperimentRun experiment() {
    return ExperimentRun.begin(
        Experiment.named("greeting")
            .variant(Variant.of("a", 30))
            .variant(Variant.of("b", 70))
            .holdout(0.1)
            .goal("bought")
            .bandit(Duration.ofHours(1), 0.1)
            .build(),
        NOW);
  }

  @Fuzz(share = 60)
  void codecs(@ForAll("inputs") Chance chance) {
    Codec codec = chance.of(CODECS);
    byte[] bytes = Spoiled.json(chance, new String(codec.valid(), StandardCharsets.UTF_8));
    Trial.of(
        chance,
        trial -> {
          trial.begins(bytes.length);
          Object read = codec.reader().read(bytes);
          trial.require(!String.valueOf(read).isEmpty(), "nothing", "was read");
        },
        MessageCodec.UnreadableBody.class,
        NotifyException.class);
  }

  @Fuzz(share = 20)
  void envelopes(@ForAll("inputs") Chance chance) {
    byte[] bytes =
        chance.oneIn(4) ? chance.bytes(chance.below(64)) : Spoiled.bytes(chance, ENVELOPE);
    Trial.of(
        chance,
        trial -> {
          trial.begins(bytes.length);
          if (bytes.length > 0 && !Envelope.isPlain(bytes)) {
            trial.require(Envelope.of(bytes).toString().length() < 1 << 20, "shown", "long");
            trial.require(
                Bodies.deliveries(bytes).size() <= bytes.length / 16, "deliveries", "too many");
          }
          Bodies.isErased(bytes);
        },
        MessageCodec.UnreadableBody.class);
  }
}
