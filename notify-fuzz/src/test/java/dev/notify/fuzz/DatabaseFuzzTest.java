package dev.notify.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.WebhookHandler;
import dev.notify.email.PostmarkWebhook;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryId;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Recipient;
import dev.notify.test.RecordingProvider;
import dev.notify.tracking.LinkTokens;
import dev.notify.tracking.LinkTokens.Kind;
import dev.notify.tracking.LinkTokens.Said;
import java.io.StringReader;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.lifecycle.AfterContainer;
import org.h2.jdbcx.JdbcDataSource;

/**
 * What is taken, down to the tables: what a database will not hold is refused before it is asked.
 */
class DatabaseFuzzTest extends FuzzTargets {

  private static final LinkTokens TOKENS = new LinkTokens(List.of(World.LINK_KEY));
  private static final NotificationDispatcher DISPATCHER = dispatcher();
  private static final WebhookHandler POSTMARK =
      DISPATCHER.webhook(PostmarkWebhook.builder().user("u").password(Canary.WORD).build());
  private static final Map<String, List<String>> PROOF =
      Map.of(
          "Authorization",
          List.of(
              "Basic " + Base64.getEncoder().encodeToString(("u:" + Canary.WORD).getBytes(UTF_8))));
  private static final List<Instant> MOMENTS =
      List.of(
          Instant.MIN,
          Instant.MAX,
          Instant.EPOCH,
          Instant.ofEpochSecond(-1),
          Instant.parse("9999-12-31T23:59:59.999999999Z"),
          Instant.parse("+294277-01-09T04:00:55Z"),
          Instant.parse("0001-01-01T00:00:00Z"),
          Instant.parse("2262-04-12T00:00:00Z"),
          Instant.parse("2026-03-02T11:59:58.123456789Z"));

  private static final int INPUTS_OF_A_MESSAGE = 25;

  private static DeliveryId message = new DeliveryId(new UUID(0, 0));
  private static int inputs;

  private static NotificationDispatcher dispatcher() {
    JdbcDataSource source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:fuzz;DB_CLOSE_DELAY=-1");
    JdbcSchema.migrate(source);
    Recipient jane = Recipient.builder("jane").email(Canary.MAIL).build();
    return NotificationDispatcher.builder()
        .store(JdbcStore.of(source))
        .provider(
            RecordingProvider.of(Channel.EMAIL, "postmark")
                .alwaysDoes(message -> Outcome.accepted("m-" + message.deliveryId())))
        .recipients(id -> Optional.of(jane).filter(person -> person.id().equals(id)))
        .categories(Category.optional("news").tracked())
        .links(SignedLinks.below(URI.create("https://shop.example.com/n"), World.LINK_KEY))
        .build();
  }

  @AfterContainer
  static void end() {
    DISPATCHER.close();
  }

  /** A message that was sent a little while ago. */
  private static DeliveryId sent() {
    if (inputs++ % INPUTS_OF_A_MESSAGE == 0) {
      message = sentNow();
    }
    return message;
  }

  private static DeliveryId sentNow() {
    return DISPATCHER
        .send(
            Notification.to(Address.email(Canary.MAIL))
                .category("news")
                .title("News")
                .body("Body of " + Canary.WORD)
                .build())
        .outcome()
        .orTimeout(1, TimeUnit.MINUTES)
        .join()
        .deliveries()
        .get(0)
        .id();
  }

  @Fuzz(share = 5)
  void reports(@ForAll("inputs") Chance chance) {
    DeliveryId delivery = sent();
    String valid =
        """
        {"RecordType":"%s","MessageID":"m-%s","Metadata":{"notify_reference":"%s"},"Recipient":"%s",
         "SuppressSending":false,"Type":"HardBounce","BouncedAt":"%s"}"""
            .formatted(
                chance.of("Delivery", "Bounce", "Open", "SubscriptionChange", "SpamComplaint"),
                delivery,
                delivery,
                Canary.MAIL,
                chance.of("2026-03-02T11:28:50.3963933-04:00", chance.of(MOMENTS).toString()));
    byte[] body = chance.oneIn(2) ? valid.getBytes(UTF_8) : Spoiled.json(chance, valid);
    Trial.of(
        chance,
        trial -> {
          trial.begins(body.length);
          int status = POSTMARK.handle(PROOF, body).status();
          if (status != 200) {
            trial.refused();
          }
          trial.require(
              List.of(200, 400, 403, 413).contains(status), "status", "answered " + status);
        });
  }

  @Fuzz(share = 4)
  void events(@ForAll("inputs") Chance chance) {
    DeliveryId delivery = sent();
    String cause = chance.of(Hostile.text(chance), "delivered");
    String recipient = Spoiled.text(chance, Canary.MAIL);
    Trial.of(
        chance,
        trial -> {
          trial.begins(cause.length() + recipient.length());
          ProviderEvent told =
              new ProviderEvent(
                      "postmark",
                      Spoiled.text(chance, "m-" + delivery),
                      chance.of(DeliveryEvent.Type.values()),
                      chance.of(MOMENTS),
                      cause)
                  .withReference(Optional.of(delivery.toString()))
                  .about(chance.oneIn(2) ? Optional.of(recipient) : Optional.empty());
          if (DISPATCHER.track(told).isEmpty()) {
            trial.refused();
          }
        },
        InvalidNotificationException.class);
  }

  @Fuzz(share = 4)
  void sends(@ForAll("inputs") Chance chance) {
    Trial.of(
        chance,
        trial -> {
          trial.begins(1 << 20);
          Notification.Builder told =
              Notification.to(chance.oneIn(3) ? Hostile.text(chance) : "jane")
                  .category(chance.oneIn(4) ? Hostile.text(chance) : "news")
                  .content(
                      Content.builder()
                          .title(chance.oneIn(4) ? Hostile.text(chance) : "News")
                          .body(Spoiled.text(chance, "Body of " + Canary.WORD))
                          .build())
                  .channels(Channel.EMAIL);
          if (chance.oneIn(3)) {
            told.metadata(Hostile.text(chance), Hostile.text(chance));
          }
          if (chance.oneIn(3)) {
            told.idempotencyKey(Hostile.text(chance) + chance.number());
          }
          if (chance.oneIn(3)) {
            told.about(Hostile.text(chance), Hostile.text(chance));
          }
          if (chance.oneIn(2)) {
            told.at(chance.of(MOMENTS));
          }
          if (chance.oneIn(3)) {
            told.expiresIn(
                chance.of(Duration.ofSeconds(Long.MAX_VALUE), Duration.ofDays(1), Duration.ZERO));
          }
          NotificationId id = DISPATCHER.send(told.build()).id();
          trial.require(DISPATCHER.status(id).isPresent(), "lost", id.toString());
        },
        InvalidNotificationException.class);
  }

  @Fuzz(share = 2)
  void choicesAndLists(@ForAll("inputs") Chance chance) {
    Said said =
        new Said(Kind.PREFERENCES, new DeliveryId(new UUID(0, 0)), Optional.empty(), "jane");
    String path = "/n/p/" + TOKENS.sign(said);
    String valid =
        "{\"categories\":[{\"name\":\"news\",\"channels\":{\"email\":true}}],\"pausedUntil\":\"%s\"}"
            .formatted(chance.of(MOMENTS));
    byte[] body = chance.oneIn(2) ? valid.getBytes(UTF_8) : Spoiled.json(chance, valid);
    String csv =
        "channel,address,kind,cause,at,until\r\nemail,%s,OPT_OUT,asked,%s,%s\r\n"
            .formatted(chance.number() + Canary.MAIL, chance.of(MOMENTS), chance.of(MOMENTS));
    String list = chance.oneIn(2) ? csv : Spoiled.text(chance, csv);
    Trial.of(
        chance,
        trial -> {
          trial.begins(body.length + list.length());
          int status =
              DISPATCHER
                  .links()
                  .handle("PUT", path, Map.of("Content-Type", List.of("application/json")), body)
                  .status();
          trial.require(status < 500, "status", "answered " + status);
          int shown = DISPATCHER.links().handle("GET", path, Map.of()).status();
          trial.require(shown == 200, "page", "answered " + shown);
          DISPATCHER.importSuppressions(new StringReader(list));
        },
        InvalidNotificationException.class);
  }
}
