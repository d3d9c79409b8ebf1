package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Setting;
import dev.notify.http.WebhookProof;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What SendGrid tells by its <a
 * href="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event">event
 * webhook</a>, signed by <a
 * href="https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features">ECDSA
 * on P-256</a> over the time and the bytes.
 *
 * <table>
 *   <caption>What an event becomes</caption>
 *   <tr><th>SendGrid says</th><th>event</th></tr>
 *   <tr><td>delivered, open, click, spamreport</td><td>DELIVERED, OPENED, CLICKED, COMPLAINED</td></tr>
 *   <tr><td>open with sg_machine_open, as by Apple's privacy proxy</td><td>OPENED, by a machine</td></tr>
 *   <tr><td>unsubscribe</td><td>UNSUBSCRIBED</td></tr>
 *   <tr><td>bounce of type bounce; dropped for Bounced Address or Invalid</td><td>BOUNCED</td></tr>
 *   <tr><td>bounce of type blocked; dropped otherwise</td><td>UNDELIVERED</td></tr>
 *   <tr><td>dropped for Spam Reporting Address, Unsubscribed Address</td><td>COMPLAINED, UNSUBSCRIBED</td></tr>
 *   <tr><td>processed, deferred, group_unsubscribe and all else</td><td>left out</td></tr>
 * </table>
 *
 * <p>SendGrid repeats what was not taken for a day; whether it signs that anew is not documented,
 * so a signed report is believed for a day. An event whose time cannot be read counts as told now,
 * and once. Thread-safe.
 *
 * @since 0.1
 */
public final class SendGridWebhook implements ProviderWebhook {

  private static final String SIGNATURE = "X-Twilio-Email-Event-Webhook-Signature";
  private static final String TIMESTAMP = "X-Twilio-Email-Event-Webhook-Timestamp";
  private static final Duration LONGEST = Duration.ofHours(25);

  private final String provider;
  private final PublicKey key;
  private final InstantSource clock;

  private SendGridWebhook(Builder builder) {
    provider = builder.provider;
    key = Setting.required("verificationKey", builder.key);
    clock = builder.clock;
  }

  /** Starts one; it needs the verification key that SendGrid shows beside the webhook. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public WebhookReport read(WebhookRequest request) {
    byte[] signature = WebhookProof.base64(WebhookProof.header(request, SIGNATURE));
    String time = WebhookProof.header(request, TIMESTAMP);
    if (!isSigned(time, request.body(), signature)) {
      throw WebhookProof.forged("the signature is not right");
    }
    WebhookProof.requireFresh(WebhookProof.seconds(time), clock.instant(), LONGEST);
    List<ProviderEvent> events = new ArrayList<>();
    for (JsonNode event : MailReport.json(request.body())) {
      type(event).ifPresent(type -> events.add(event(event, type)));
    }
    return WebhookReport.of(events);
  }

  private boolean isSigned(String time, byte[] body, byte[] signature) {
    try {
      Signature verifier = Signature.getInstance("SHA256withECDSA");
      verifier.initVerify(key);
      verifier.update(time.getBytes(StandardCharsets.UTF_8));
      verifier.update(body);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private ProviderEvent event(JsonNode event, Type type) {
    // What comes after the first dot names the server it went through.
    Optional<String> messageId =
        MailReport.text(event.path("sg_message_id")).map(id -> id.split("\\.", 2)[0]);
    boolean isByMachine = event.path("sg_machine_open").asBoolean();
    Optional<Instant> at = MailReport.epoch(event.path("timestamp"));
    ProviderEvent told =
        MailReport.event(
            provider,
            messageId,
            MailReport.text(event.path(Letter.REFERENCE)),
            MailReport.text(event.path("email")),
            type,
            at.orElseGet(clock::instant),
            MailReport.words(
                event.path("event").asText(""),
                event.path("status").asText(""),
                isByMachine ? "by machine" : ""));
    ProviderEvent dated = at.isPresent() ? told : told.undated();
    return isByMachine ? dated.byMachine() : dated;
  }

  private static Optional<Type> type(JsonNode event) {
    return switch (event.path("event").asText("")) {
      case "delivered" -> Optional.of(Type.DELIVERED);
      case "bounce" ->
          Optional.of(
              event.path("type").asText("").equals("blocked") ? Type.UNDELIVERED : Type.BOUNCED);
      case "dropped" -> Optional.of(dropped(event.path("reason").asText("")));
      case "open" -> Optional.of(Type.OPENED);
      case "click" -> Optional.of(Type.CLICKED);
      case "spamreport" -> Optional.of(Type.COMPLAINED);
      case "unsubscribe" -> Optional.of(Type.UNSUBSCRIBED);
      default -> Optional.empty();
    };
  }

  private static Type dropped(String reason) {
    return switch (reason.toLowerCase(Locale.ROOT)) {
      case "bounced address", "invalid" -> Type.BOUNCED;
      case "spam reporting address" -> Type.COMPLAINED;
      case "unsubscribed address" -> Type.UNSUBSCRIBED;
      default -> Type.UNDELIVERED;
    };
  }

  @Override
  public String toString() {
    return "SendGridWebhook[" + provider + "]";
  }

  /** Builds a {@link SendGridWebhook}; not thread-safe. */
  public static final class Builder extends MailWebhookSettings<Builder> {
    private Optional<PublicKey> key = Optional.empty();

    private Builder() {
      super("sendgrid");
    }

    /** Sets the verification key: Base64 of an X.509 public key on P-256. */
    public Builder verificationKey(String value) {
      try {
        byte[] der = Base64.getDecoder().decode(value.strip());
        key = Optional.of(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)));
        return this;
      } catch (IllegalArgumentException | GeneralSecurityException e) {
        throw new ConfigurationException(
            "verificationKey: must be Base64 of an elliptic curve's public key");
      }
    }

    /** The webhook. */
    public SendGridWebhook build() {
      return new SendGridWebhook(this);
    }
  }
}
