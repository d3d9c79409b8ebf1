package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.notify.http.Setting;
import dev.notify.http.WebhookProof;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What Plivo tells: <a
 * href="https://www.plivo.com/docs/messaging/api/message/message-status-callbacks/">message status
 * callbacks</a>, and messages from people, of which STOP and START count. The <a
 * href="https://www.plivo.com/docs/voice/xml/request/validation/">signature</a> (version 3) covers
 * the address and the fields, so give the handler the address that is set at Plivo.
 *
 * <table>
 *   <caption>What a status becomes (<a
 *   href="https://www.plivo.com/docs/messaging/troubleshooting/error-codes">error codes</a>)</caption>
 *   <tr><th>Plivo says</th><th>event</th></tr>
 *   <tr><td>delivered</td><td>DELIVERED</td></tr>
 *   <tr><td>read</td><td>READ</td></tr>
 *   <tr><td>undelivered, failed, rejected with 50, 70</td><td>BOUNCED: no such number, or one that takes no messages</td></tr>
 *   <tr><td>undelivered, failed, rejected with 200</td><td>UNSUBSCRIBED: the person answered STOP</td></tr>
 *   <tr><td>undelivered, failed, rejected otherwise</td><td>UNDELIVERED</td></tr>
 *   <tr><td>STOP and its kin, as the whole message</td><td>the address is suppressed</td></tr>
 *   <tr><td>START and its kin</td><td>an opt-out is taken back</td></tr>
 * </table>
 *
 * <p>Plivo sends the older signature (version 2) too. It is not taken: it covers the address alone,
 * and whoever has seen one could write any body. Plivo does not say when something happened, nor
 * when it sent a callback, so a repeated one is told from a new one by the message's UUID: a status
 * is an event once, and a person's word counts once, as long as {@link
 * dev.notify.model.Suppression#heard} holds it. Thread-safe.
 *
 * @since 0.1
 */
public final class PlivoWebhook implements ProviderWebhook {

  private final String provider;
  private final byte[] authToken;
  private final InstantSource clock;

  private PlivoWebhook(Builder builder) {
    provider = builder.provider;
    authToken = Setting.required("authToken", builder.authToken).getBytes(UTF_8);
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
    String nonce = WebhookProof.header(request, "X-Plivo-Signature-V3-Nonce");
    List<byte[]> signatures = signatures(request);
    Map<String, String> form = WebhookFields.form(request);
    Map<String, String> query = WebhookFields.query(request);
    WebhookProof.requireHmac(
        "HmacSHA256", authToken, signed(url, query, form, nonce).getBytes(UTF_8), signatures);
    // A callback by GET has its fields in the address.
    Map<String, String> fields = form.isEmpty() ? query : form;
    return fields.containsKey("Status")
        ? status(fields, request)
            .map(event -> WebhookReport.of(List.of(event)))
            .orElse(WebhookReport.EMPTY)
        : new PersonsAnswer(
                Optional.ofNullable(fields.get("MessageUUID")),
                fields.getOrDefault("From", ""),
                fields.getOrDefault("Text", ""))
            .heardBy(provider, clock.instant());
  }

  /** By the token of the subaccount and of the account, and of each there can be several. */
  private static List<byte[]> signatures(WebhookRequest request) {
    List<byte[]> signatures = new ArrayList<>();
    for (String header : List.of("X-Plivo-Signature-V3", "X-Plivo-Signature-Ma-V3")) {
      for (String signature : request.header(header).orElse("").split(",")) {
        if (!signature.isBlank()) {
          signatures.add(WebhookProof.base64(signature));
        }
      }
    }
    return signatures;
  }

  private static String signed(
      String url, Map<String, String> query, Map<String, String> form, String nonce) {
    StringBuilder signed = new StringBuilder(url.split("[?#]", 2)[0]);
    if (!query.isEmpty() || !form.isEmpty()) {
      signed.append('?').append(joined(query, "=", "&"));
    }
    if (!query.isEmpty() && !form.isEmpty()) {
      signed.append('.');
    }
    return signed.append(joined(form, "", "")).append('.').append(nonce).toString();
  }

  private static String joined(Map<String, String> fields, String is, String and) {
    return new TreeMap<>(fields)
        .entrySet().stream()
            .map(field -> field.getKey() + is + field.getValue())
            .collect(Collectors.joining(and));
  }

  private Optional<ProviderEvent> status(Map<String, String> fields, WebhookRequest request) {
    String status = fields.getOrDefault("Status", "");
    String code = fields.getOrDefault("ErrorCode", "");
    Optional<Type> type =
        switch (status) {
          case "delivered" -> Optional.of(Type.DELIVERED);
          case "read" -> Optional.of(Type.READ);
          case "undelivered", "failed", "rejected" -> Optional.of(failure(code));
          default -> Optional.empty();
        };
    String cause = code.matches("\\d{1,6}") ? status + " (error " + code + ")" : status;
    return type.map(
        known ->
            new ProviderEvent(
                    provider, fields.getOrDefault("MessageUUID", ""), known, clock.instant(), cause)
                .undated()
                .withReference(ReportAddress.reference(request))
                .about(number(fields, request)));
  }

  /**
   * Of messages that shared a call Plivo documents no order of ids. If one should be out of place,
   * its report is about somebody else than the delivery's recipient, and so about nobody.
   */
  private static Optional<String> number(Map<String, String> fields, WebhookRequest request) {
    return ReportAddress.reference(request).isPresent()
        ? Optional.empty()
        : Optional.ofNullable(fields.get("To"))
            .filter(number -> number.matches("\\+?\\d{7,15}"))
            .map(number -> number.startsWith("+") ? number : "+" + number);
  }

  private static Type failure(String code) {
    return switch (code) {
      case "50", "70" -> Type.BOUNCED;
      case "200" -> Type.UNSUBSCRIBED;
      default -> Type.UNDELIVERED;
    };
  }

  @Override
  public String toString() {
    return "PlivoWebhook[" + provider + "]";
  }

  /** Builds a {@link PlivoWebhook}; not thread-safe. */
  public static final class Builder extends SmsWebhookSettings<Builder> {

    private Optional<String> authToken = Optional.empty();

    private Builder() {
      super("plivo");
    }

    /** Sets the secret token of the account or of the subaccount that sends: by it Plivo signs. */
    public Builder authToken(String value) {
      authToken = Optional.of(Setting.secret("authToken", value, "the account's token"));
      return this;
    }

    /** The webhook. */
    public PlivoWebhook build() {
      return new PlivoWebhook(this);
    }
  }
}
