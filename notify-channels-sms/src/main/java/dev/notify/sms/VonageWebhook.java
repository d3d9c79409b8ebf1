package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.notify.http.Setting;
import dev.notify.http.WebhookProof;
import dev.notify.http.WebhookToken;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What Vonage tells: <a
 * href="https://developer.vonage.com/en/messages/concepts/messages-status-callbacks">status
 * callbacks</a> of the Messages API, and messages from people, of which STOP and START count. Set
 * both addresses at the application, version 1. Vonage <a
 * href="https://developer.vonage.com/en/getting-started/concepts/webhooks">signs</a> the body by a
 * token, so any address will do.
 *
 * <table>
 *   <caption>What a status becomes</caption>
 *   <tr><th>Vonage says</th><th>event</th></tr>
 *   <tr><td>delivered</td><td>DELIVERED</td></tr>
 *   <tr><td>read</td><td>READ</td></tr>
 *   <tr><td>rejected, undeliverable with 1170, 1190, 1430</td><td>BOUNCED: no such number</td></tr>
 *   <tr><td>rejected, undeliverable with 1240</td><td>UNSUBSCRIBED: the person answered STOP</td></tr>
 *   <tr><td>rejected, undeliverable otherwise</td><td>UNDELIVERED</td></tr>
 *   <tr><td>STOP and its kin, as the whole message</td><td>the address is suppressed</td></tr>
 *   <tr><td>START and its kin</td><td>an opt-out is taken back</td></tr>
 * </table>
 *
 * <p>A token older than {@link WebhookProof#TOLERANCE} is refused. Thread-safe.
 *
 * @since 0.1
 */
public final class VonageWebhook implements ProviderWebhook {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String provider;
  private final byte[] signatureSecret;
  private final InstantSource clock;

  private VonageWebhook(Builder builder) {
    provider = builder.provider;
    signatureSecret = Setting.required("signatureSecret", builder.signatureSecret).getBytes(UTF_8);
    clock = builder.clock;
  }

  /** Starts one; it needs the account's signature secret. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public WebhookReport read(WebhookRequest request) {
    String authorization = WebhookProof.header(request, "Authorization");
    if (!authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      throw WebhookProof.forged("has no bearer token");
    }
    WebhookToken token = WebhookToken.verified(authorization.substring(7), signatureSecret);
    token.requireSha256("payload_hash", request.body());
    WebhookProof.requireFresh(token.moment("iat"), clock.instant());
    JsonNode report = json(request);
    if (!report.path("channel").asText().equals("sms")) {
      return WebhookReport.EMPTY;
    }
    Instant now = clock.instant();
    Optional<Instant> at = VendorMoment.of(report.path("timestamp").asText());
    return report.has("status")
        ? status(report, at, now)
            .map(event -> WebhookReport.of(List.of(event)))
            .orElse(WebhookReport.EMPTY)
        : new PersonsAnswer(
                Optional.ofNullable(report.path("message_uuid").textValue()),
                report.path("from").asText(),
                report.path("text").asText())
            .heardBy(provider, at.orElse(now));
  }

  private static JsonNode json(WebhookRequest request) {
    try {
      return JSON.readTree(request.text());
    } catch (JacksonException e) {
      throw WebhookProof.malformed("the body is no JSON");
    }
  }

  private Optional<ProviderEvent> status(JsonNode report, Optional<Instant> at, Instant now) {
    String status = report.path("status").asText();
    String code = VonageErrors.code(report.path("error"));
    Optional<Type> type =
        switch (status) {
          case "delivered" -> Optional.of(Type.DELIVERED);
          case "read" -> Optional.of(Type.READ);
          case "rejected", "undeliverable" -> Optional.of(failure(code));
          default -> Optional.empty();
        };
    String cause = code.isEmpty() ? status : status + " (error " + code + ")";
    Optional<String> reference = Optional.ofNullable(report.path("client_ref").textValue());
    return type.map(
        known ->
            VendorMoment.event(
                    provider, report.path("message_uuid").asText(), known, at, now, cause)
                .withReference(reference));
  }

  private static Type failure(String code) {
    return switch (code) {
      case "1170", "1190", "1430" -> Type.BOUNCED;
      case "1240" -> Type.UNSUBSCRIBED;
      default -> Type.UNDELIVERED;
    };
  }

  @Override
  public String toString() {
    return "VonageWebhook[" + provider + "]";
  }

  /** Builds a {@link VonageWebhook}; not thread-safe. */
  public static final class Builder extends SmsWebhookSettings<Builder> {

    private Optional<String> signatureSecret = Optional.empty();

    private Builder() {
      super("vonage");
    }

    /** Sets the account's signature secret, which is not its API secret. */
    public Builder signatureSecret(String value) {
      signatureSecret =
          Optional.of(Setting.secret("signatureSecret", value, "the signature secret"));
      return this;
    }

    /** The webhook. */
    public VonageWebhook build() {
      return new VonageWebhook(this);
    }
  }
}
