package dev.notify.sms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.Reply;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.http.Splitting;
import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Sends text messages through Plivo, by its <a
 * href="https://www.plivo.com/docs/messaging/api/message/send-a-message/">Message API</a>.
 *
 * <p>Of a content it takes the body, at most {@value #LONGEST_BODY} characters, or {@value
 * #LONGEST_UNICODE_BODY} if one of them is not of the GSM alphabet; title, image, link and data are
 * left out. {@link SmsSegments} tells what a body costs. A message that would leave Plivo's queue
 * after it is of no use any more is dropped there ({@code message_expiry}). Plivo keeps no
 * reference of ours: the address for reports gets it as a query parameter.
 *
 * <table>
 *   <caption>What Plivo's errors become</caption>
 *   <tr><th>Plivo says</th><th>Outcome</th></tr>
 *   <tr><td>HTTP 401, 404: credentials or account</td><td>Misconfigured</td></tr>
 *   <tr><td>HTTP 402; 4xx that speaks of insufficient credit</td><td>Misconfigured</td></tr>
 *   <tr><td>HTTP 429</td><td>Throttled, with {@code Retry-After}</td></tr>
 *   <tr><td>HTTP 403: a country that the account may not reach</td><td>Rejected</td></tr>
 *   <tr><td>HTTP 400, 405, any other 4xx</td><td>Rejected</td></tr>
 *   <tr><td>HTTP 408 and any 5xx; no answer; an answer without a message_uuid</td><td>Unknown</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Plivo's answers have no codes, so a number that does not exist is known only when {@link
 *       PlivoWebhook} reports it: set {@code reportUrl}.
 *   <li>A country without permission is the account's setting, yet no misconfiguration here: that
 *       opens the breaker, and one number abroad would stop the messages to everybody.
 *   <li>Plivo has no idempotency key, does not say that a 503 means "not taken", and cannot look up
 *       a message by our reference; an unknown outcome is settled by reports or by policy.
 * </ul>
 *
 * <p>Messages of the same text, sender and end may share a call, {@value #MOST_AT_ONCE} at most.
 * Each has an id of its own; a number among Plivo's {@code invalid_number} is Rejected. If ids and
 * refused numbers do not add up to those who were asked for, nobody knows whose is whose, and all
 * are Unknown. A call that is refused as a whole over one of them is split until that one is alone.
 * The address for reports bears no reference then, so reports are known by Plivo's id; if the
 * answer was lost, they are about nobody. Where that matters more, set {@code batchSize} to 1.
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class PlivoProvider extends HttpText implements BatchProvider {

  /** Characters that Plivo takes in a body of the GSM alphabet. */
  public static final int LONGEST_BODY = 1600;

  /** Characters that Plivo takes in any other body. */
  public static final int LONGEST_UNICODE_BODY = 737;

  /** Numbers that Plivo takes in one call. */
  static final int MOST_AT_ONCE = 1_000;

  /** Seconds that a message can stay in Plivo's queue. */
  private static final long SHORTEST_VALIDITY = 5;

  private static final long LONGEST_VALIDITY = 10_799;

  private final Optional<SmsSenders> from;
  private final Optional<String> powerpackUuid;
  private final String senderField;
  private final String authorization;
  private final Optional<HttpUrl> reportUrl;
  private final HttpUrl endpoint;
  private final int batchSize;

  private PlivoProvider(Builder builder) {
    super(builder);
    String authId = Setting.required("authId", builder.authId);
    this.senderField = builder.from.isPresent() ? "src" : "powerpack_uuid";
    this.from = builder.from;
    this.powerpackUuid = builder.powerpackUuid;
    this.authorization =
        Credentials.basic(authId, Setting.required("authToken", builder.authToken));
    this.reportUrl = builder.reportUrl;
    this.batchSize = builder.batchSize;
    this.endpoint =
        builder.settings.endpoint("https://api.plivo.com", "v1/Account/" + authId + "/Message/");
  }

  /** Starts a provider; it needs an account, its token, and a sender or a Powerpack. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  Request request(OutboundMessage message, Instant now) {
    ObjectNode body = json(List.of(message), now);
    reportUrl.ifPresent(url -> putReports(body, ReportAddress.of(url, message.reference())));
    return post(body);
  }

  /** One reference would be wrong for all but one of them. */
  private Request request(List<OutboundMessage> messages, Instant now) {
    ObjectNode body = json(messages, now);
    reportUrl.ifPresent(url -> putReports(body, url.toString()));
    return post(body);
  }

  private Request post(ObjectNode body) {
    return new Request.Builder()
        .url(endpoint)
        .header("Authorization", authorization)
        .header("Accept", "application/json")
        .post(body(body))
        .build();
  }

  @Override
  Outcome outcome(Answer answer, OutboundMessage message) {
    return PlivoErrors.outcome(answer);
  }

  private ObjectNode json(List<OutboundMessage> messages, Instant now) {
    OutboundMessage any = messages.get(0);
    return object()
        .put(senderField, sender(any.address()))
        .put("dst", messages.stream().map(PlivoProvider::number).collect(Collectors.joining("<")))
        .put("text", TextBody.of(any))
        .put("type", "sms")
        .put("message_expiry", validity(messages, now));
  }

  private static void putReports(ObjectNode body, String url) {
    body.put("url", url).put("method", "POST");
  }

  /** None of them may arrive after its end. */
  private static long validity(List<OutboundMessage> messages, Instant now) {
    return messages.stream()
        .mapToLong(message -> TextBody.validity(message, now, SHORTEST_VALIDITY, LONGEST_VALIDITY))
        .min()
        .orElseThrow();
  }

  private static String number(OutboundMessage message) {
    return PhoneNumber.withoutPlus(message.address().value());
  }

  @Override
  public int batchLimit() {
    return batchSize;
  }

  /** What messages in one call have in common; it shows nothing of it. */
  private record Common(String sender, String text, Optional<Long> end) {

    @Override
    public String toString() {
      return "Common[" + end + "]";
    }
  }

  @Override
  public Optional<Object> batchKey(OutboundMessage message) {
    if (problemWith(message.address()).isPresent()) {
      return Optional.empty();
    }
    // All that outlast Plivo's queue end there alike.
    Optional<Long> end =
        Optional.of(message.expiresAt())
            .filter(expiry -> expiry.isBefore(now().plusSeconds(LONGEST_VALIDITY)))
            .map(Instant::getEpochSecond);
    return Optional.of(new Common(sender(message.address()), TextBody.of(message), end));
  }

  @Override
  public List<Outcome> deliver(List<OutboundMessage> messages) {
    return attempt(messages, splitting());
  }

  private List<Outcome> attempt(List<OutboundMessage> messages, Splitting splitting) {
    if (messages.size() == 1) {
      return List.of(deliver(messages.get(0)));
    }
    if (!fitTogether(messages)) {
      return apart(messages, splitting);
    }
    Reply reply = exchange(request(messages, now()));
    if (reply instanceof Answer answer && answer.isSuccess()) {
      return PlivoErrors.outcomes(answer, messages.stream().map(PlivoProvider::number).toList());
    }
    Outcome outcome = reply.outcome(PlivoErrors::outcome);
    return outcome instanceof Outcome.Rejected
        ? apart(messages, splitting)
        : Collections.nCopies(messages.size(), outcome);
  }

  /** Plivo drops a number that comes twice, and takes what is no number for several. */
  private boolean fitTogether(List<OutboundMessage> messages) {
    return messages.stream().noneMatch(message -> problemWith(message.address()).isPresent())
        && messages.stream().map(PlivoProvider::number).distinct().count() == messages.size();
  }

  private List<Outcome> apart(List<OutboundMessage> messages, Splitting splitting) {
    return splitting.halves(messages, half -> attempt(half, splitting));
  }

  private String sender(Address address) {
    return from.map(senders -> PhoneNumber.withoutPlus(senders.senderFor(address)))
        .or(() -> powerpackUuid)
        .orElseThrow();
  }

  @Override
  public Optional<String> problemWith(Content content) {
    boolean plain =
        SmsSegments.of(content.body().orElse("")).encoding() == SmsSegments.Encoding.GSM_7;
    return TextBody.problemWith(content, "Plivo", plain ? LONGEST_BODY : LONGEST_UNICODE_BODY);
  }

  /**
   * Builds a {@link PlivoProvider}, which calls {@code https://api.plivo.com} and is {@code plivo}
   * in logs unless set otherwise. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends SmsSettings<Builder> {

    private static final int USUAL_BATCH = 50;
    private static final Pattern ACCOUNT = Pattern.compile("[MS]A[0-9A-Z]{18}");
    private static final Pattern POWERPACK =
        Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private Optional<String> authId = Optional.empty();
    private Optional<String> authToken = Optional.empty();
    private Optional<SmsSenders> from = Optional.empty();
    private Optional<String> powerpackUuid = Optional.empty();
    private Optional<HttpUrl> reportUrl = Optional.empty();
    private int batchSize = USUAL_BATCH;

    private Builder() {
      super("plivo");
    }

    /** Sets the account or subaccount, {@code MA} or {@code SA} and 18 letters and digits. */
    public Builder authId(String value) {
      authId =
          Optional.of(
              Setting.matching(
                  ACCOUNT, "authId", value, "MA or SA and 18 capital letters and digits"));
      return this;
    }

    /** Sets the account's secret token. */
    public Builder authToken(String value) {
      authToken = Optional.of(Setting.secret("authToken", value, "the account's token"));
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

    /** Sets the Powerpack that chooses the sender, a UUID. */
    public Builder powerpackUuid(String value) {
      powerpackUuid =
          Optional.of(Setting.matching(POWERPACK, "powerpackUuid", value, "the Powerpack's UUID"));
      return this;
    }

    /** Sets where Plivo reports what becomes of a message; no reports by default. */
    public Builder reportUrl(URI value) {
      reportUrl = Optional.of(ReportAddress.checked("reportUrl", value));
      return this;
    }

    /**
     * Sets how many messages one call may carry, up to 1,000; 50 by default, 1 for a call each.
     * What a crash can repeat grows with it.
     */
    public Builder batchSize(int value) {
      if (value < 1 || value > MOST_AT_ONCE) {
        throw new ConfigurationException("batchSize: must be from 1 to " + MOST_AT_ONCE);
      }
      batchSize = value;
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing or one too many
     */
    public PlivoProvider build() {
      if (from.isPresent() == powerpackUuid.isPresent()) {
        throw new ConfigurationException("from, powerpackUuid: exactly one of them must be set");
      }
      return new PlivoProvider(this);
    }
  }
}
