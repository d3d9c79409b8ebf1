package dev.notify.sms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Sends text messages through Vonage (formerly Nexmo), by its <a
 * href="https://developer.vonage.com/en/api/messages">Messages API</a>, version 1.
 *
 * <p>The Messages API and not the older SMS API: its errors have HTTP statuses and codes instead of
 * a 200 for everything, and its webhooks are signed by a token that covers the body. It needs an
 * application with its private key, since calls by key and secret get no webhooks.
 *
 * <p>Of a content it takes the body, at most {@value #LONGEST_BODY} characters; title, image, link
 * and data are left out. {@link SmsSegments} tells what a body costs. Vonage gives up a message
 * that is of no use any more ({@code ttl}), and hands our reference back in every report ({@code
 * client_ref}); reports go to the addresses set at the application, see {@link VonageWebhook}.
 *
 * <table>
 *   <caption>What Vonage's errors become</caption>
 *   <tr><th>Vonage says</th><th>Outcome</th></tr>
 *   <tr><td>unauthorized, forbidden, unprovisioned, account-suspended, jwt-expired, jwt-revoked, invalid-api-key,
 *       invalid-signature, 1060, 1080, 1110, 1140; HTTP 401, 403, 404: application, key or account</td>
 *       <td>Misconfigured</td></tr>
 *   <tr><td>low-balance, 1070; HTTP 402: no money left</td><td>Misconfigured</td></tr>
 *   <tr><td>throttled, 1000; HTTP 429</td><td>Throttled, with {@code Retry-After}</td></tr>
 *   <tr><td>1170, 1190, 1430: no such number</td><td>InvalidAddress</td></tr>
 *   <tr><td>1240: the recipient answered STOP</td><td>InvalidAddress, as an opt-out</td></tr>
 *   <tr><td>1050, 1120, 1160: not from this account or sender to this number</td><td>Rejected</td></tr>
 *   <tr><td>1010, 1020, 1021, 1022, 1040, 1090, 1130, 1150, invalid-params; any other HTTP 4xx</td>
 *       <td>Rejected</td></tr>
 *   <tr><td>1100: not submitted; 1241: too many to this number</td><td>Retryable</td></tr>
 *   <tr><td>1030, 1320, internal-error; HTTP 408 and any 5xx; no answer; an answer without a
 *       message_uuid</td><td>Unknown</td></tr>
 * </table>
 *
 * <ul>
 *   <li>A sender that is not accepted (1120) depends on the country of the number, so it is no
 *       misconfiguration: that opens the breaker, and one number abroad would stop the messages to
 *       everybody.
 *   <li>STOP makes the address invalid, so that it is suppressed: a person who opted out must not
 *       be asked again, by another provider of the chain least of all.
 *   <li>Vonage has no idempotency key, does not say that a 503 means "not taken", and cannot look
 *       up a message by our reference; an unknown outcome is settled by reports or by policy.
 * </ul>
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class VonageProvider extends HttpText {

  /** Characters that Vonage takes in a body. */
  public static final int LONGEST_BODY = 1000;

  /** Seconds; less is refused, and Vonage tries no longer than three days. */
  private static final long SHORTEST_VALIDITY = 20;

  private static final long LONGEST_VALIDITY = 259_200;

  private final SmsSenders from;
  private final VonageTokens tokens;
  private final HttpUrl endpoint;

  private VonageProvider(Builder builder) {
    super(builder);
    this.tokens =
        new VonageTokens(
            Setting.required("applicationId", builder.applicationId),
            Setting.required("privateKey", builder.privateKey),
            builder.settings.clock());
    this.from = Setting.required("from", builder.from);
    this.endpoint = builder.settings.endpoint("https://api.nexmo.com", "v1/messages");
  }

  /** Starts a provider; it needs an application, its private key and a sender. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  Request request(OutboundMessage message, Instant now) {
    return new Request.Builder()
        .url(endpoint)
        .header("Authorization", "Bearer " + tokens.current())
        .header("Accept", "application/json")
        .post(body(json(message, now)))
        .build();
  }

  @Override
  Outcome outcome(Answer answer, OutboundMessage message) {
    return VonageErrors.outcome(answer, from.isByPrefix(message.address()));
  }

  private ObjectNode json(OutboundMessage message, Instant now) {
    ObjectNode body =
        object()
            .put("message_type", "text")
            .put("channel", "sms")
            .put("to", PhoneNumber.withoutPlus(message.address().value()))
            .put("from", PhoneNumber.withoutPlus(from.senderFor(message.address())))
            .put("text", TextBody.of(message))
            .put("ttl", TextBody.validity(message, now, SHORTEST_VALIDITY, LONGEST_VALIDITY))
            .put("client_ref", message.reference());
    return body;
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return TextBody.problemWith(content, "Vonage", LONGEST_BODY);
  }

  /**
   * Builds a {@link VonageProvider}, which calls {@code https://api.nexmo.com} and is {@code
   * vonage} in logs unless set otherwise. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends SmsSettings<Builder> {

    private static final Pattern APPLICATION =
        Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private Optional<String> applicationId = Optional.empty();
    private Optional<PrivateKey> privateKey = Optional.empty();
    private Optional<SmsSenders> from = Optional.empty();

    private Builder() {
      super("vonage");
    }

    /** Sets the application, a UUID. */
    public Builder applicationId(String value) {
      applicationId =
          Optional.of(
              Setting.matching(APPLICATION, "applicationId", value, "the application's UUID"));
      return this;
    }

    /** Reads the application's private key from its PEM file. */
    public Builder privateKey(Path file) {
      String pem;
      try {
        pem = Files.readString(file);
      } catch (IOException e) {
        throw new ConfigurationException(
            "privateKey: the file cannot be read; check its path and rights");
      }
      return privateKey(pem);
    }

    /** Takes the application's private key from its PEM text. */
    public Builder privateKey(String pem) {
      privateKey = Optional.of(VonageTokens.key(pem));
      return this;
    }

    /**
     * Sets the sender: a number in E.164 form, a short code, or a name of at most eleven
     * characters.
     */
    public Builder from(String value) {
      return from(SmsSenders.of(value));
    }

    /** Sets the senders by the country a message goes to, in place of one for all. */
    public Builder from(SmsSenders value) {
      from = Optional.of(value);
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public VonageProvider build() {
      return new VonageProvider(this);
    }
  }
}
