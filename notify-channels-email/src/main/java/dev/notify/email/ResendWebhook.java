package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Setting;
import dev.notify.http.WebhookProof;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * What Resend tells by its <a
 * href="https://resend.com/docs/dashboard/webhooks/event-types">webhooks</a>, signed as <a
 * href="https://www.standardwebhooks.com">Standard Webhooks</a> say: an HMAC-SHA256 over id, time
 * and bytes.
 *
 * <table>
 *   <caption>What an event becomes</caption>
 *   <tr><th>Resend says</th><th>event</th></tr>
 *   <tr><td>email.delivered, .opened, .clicked, .complained</td><td>DELIVERED, OPENED, CLICKED, COMPLAINED</td></tr>
 *   <tr><td>email.bounced, Permanent; email.suppressed</td><td>BOUNCED</td></tr>
 *   <tr><td>email.bounced otherwise, email.failed</td><td>UNDELIVERED</td></tr>
 *   <tr><td>email.sent, .scheduled, .delivery_delayed and all else</td><td>left out</td></tr>
 * </table>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class ResendWebhook implements ProviderWebhook {

  private static final String PREFIX = "whsec_";

  private final String provider;
  private final byte[] secret;
  private final InstantSource clock;

  private ResendWebhook(Builder builder) {
    provider = builder.provider;
    secret = Setting.required("signingSecret", builder.secret);
    clock = builder.clock;
  }

  /** Starts one; it needs the webhook's signing secret. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public WebhookReport read(WebhookRequest request) {
    String id = header(request, "id");
    String time = header(request, "timestamp");
    requireSigned(request, id, time, header(request, "signature"));
    WebhookProof.requireFresh(WebhookProof.seconds(time), clock.instant());
    JsonNode document = MailReport.json(request.body());
    JsonNode data = document.path("data");
    JsonNode recipients = data.path("to");
    // It does not say which of several it is about.
    Optional<String> recipient =
        recipients.size() == 1 ? MailReport.text(recipients.path(0)) : Optional.empty();
    return type(document)
        .map(
            type ->
                WebhookReport.of(
                    List.of(
                        MailReport.event(
                            provider,
                            MailReport.text(data.path("email_id")),
                            MailReport.text(data.path("tags").path(Letter.REFERENCE)),
                            recipient,
                            type,
                            MailReport.moment(document.path("created_at")),
                            cause(document)))))
        .orElse(WebhookReport.EMPTY);
  }

  private static String header(WebhookRequest request, String name) {
    return request
        .header("svix-" + name)
        .or(() -> request.header("webhook-" + name))
        .orElseThrow(() -> WebhookProof.forged("has no header svix-" + name));
  }

  private void requireSigned(WebhookRequest request, String id, String time, String signatures) {
    byte[] hash = WebhookProof.standardHash(secret, id, time, request.body());
    byte[] expected = Base64.getEncoder().encode(hash);
    boolean isSigned = false;
    for (String signature : signatures.split(" ")) {
      if (signature.startsWith("v1,")) {
        byte[] claimed = signature.substring(3).getBytes(StandardCharsets.UTF_8);
        isSigned |= MessageDigest.isEqual(expected, claimed);
      }
    }
    if (!isSigned) {
      throw WebhookProof.forged("the signature is not right");
    }
  }

  private static String cause(JsonNode document) {
    JsonNode bounce = document.at("/data/bounce");
    return (document.path("type").asText("")
            + " "
            + bounce.path("type").asText("")
            + " "
            + bounce.path("subType").asText(""))
        .strip();
  }

  private static Optional<Type> type(JsonNode document) {
    return switch (document.path("type").asText("")) {
      case "email.delivered" -> Optional.of(Type.DELIVERED);
      case "email.bounced" ->
          Optional.of(
              document.at("/data/bounce/type").asText("").equals("Permanent")
                  ? Type.BOUNCED
                  : Type.UNDELIVERED);
      case "email.suppressed" -> Optional.of(Type.BOUNCED);
      case "email.failed" -> Optional.of(Type.UNDELIVERED);
      case "email.complained" -> Optional.of(Type.COMPLAINED);
      case "email.opened" -> Optional.of(Type.OPENED);
      case "email.clicked" -> Optional.of(Type.CLICKED);
      default -> Optional.empty();
    };
  }

  @Override
  public String toString() {
    return "ResendWebhook[" + provider + "]";
  }

  /** Builds a {@link ResendWebhook}; not thread-safe. */
  public static final class Builder extends MailWebhookSettings<Builder> {

    private static final String FORM = "signingSecret: must be whsec_ and Base64";

    private Optional<byte[]> secret = Optional.empty();

    private Builder() {
      super("resend");
    }

    /** Sets the signing secret, {@code whsec_} and Base64. */
    public Builder signingSecret(String value) {
      String text = value.strip();
      byte[] bytes = decoded(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text);
      if (bytes.length == 0) {
        throw new ConfigurationException(FORM);
      }
      secret = Optional.of(bytes);
      return this;
    }

    private static byte[] decoded(String base64) {
      try {
        return Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(FORM);
      }
    }

    /** The webhook. */
    public ResendWebhook build() {
      return new ResendWebhook(this);
    }
  }
}
