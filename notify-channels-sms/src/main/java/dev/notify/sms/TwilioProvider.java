package dev.notify.sms;

import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Credentials;
import okhttp3.FormBody;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Sends text messages through Twilio, by its <a
 * href="https://www.twilio.com/docs/messaging/api/message-resource">Messages resource</a>.
 *
 * <p>Of a content it takes the body, at most {@value #LONGEST_BODY} characters; title, image, link
 * and data are left out. {@link SmsSegments} tells what a body costs. A message that would leave
 * Twilio's queue after it is of no use any more is dropped there ({@code ValidityPeriod}).
 *
 * <table>
 *   <caption>What Twilio's errors become</caption>
 *   <tr><th>Twilio says</th><th>Outcome</th></tr>
 *   <tr><td>10001, 20003, 20005, 20006, 20403, 20404, 30002; HTTP 401, 403, 404: account or token</td>
 *       <td>Misconfigured</td></tr>
 *   <tr><td>21212, 21601, 21603, 21606, 21607, 21659, 21660, 21661, 21701, 21703, 21705, 30034: sender</td>
 *       <td>Misconfigured; Rejected if it is one for the number's prefix</td></tr>
 *   <tr><td>21609: status callback; 63038: daily limit of the account</td><td>Misconfigured</td></tr>
 *   <tr><td>20429, 21611, 30001, 30022, 63017, 63018; HTTP 429</td><td>Throttled, with {@code Retry-After}</td></tr>
 *   <tr><td>21211, 21214, 21217, 21265, 21614, 21635, 30005, 30006: no mobile number</td>
 *       <td>InvalidAddress</td></tr>
 *   <tr><td>21610: the recipient answered STOP</td><td>InvalidAddress, as an opt-out</td></tr>
 *   <tr><td>21408, 21608, 21612, 21266: not from this account to this number</td><td>Rejected</td></tr>
 *   <tr><td>21602, 21605, 21617, 21619, 30004, 30007; any other HTTP 4xx</td><td>Rejected</td></tr>
 *   <tr><td>20503; HTTP 503</td><td>Retryable</td></tr>
 *   <tr><td>20500; HTTP 408 and any other 5xx; no answer; an answer without a sid</td><td>Unknown</td></tr>
 * </table>
 *
 * <ul>
 *   <li>STOP makes the address invalid, so that it is suppressed: a person who opted out must not
 *       be asked again, by another provider of the chain least of all. Take it off the suppression
 *       list when the person answers START.
 *   <li>A region without permission (21408) is the account's setting, yet no misconfiguration here:
 *       that opens the breaker, and one number abroad would stop the messages to everybody. A wrong
 *       sender of one prefix is the same.
 *   <li>Twilio has no idempotency key and says of its 500 that repeating may send twice, so all but
 *       503, which means that the service did not take part, are unknown. It cannot look up a
 *       message by our reference either; an unknown outcome is settled by {@code statusCallback}
 *       events or by policy.
 * </ul>
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class TwilioProvider extends HttpText {

  /** Characters that Twilio takes in a body. */
  public static final int LONGEST_BODY = 1600;

  /** Seconds that Twilio keeps a message in its queue at most. */
  private static final long LONGEST_VALIDITY = 36_000;

  private final Optional<SmsSenders> from;
  private final Optional<String> messagingServiceSid;
  private final String senderField;
  private final String authorization;
  private final Optional<HttpUrl> statusCallback;
  private final HttpUrl endpoint;

  private TwilioProvider(Builder builder) {
    super(builder);
    String accountSid = Setting.required("accountSid", builder.accountSid);
    this.senderField = builder.from.isPresent() ? "From" : "MessagingServiceSid";
    this.from = builder.from;
    this.messagingServiceSid = builder.messagingServiceSid;
    this.authorization =
        Credentials.basic(accountSid, Setting.required("authToken", builder.authToken));
    this.statusCallback = builder.statusCallback;
    this.endpoint =
        builder.settings.endpoint(
            "https://api.twilio.com", "2010-04-01/Accounts/" + accountSid + "/Messages.json");
  }

  /** Starts a provider; it needs an account, its token, and a sender or a messaging service. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  Request request(OutboundMessage message, Instant now) {
    return new Request.Builder()
        .url(endpoint)
        .header("Authorization", authorization)
        .post(form(message, now))
        .build();
  }

  @Override
  Outcome outcome(Answer answer, OutboundMessage message) {
    return TwilioErrors.outcome(
        answer, from.filter(senders -> senders.isByPrefix(message.address())).isPresent());
  }

  private FormBody form(OutboundMessage message, Instant now) {
    FormBody.Builder form =
        new FormBody.Builder()
            .add("To", message.address().value())
            .add(senderField, sender(message.address()))
            .add("Body", TextBody.of(message))
            .add(
                "ValidityPeriod",
                Long.toString(TextBody.validity(message, now, 1, LONGEST_VALIDITY)));
    statusCallback.ifPresent(
        url -> form.add("StatusCallback", ReportAddress.of(url, message.reference())));
    return form.build();
  }

  private String sender(Address address) {
    return from.map(senders -> senders.senderFor(address))
        .or(() -> messagingServiceSid)
        .orElseThrow();
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return TextBody.problemWith(content, "Twilio", LONGEST_BODY);
  }

  /**
   * Builds a {@link TwilioProvider}, which calls {@code https://api.twilio.com} and is {@code
   * twilio} in logs unless set otherwise. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends SmsSettings<Builder> {

    private static final Pattern ACCOUNT = Pattern.compile("AC[0-9a-fA-F]{32}");
    private static final Pattern SERVICE = Pattern.compile("MG[0-9a-fA-F]{32}");

    private Optional<String> accountSid = Optional.empty();
    private Optional<String> authToken = Optional.empty();
    private Optional<SmsSenders> from = Optional.empty();
    private Optional<String> messagingServiceSid = Optional.empty();
    private Optional<HttpUrl> statusCallback = Optional.empty();

    private Builder() {
      super("twilio");
    }

    /** Sets the account, {@code AC} and 32 hexadecimal digits. */
    public Builder accountSid(String value) {
      accountSid =
          Optional.of(
              Setting.matching(ACCOUNT, "accountSid", value, "AC and 32 hexadecimal digits"));
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

    /** Sets the messaging service that chooses the sender, {@code MG} and 32 hexadecimal digits. */
    public Builder messagingServiceSid(String value) {
      messagingServiceSid =
          Optional.of(
              Setting.matching(
                  SERVICE, "messagingServiceSid", value, "MG and 32 hexadecimal digits"));
      return this;
    }

    /** Sets where Twilio reports what becomes of a message; no reports by default. */
    public Builder statusCallback(URI value) {
      statusCallback = Optional.of(ReportAddress.checked("statusCallback", value));
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing or one too many
     */
    public TwilioProvider build() {
      if (from.isPresent() == messagingServiceSid.isPresent()) {
        throw new ConfigurationException(
            "from, messagingServiceSid: exactly one of them must be set");
      }
      return new TwilioProvider(this);
    }
  }
}
