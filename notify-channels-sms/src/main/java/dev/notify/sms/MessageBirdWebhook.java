package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.notify.http.Setting;
import dev.notify.http.WebhookProof;
import dev.notify.http.WebhookToken;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookRefusedException.Why;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What MessageBird tells: <a
 * href="https://developers.messagebird.com/api/sms-messaging/#handle-a-status-report">status
 * reports</a>, and messages from people, of which STOP and START count. The <a
 * href="https://developers.messagebird.com/api/#verifying-http-requests">signature</a> covers the
 * address, with its query, so give the handler the whole address as it was called: reports come by
 * GET and have their fields there.
 *
 * <table>
 *   <caption>What a status becomes</caption>
 *   <tr><th>MessageBird says</th><th>event</th></tr>
 *   <tr><td>delivered</td><td>DELIVERED</td></tr>
 *   <tr><td>delivery_failed with 1, or for an unknown subscriber or incorrect number</td>
 *       <td>BOUNCED: no such number</td></tr>
 *   <tr><td>delivery_failed with 103, or opted out</td><td>UNSUBSCRIBED: the person answered STOP</td></tr>
 *   <tr><td>delivery_failed otherwise, expired</td><td>UNDELIVERED</td></tr>
 *   <tr><td>STOP and its kin, as the whole message</td><td>the address is suppressed</td></tr>
 *   <tr><td>START and its kin</td><td>an opt-out is taken back</td></tr>
 * </table>
 *
 * <p>A token that has run out is refused. Thread-safe.
 *
 * @since 0.1
 */
public final class MessageBirdWebhook implements ProviderWebhook {

  /** How far MessageBird's clock and ours may be apart. */
  private static final Duration LEEWAY = Duration.ofMinutes(1);

  private final String provider;
  private final byte[] signingKey;
  private final InstantSource clock;

  private MessageBirdWebhook(Builder builder) {
    provider = builder.provider;
    signingKey = Setting.required("signingKey", builder.signingKey).getBytes(UTF_8);
    clock = builder.clock;
  }

  /** Starts one; it needs the account's signing key. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public WebhookReport read(WebhookRequest request) {
    requireProof(request);
    Map<String, String> form = WebhookFields.form(request);
    Map<String, String> fields = form.isEmpty() ? WebhookFields.query(request) : form;
    if (fields.containsKey("status")) {
      return status(fields)
          .map(event -> WebhookReport.of(List.of(event)))
          .orElse(WebhookReport.EMPTY);
    }
    // Messages to a short code have their text under another name.
    String text = fields.getOrDefault("body", fields.getOrDefault("message", ""));
    return new PersonsAnswer(
            Optional.ofNullable(fields.get("id")), fields.getOrDefault("originator", ""), text)
        .heardBy(
            provider,
            VendorMoment.of(fields.getOrDefault("createdDatetime", "")).orElseGet(clock::instant));
  }

  private void requireProof(WebhookRequest request) {
    String url = request.url().orElseThrow(() -> WebhookProof.forged("the address is not known"));
    WebhookToken token =
        WebhookToken.verified(
            WebhookProof.header(request, "MessageBird-Signature-JWT"), signingKey);
    if (!token.text("iss").equals("MessageBird")) {
      throw WebhookProof.forged("the token is of another issuer");
    }
    token.requireSha256("url_hash", url.getBytes(UTF_8));
    if (request.body().length > 0 || token.has("payload_hash")) {
      token.requireSha256("payload_hash", request.body());
    }
    Instant now = clock.instant();
    // The leeway is ours to reckon with: their moments may be the ends of time.
    if (token.moment("nbf").isAfter(now.plus(LEEWAY))
        || token.moment("exp").isBefore(now.minus(LEEWAY))) {
      throw new WebhookRefusedException(Why.STALE, "the token is not of this time");
    }
  }

  private Optional<ProviderEvent> status(Map<String, String> fields) {
    String status = fields.getOrDefault("status", "");
    String code = fields.getOrDefault("statusErrorCode", "");
    Optional<Type> type =
        switch (status) {
          case "delivered" -> Optional.of(Type.DELIVERED);
          case "delivery_failed" ->
              Optional.of(failure(code, fields.getOrDefault("statusReason", "")));
          case "expired" -> Optional.of(Type.UNDELIVERED);
          default -> Optional.empty();
        };
    String cause = code.matches("[1-9]\\d{0,5}") ? status + " (error " + code + ")" : status;
    Optional<Instant> at = VendorMoment.of(fields.getOrDefault("statusDatetime", ""));
    return type.map(
        known ->
            VendorMoment.event(
                    provider, fields.getOrDefault("id", ""), known, at, clock.instant(), cause)
                .withReference(Optional.ofNullable(fields.get("reference"))));
  }

  private static Type failure(String code, String reason) {
    if (code.equals("103") || reason.equals("opted out")) {
      return Type.UNSUBSCRIBED;
    }
    return code.equals("1")
            || reason.equals("unknown subscriber")
            || reason.equals("incorrect number")
        ? Type.BOUNCED
        : Type.UNDELIVERED;
  }

  @Override
  public String toString() {
    return "MessageBirdWebhook[" + provider + "]";
  }

  /** Builds a {@link MessageBirdWebhook}; not thread-safe. */
  public static final class Builder extends SmsWebhookSettings<Builder> {

    private Optional<String> signingKey = Optional.empty();

    private Builder() {
      super("messagebird");
    }

    /** Sets the account's signing key, which is not its access key. */
    public Builder signingKey(String value) {
      signingKey = Optional.of(Setting.secret("signingKey", value, "the signing key"));
      return this;
    }

    /** The webhook. */
    public MessageBirdWebhook build() {
      return new MessageBirdWebhook(this);
    }
  }
}
