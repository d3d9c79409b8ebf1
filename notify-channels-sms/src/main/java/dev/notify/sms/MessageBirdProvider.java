package dev.notify.sms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Sends text messages through MessageBird (now Bird), by its classic <a
 * href="https://developers.messagebird.com/api/sms-messaging/">SMS API</a>.
 *
 * <p>Of a content it takes the body, as long as it fits into {@value #MOST_SEGMENTS} segments:
 * 1,377 characters, or 603 if one of them is not of the GSM alphabet. Title, image, link and data
 * are left out. {@link SmsSegments} tells what a body costs. MessageBird gives up a message that is
 * of no use any more ({@code validity}), and hands our reference back in every report ({@code
 * reference}).
 *
 * <table>
 *   <caption>What MessageBird's errors become</caption>
 *   <tr><th>MessageBird says</th><th>Outcome</th></tr>
 *   <tr><td>2; HTTP 401, 403: access key</td><td>Misconfigured</td></tr>
 *   <tr><td>25; HTTP 402: no money left</td><td>Misconfigured</td></tr>
 *   <tr><td>20, 98; HTTP 404: base URL</td><td>Misconfigured</td></tr>
 *   <tr><td>9, 10 about the originator</td>
 *       <td>Misconfigured; Rejected if it is one for the number's prefix</td></tr>
 *   <tr><td>HTTP 429</td><td>Throttled, with {@code Retry-After}</td></tr>
 *   <tr><td>9, 10 about the recipients: no number that takes messages</td><td>InvalidAddress</td></tr>
 *   <tr><td>9, 10 about anything else; 21; any other HTTP 4xx</td><td>Rejected</td></tr>
 *   <tr><td>HTTP 503</td><td>Retryable</td></tr>
 *   <tr><td>99; HTTP 408 and any other 5xx; no answer; an answer without an id</td><td>Unknown</td></tr>
 * </table>
 *
 * <ul>
 *   <li>MessageBird has no idempotency key and cannot look up a message by our reference. It calls
 *       repeating after any 5xx safe, yet a gateway's time-out says nothing of what is behind it:
 *       of them 503 alone is believed. An unknown outcome is settled by reports or by policy.
 *   <li>That a number does not exist or said STOP is mostly known later, from {@link
 *       MessageBirdWebhook}.
 * </ul>
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class MessageBirdProvider extends HttpText {

  /** Segments that MessageBird takes at most. */
  public static final int MOST_SEGMENTS = 9;

  /** Seconds; networks keep a message for two days at most. */
  private static final long LONGEST_VALIDITY = 172_800;

  private final SmsSenders from;
  private final String authorization;
  private final Optional<HttpUrl> reportUrl;
  private final HttpUrl endpoint;

  private MessageBirdProvider(Builder builder) {
    super(builder);
    this.from = Setting.required("from", builder.from);
    this.authorization = "AccessKey " + Setting.required("accessKey", builder.accessKey);
    this.reportUrl = builder.reportUrl;
    this.endpoint = builder.settings.endpoint("https://rest.messagebird.com", "messages");
  }

  /** Starts a provider; it needs an access key and a sender. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  Request request(OutboundMessage message, Instant now) {
    return new Request.Builder()
        .url(endpoint)
        .header("Authorization", authorization)
        .header("Accept", "application/json")
        .post(body(json(message, now)))
        .build();
  }

  @Override
  Outcome outcome(Answer answer, OutboundMessage message) {
    return MessageBirdErrors.outcome(answer, from.isByPrefix(message.address()));
  }

  private ObjectNode json(OutboundMessage message, Instant now) {
    ObjectNode body =
        object()
            .put("originator", PhoneNumber.withoutPlus(from.senderFor(message.address())))
            .put("body", TextBody.of(message))
            .put("reference", message.reference())
            .put("datacoding", "auto")
            .put("validity", TextBody.validity(message, now, 1, LONGEST_VALIDITY));
    body.putArray("recipients").add(PhoneNumber.withoutPlus(message.address().value()));
    reportUrl.ifPresent(url -> body.put("reportUrl", url.toString()));
    return body;
  }

  @Override
  public Optional<String> problemWith(Content content) {
    Optional<String> problem = TextBody.problemWith(content, "MessageBird", Integer.MAX_VALUE);
    int segments = SmsSegments.of(content.body().orElse("")).count();
    return problem.isPresent() || segments <= MOST_SEGMENTS
        ? problem
        : Optional.of(
            "body has " + segments + " segments, MessageBird takes at most " + MOST_SEGMENTS);
  }

  /**
   * Builds a {@link MessageBirdProvider}, which calls {@code https://rest.messagebird.com} and is
   * {@code messagebird} in logs unless set otherwise. Each setter checks its value; not
   * thread-safe.
   */
  public static final class Builder extends SmsSettings<Builder> {

    private Optional<String> accessKey = Optional.empty();
    private Optional<SmsSenders> from = Optional.empty();
    private Optional<HttpUrl> reportUrl = Optional.empty();

    private Builder() {
      super("messagebird");
    }

    /** Sets the secret access key. */
    public Builder accessKey(String value) {
      accessKey = Optional.of(Setting.secret("accessKey", value, "the access key"));
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
     * Sets where MessageBird reports what becomes of a message; the account's address by default.
     */
    public Builder reportUrl(URI value) {
      reportUrl = Optional.of(ReportAddress.checked("reportUrl", value));
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public MessageBirdProvider build() {
      return new MessageBirdProvider(this);
    }
  }
}
