package dev.notify.sms;

import dev.notify.http.Setting;
import dev.notify.http.WebhookProof;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What Twilio tells: <a
 * href="https://www.twilio.com/docs/messaging/guides/track-outbound-message-status">status
 * callbacks</a>, and messages from people, of which STOP and START count. The <a
 * href="https://www.twilio.com/docs/usage/security#validating-requests">signature</a> covers the
 * address, so give the handler the address that is set at Twilio.
 *
 * <table>
 *   <caption>What a status becomes</caption>
 *   <tr><th>Twilio says</th><th>event</th></tr>
 *   <tr><td>delivered</td><td>DELIVERED</td></tr>
 *   <tr><td>read</td><td>READ</td></tr>
 *   <tr><td>undelivered, failed with 30005, 30006</td><td>BOUNCED: no such number, or one that takes no messages</td></tr>
 *   <tr><td>undelivered, failed with 21610</td><td>UNSUBSCRIBED: the person answered STOP</td></tr>
 *   <tr><td>undelivered, failed otherwise</td><td>UNDELIVERED</td></tr>
 *   <tr><td>STOP and its kin (OptOutType, or the word itself)</td><td>the address is suppressed</td></tr>
 *   <tr><td>START and its kin</td><td>an opt-out is taken back</td></tr>
 * </table>
 *
 * <p>Twilio does not say when something happened, nor when it sent a callback, so a repeated one is
 * told from a new one by the message's sid: a status is an event once, and a person's word counts
 * once, as long as {@link dev.notify.model.Suppression#heard} holds it. Thread-safe.
 *
 * @since 0.1
 */
public final class TwilioWebhook implements ProviderWebhook {

  private final String provider;
  private final byte[] authToken;
  private final InstantSource clock;

  private TwilioWebhook(Builder builder) {
    provider = builder.provider;
    authToken = Setting.required("authToken", builder.authToken).getBytes(StandardCharsets.UTF_8);
    clock = builder.clock;
  }

  /** Starts one; it needs the account's token. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public WebhookReport read(WebhookRequest request) {
    String url = request.url().orElseThrow(() -> WebhookProof.forged("the address is not known"));
    String signature = WebhookProof.header(request, "X-Twilio-Signature");
    Map<String, String> form = WebhookFields.form(request);
    WebhookProof.requireHmac(
        "HmacSHA1",
        authToken,
        (url + joined(form)).getBytes(StandardCharsets.UTF_8),
        WebhookProof.base64(signature));
    requireBody(request);
    return form.containsKey("MessageStatus") || form.containsKey("SmsStatus")
        ? status(form, request)
            .map(event -> WebhookReport.of(List.of(event)))
            .orElse(WebhookReport.EMPTY)
        : new PersonsAnswer(
                sid(form),
                form.getOrDefault("From", ""),
                form.get("OptOutType"),
                form.getOrDefault("Body", ""))
            .heardBy(provider, clock.instant());
  }

  private static String joined(Map<String, String> form) {
    StringBuilder joined = new StringBuilder();
    new TreeMap<>(form).forEach((name, value) -> joined.append(name).append(value));
    return joined.toString();
  }

  /** Of a body that is no form, the address has the hash. */
  private static void requireBody(WebhookRequest request) {
    String hash = WebhookFields.query(request).get("bodySHA256");
    if (hash != null) {
      WebhookProof.requireSha256(request.body(), hash);
    }
  }

  private Optional<ProviderEvent> status(Map<String, String> form, WebhookRequest request) {
    String status = form.getOrDefault("MessageStatus", form.getOrDefault("SmsStatus", ""));
    String code = form.getOrDefault("ErrorCode", "");
    Optional<Type> type =
        switch (status) {
          case "delivered" -> Optional.of(Type.DELIVERED);
          case "read" -> Optional.of(Type.READ);
          case "undelivered", "failed" -> Optional.of(failure(code));
          default -> Optional.empty();
        };
    String cause = code.matches("\\d{1,6}") ? status + " (error " + code + ")" : status;
    return type.map(
        known ->
            new ProviderEvent(provider, sid(form).orElse(""), known, clock.instant(), cause)
                .undated()
                .withReference(ReportAddress.reference(request)));
  }

  private static Optional<String> sid(Map<String, String> form) {
    return Optional.ofNullable(form.getOrDefault("MessageSid", form.get("SmsSid")));
  }

  private static Type failure(String code) {
    return switch (code) {
      case "30005", "30006" -> Type.BOUNCED;
      case "21610" -> Type.UNSUBSCRIBED;
      default -> Type.UNDELIVERED;
    };
  }

  @Override
  public String toString() {
    return "TwilioWebhook[" + provider + "]";
  }

  /** Builds a {@link TwilioWebhook}; not thread-safe. */
  public static final class Builder extends SmsWebhookSettings<Builder> {

    private Optional<String> authToken = Optional.empty();

    private Builder() {
      super("twilio");
    }

    /** Sets the account's secret token, the primary one: by it Twilio signs. */
    public Builder authToken(String value) {
      authToken = Optional.of(Setting.secret("authToken", value, "the account's token"));
      return this;
    }

    /** The webhook. */
    public TwilioWebhook build() {
      return new TwilioWebhook(this);
    }
  }
}
