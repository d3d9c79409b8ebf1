package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Setting;
import dev.notify.http.WebhookProof;
import dev.notify.model.AddressEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What Postmark tells by its <a
 * href="https://postmarkapp.com/developer/webhooks/webhooks-overview">webhooks</a>. They bear no
 * signature: give the webhook at Postmark a user and a password, over https.
 *
 * <table>
 *   <caption>What an event becomes</caption>
 *   <tr><th>Postmark says</th><th>event</th></tr>
 *   <tr><td>Delivery, Open, Click, SpamComplaint</td><td>DELIVERED, OPENED, CLICKED, COMPLAINED</td></tr>
 *   <tr><td>SubscriptionChange with ManualSuppression; Bounce of type Unsubscribe</td><td>UNSUBSCRIBED</td></tr>
 *   <tr><td>SubscriptionChange without SuppressSending</td>
 *       <td>an opt-out is taken back, as if the person had: Postmark does not say which suppression
 *       was lifted</td></tr>
 *   <tr><td>Bounce: HardBounce, BadEmailAddress, ManuallyDeactivated</td><td>BOUNCED</td></tr>
 *   <tr><td>Bounce: SpamComplaint</td><td>COMPLAINED</td></tr>
 *   <tr><td>Bounce: Transient, DnsError, OpenRelayTest, Subscribe, AutoResponder, AddressChange,
 *       ChallengeVerification, InboundError</td><td>left out</td></tr>
 *   <tr><td>Bounce otherwise</td><td>UNDELIVERED</td></tr>
 * </table>
 *
 * <p>Thread-safe.
 *
 * @since 0.1
 */
public final class PostmarkWebhook implements ProviderWebhook {

  private final String provider;
  private final byte[] authorization;

  private PostmarkWebhook(Builder builder) {
    provider = builder.provider;
    String user = Setting.required("user", builder.user);
    String password = Setting.required("password", builder.password);
    authorization =
        ("Basic "
                + Base64.getEncoder()
                    .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)))
            .getBytes(StandardCharsets.UTF_8);
  }

  /** Starts one; it needs the user and password that the webhook has at Postmark. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public WebhookReport read(WebhookRequest request) {
    String given = WebhookProof.header(request, "Authorization");
    if (!MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8))) {
      throw WebhookProof.forged("user or password are not right");
    }
    JsonNode event = MailReport.json(request.body());
    return resumed(event).map(WebhookReport::of).orElseGet(() -> report(event));
  }

  private Optional<AddressEvent> resumed(JsonNode event) {
    boolean isResumed =
        event.path("RecordType").asText("").equals("SubscriptionChange")
            && event.path("SuppressSending").isBoolean()
            && !event.path("SuppressSending").booleanValue();
    return MailReport.address(event.path("Recipient"))
        .filter(recipient -> isResumed)
        .map(
            recipient ->
                new AddressEvent(
                    provider,
                    recipient,
                    AddressEvent.Type.RESUMED,
                    MailReport.moment(event.path("ChangedAt")),
                    "reactivated"));
  }

  private WebhookReport report(JsonNode event) {
    return type(event)
        .map(
            type ->
                WebhookReport.of(
                    List.of(
                        MailReport.event(
                            provider,
                            MailReport.text(event.path("MessageID")),
                            MailReport.text(event.path("Metadata").path(Letter.REFERENCE)),
                            MailReport.text(event.path("Recipient"))
                                .or(() -> MailReport.text(event.path("Email"))),
                            type,
                            MailReport.moment(time(event)),
                            cause(event)))))
        .orElse(WebhookReport.EMPTY);
  }

  private static JsonNode time(JsonNode event) {
    for (String field : List.of("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")) {
      if (event.has(field)) {
        return event.path(field);
      }
    }
    return event.path("DeliveredAt");
  }

  private static String cause(JsonNode event) {
    return (event.path("RecordType").asText("") + " " + event.path("Type").asText("")).strip();
  }

  private static Optional<Type> type(JsonNode event) {
    return switch (event.path("RecordType").asText("")) {
      case "Delivery" -> Optional.of(Type.DELIVERED);
      case "Open" -> Optional.of(Type.OPENED);
      case "Click" -> Optional.of(Type.CLICKED);
      case "SpamComplaint" -> Optional.of(Type.COMPLAINED);
      case "SubscriptionChange" ->
          event.path("SuppressSending").asBoolean()
                  && event.path("SuppressionReason").asText("").equals("ManualSuppression")
              ? Optional.of(Type.UNSUBSCRIBED)
              : Optional.empty();
      case "Bounce" -> bounce(event.path("Type").asText(""));
      default -> Optional.empty();
    };
  }

  private static Optional<Type> bounce(String type) {
    return switch (type) {
      case "HardBounce", "BadEmailAddress", "ManuallyDeactivated" -> Optional.of(Type.BOUNCED);
      case "Unsubscribe" -> Optional.of(Type.UNSUBSCRIBED);
      case "SpamComplaint" -> Optional.of(Type.COMPLAINED);
      case "Transient",
          "DnsError",
          "OpenRelayTest",
          "Subscribe",
          "AutoResponder",
          "AddressChange",
          "ChallengeVerification",
          "InboundError" ->
          Optional.empty();
      default -> Optional.of(Type.UNDELIVERED);
    };
  }

  @Override
  public String toString() {
    return "PostmarkWebhook[" + provider + "]";
  }

  /** Builds a {@link PostmarkWebhook}; not thread-safe. */
  public static final class Builder {

    // RFC 7617: what stands before the first colon is the user.
    private static final Pattern USER = Pattern.compile("[^\\s:]+");
    private static final Pattern PASSWORD = Pattern.compile("\\S+");

    private String provider = "postmark";
    private Optional<String> user = Optional.empty();
    private Optional<String> password = Optional.empty();

    private Builder() {}

    /** Sets the user that the webhook names. */
    public Builder user(String value) {
      user = Optional.of(Setting.matching(USER, "user", value, "a name without blanks and colons"));
      return this;
    }

    /**
     * Sets the password that the webhook names; long and of chance, for it is all the proof there
     * is.
     */
    public Builder password(String value) {
      password =
          Optional.of(Setting.matching(PASSWORD, "password", value, "a password without blanks"));
      return this;
    }

    /** Sets the provider's name on the dispatcher; {@code postmark} by default. */
    public Builder provider(String value) {
      provider = Setting.name(value);
      return this;
    }

    /** The webhook. */
    public PostmarkWebhook build() {
      return new PostmarkWebhook(this);
    }
  }
}
