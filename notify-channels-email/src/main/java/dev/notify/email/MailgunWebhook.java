package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notify.http.Setting;
import dev.notify.http.WebhookProof;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Mailgun tells by its <a
 * href="https://documentation.mailgun.com/docs/mailgun/user-manual/events/webhooks">webhooks</a>.
 * Its signature, an HMAC-SHA256, covers a time and a token and not the event. So a token is
 * believed for the bytes that it first came with, as long as one object of this class remembers it
 * (100,000 of them); use https all the same, for another process, or this one started anew, would
 * believe another story in its name while it is fresh.
 *
 * <table>
 *   <caption>What an event becomes</caption>
 *   <tr><th>Mailgun says</th><th>event</th></tr>
 *   <tr><td>delivered, opened, clicked, complained, unsubscribed</td>
 *       <td>DELIVERED, OPENED, CLICKED, COMPLAINED, UNSUBSCRIBED; by a machine if {@code client-info} names
 *       a <a href="https://documentation.mailgun.com/docs/mailgun/user-manual/tracking-messages/open-click-bot-detect">bot</a></td></tr>
 *   <tr><td>failed, permanent: 5.1.0 to 5.1.3, 5.1.6, 5.1.10, 5.2.1; suppress-bounce (605)</td><td>BOUNCED</td></tr>
 *   <tr><td>failed, permanent: suppress-unsubscribe (606), suppress-complaint (607)</td>
 *       <td>UNSUBSCRIBED, COMPLAINED</td></tr>
 *   <tr><td>failed, permanent, otherwise; rejected</td><td>UNDELIVERED</td></tr>
 *   <tr><td>failed, temporary; accepted and all else</td><td>left out</td></tr>
 * </table>
 *
 * <p>Mailgun repeats what was not taken for eight hours with the same signature, so it is believed
 * for nine. Events of a subaccount are signed by its own key and by the account's; either will do.
 * Thread-safe.
 *
 * @since 0.1
 */
public final class MailgunWebhook implements ProviderWebhook {

  private static final Duration LONGEST = Duration.ofHours(9);

  private static final int MOST_TOKENS = 100_000;

  /** Of what RFC 3463 says about addresses, what is about the recipient's. */
  private static final Pattern NO_SUCH_ADDRESS =
      Pattern.compile("5\\.(?:1\\.(?:[01236]|10)|2\\.1)(?!\\d)");

  private final String provider;
  private final byte[] signingKey;
  private final InstantSource clock;

  /** The bytes that came with a token, as long as it is fresh; by their hash. */
  private final Cache<String, ByteBuffer> stories;

  private MailgunWebhook(Builder builder) {
    provider = builder.provider;
    signingKey =
        Setting.required("signingKey", builder.signingKey).getBytes(StandardCharsets.UTF_8);
    clock = builder.clock;
    stories =
        Caffeine.newBuilder()
            .maximumSize(MOST_TOKENS)
            .executor(Runnable::run)
            .expireAfterWrite(LONGEST.plus(WebhookProof.TOLERANCE))
            .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
            .build();
  }

  /** Starts one; it needs the account's HTTP webhook signing key, which is not the API key. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public WebhookReport read(WebhookRequest request) {
    // The signature stands in the document: it has to be read to be found, and is not believed.
    JsonNode document = MailReport.json(request.body());
    JsonNode signature = document.path("signature");
    String time = signature.path("timestamp").asText("");
    String token = signature.path("token").asText("");
    WebhookProof.requireHmac(
        "HmacSHA256",
        signingKey,
        (time + token).getBytes(StandardCharsets.UTF_8),
        Stream.of("signature", "parent-signature")
            .flatMap(name -> MailReport.text(signature.path(name)).stream())
            .map(WebhookProof::hex)
            .toList());
    WebhookProof.requireFresh(WebhookProof.seconds(time), clock.instant(), LONGEST);
    requireOneStory(time + token, request.body());
    JsonNode event = document.path("event-data");
    return type(event)
        .map(type -> WebhookReport.of(List.of(event(event, type))))
        .orElse(WebhookReport.EMPTY);
  }

  private void requireOneStory(String signed, byte[] body) {
    ByteBuffer story = ByteBuffer.wrap(WebhookProof.hmac("HmacSHA256", signingKey, body));
    if (!stories.get(signed, first -> story).equals(story)) {
      throw WebhookProof.forged("the signature came with another event before");
    }
  }

  private ProviderEvent event(JsonNode event, Type type) {
    String bot = event.at("/client-info/bot").asText("");
    ProviderEvent told =
        MailReport.event(
            provider,
            MailReport.text(event.at("/message/headers/message-id")),
            MailReport.text(event.at("/user-variables/" + Letter.REFERENCE)),
            MailReport.text(event.path("recipient")),
            type,
            MailReport.epoch(event.path("timestamp"))
                .orElseThrow(() -> WebhookProof.malformed("a time is no number of seconds")),
            MailReport.words(
                event.path("event").asText(""),
                event.path("reason").asText(""),
                event.at("/delivery-status/code").asText(""),
                bot.isBlank() ? "" : "by bot " + bot));
    return bot.isBlank() ? told : told.byMachine();
  }

  private static Optional<Type> type(JsonNode event) {
    return switch (event.path("event").asText("")) {
      case "delivered" -> Optional.of(Type.DELIVERED);
      case "failed" ->
          event.path("severity").asText("").equals("permanent")
              ? Optional.of(failed(event))
              : Optional.empty();
      case "rejected" -> Optional.of(Type.UNDELIVERED);
      case "opened" -> Optional.of(Type.OPENED);
      case "clicked" -> Optional.of(Type.CLICKED);
      case "complained" -> Optional.of(Type.COMPLAINED);
      case "unsubscribed" -> Optional.of(Type.UNSUBSCRIBED);
      default -> Optional.empty();
    };
  }

  private static Type failed(JsonNode event) {
    String reason = event.path("reason").asText("");
    int code = event.at("/delivery-status/code").asInt();
    if (reason.equals("suppress-unsubscribe") || code == 606) {
      return Type.UNSUBSCRIBED;
    }
    if (reason.equals("suppress-complaint") || code == 607) {
      return Type.COMPLAINED;
    }
    String enhanced =
        MailReport.text(event.at("/delivery-status/enhanced-code"))
            .orElse(event.at("/delivery-status/message").asText(""));
    boolean isDead =
        reason.equals("suppress-bounce")
            || code == 605
            || NO_SUCH_ADDRESS.matcher(enhanced).lookingAt();
    return isDead ? Type.BOUNCED : Type.UNDELIVERED;
  }

  @Override
  public String toString() {
    return "MailgunWebhook[" + provider + "]";
  }

  /** Builds a {@link MailgunWebhook}; not thread-safe. */
  public static final class Builder extends MailWebhookSettings<Builder> {

    private Optional<String> signingKey = Optional.empty();

    private Builder() {
      super("mailgun");
    }

    /** Sets the HTTP webhook signing key. */
    public Builder signingKey(String value) {
      signingKey = Optional.of(Setting.secret("signingKey", value, "a signing key"));
      return this;
    }

    /** The webhook. */
    public MailgunWebhook build() {
      return new MailgunWebhook(this);
    }
  }
}
