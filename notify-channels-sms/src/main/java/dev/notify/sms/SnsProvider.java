package dev.notify.sms;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.notify.http.AwsSignature;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Sends text messages through Amazon SNS, by its action <a
 * href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a> to a phone number.
 *
 * <p>Of a content it takes the body, at most {@value #LONGEST_BODY} characters; title, image, link
 * and data are left out. {@link SmsSegments} tells what a body costs. Messages are sent as
 * transactional, which Amazon delivers with priority. SNS cannot be told when a message is of no
 * use any more.
 *
 * <table>
 *   <caption>What SNS's errors become</caption>
 *   <tr><th>SNS says</th><th>Outcome</th></tr>
 *   <tr><td>AccessDenied, AuthorizationError, ExpiredToken, IncompleteSignature, InvalidClientTokenId,
 *       InvalidSecurity, MissingAuthenticationToken, NotAuthorized, OptInRequired, RequestExpired,
 *       SignatureDoesNotMatch, UnrecognizedClient; HTTP 401, 403, 404</td><td>Misconfigured</td></tr>
 *   <tr><td>Throttled, Throttling, RequestThrottled, KMSThrottling; HTTP 429</td>
 *       <td>Throttled, with {@code Retry-After}</td></tr>
 *   <tr><td>OptedOut: the recipient answered STOP</td><td>InvalidAddress, as an opt-out</td></tr>
 *   <tr><td>InvalidParameter, InvalidParameterValue, ParameterValueInvalid, Validation, ValidationError;
 *       any other HTTP 4xx</td><td>Rejected</td></tr>
 *   <tr><td>ServiceUnavailable</td><td>Retryable</td></tr>
 *   <tr><td>InternalError, InternalFailure; HTTP 408 and any other 5xx; no answer; an answer without a
 *       MessageId</td><td>Unknown</td></tr>
 * </table>
 *
 * <ul>
 *   <li>A parameter that is not valid may be the number's or the message's own, so it says nothing
 *       about the address.
 *   <li>SNS has no idempotency key for text messages, keeps no reference of ours, and writes what
 *       became of a message to CloudWatch alone, so there is no webhook; an unknown outcome is
 *       settled by policy.
 * </ul>
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class SnsProvider extends HttpText {

  /** Characters that SNS takes in a body. */
  public static final int LONGEST_BODY = 1600;

  private static final MediaType FORM = MediaType.get("application/x-www-form-urlencoded");

  private final Optional<String> from;
  private final AwsSignature signature;
  private final HttpUrl endpoint;

  private SnsProvider(Builder builder) {
    super(builder);
    String region = Setting.required("region", builder.region);
    this.from = builder.from;
    this.signature =
        new AwsSignature(
            Setting.required("accessKeyId", builder.accessKeyId),
            Setting.required("secretAccessKey", builder.secretAccessKey),
            builder.sessionToken,
            region,
            "sns");
    this.endpoint = builder.settings.endpoint("https://sns." + region + ".amazonaws.com", "");
  }

  /** Starts a provider; it needs a region and an access key with its secret. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  Request request(OutboundMessage message, Instant now) {
    byte[] body = form(message).getBytes(UTF_8);
    Request request =
        new Request.Builder().url(endpoint).post(RequestBody.create(body, FORM)).build();
    return signature.sign(request, body, now);
  }

  @Override
  Outcome outcome(Answer answer, OutboundMessage message) {
    return SnsErrors.outcome(answer);
  }

  private String form(OutboundMessage message) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("Action", "Publish");
    form.put("Version", "2010-03-31");
    form.put("PhoneNumber", message.address().value());
    form.put("Message", TextBody.of(message));
    attribute(form, 1, "AWS.SNS.SMS.SMSType", "Transactional");
    from.ifPresent(
        sender ->
            attribute(
                form,
                2,
                sender.matches("\\+?\\d+")
                    ? "AWS.MM.SMS.OriginationNumber"
                    : "AWS.SNS.SMS.SenderID",
                sender));
    return form.entrySet().stream()
        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  private static void attribute(Map<String, String> form, int number, String name, String value) {
    String entry = "MessageAttributes.entry." + number;
    form.put(entry + ".Name", name);
    form.put(entry + ".Value.DataType", "String");
    form.put(entry + ".Value.StringValue", value);
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return TextBody.problemWith(content, "SNS", LONGEST_BODY);
  }

  /**
   * Builds a {@link SnsProvider}, which calls the region's address, {@code
   * https://sns.eu-central-1.amazonaws.com} for example, and is {@code sns} in logs unless set
   * otherwise. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends SmsSettings<Builder> {

    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d");
    private static final Pattern KEY = Pattern.compile("[A-Z0-9]{16,128}");

    private static final Pattern SENDER = Pattern.compile("\\+?\\d+|[A-Za-z0-9-]+");

    private Optional<String> region = Optional.empty();
    private Optional<String> accessKeyId = Optional.empty();
    private Optional<String> secretAccessKey = Optional.empty();
    private Optional<String> sessionToken = Optional.empty();
    private Optional<String> from = Optional.empty();

    private Builder() {
      super("sns");
    }

    /** Sets the region, {@code eu-central-1} for example. */
    public Builder region(String value) {
      region =
          Optional.of(Setting.matching(REGION, "region", value, "a region such as eu-central-1"));
      return this;
    }

    /** Sets the id of the access key. */
    public Builder accessKeyId(String value) {
      accessKeyId =
          Optional.of(
              Setting.matching(
                  KEY, "accessKeyId", value, "capital letters and digits, 16 or more"));
      return this;
    }

    /** Sets the access key's secret. */
    public Builder secretAccessKey(String value) {
      secretAccessKey =
          Optional.of(Setting.secret("secretAccessKey", value, "the access key's secret"));
      return this;
    }

    /** Sets the token that goes with temporary credentials; none by default. */
    public Builder sessionToken(String value) {
      sessionToken = Optional.of(Setting.secret("sessionToken", value, "the session's token"));
      return this;
    }

    /**
     * Sets the sender: a number in E.164 form or a short code that the account has, or a name of at
     * most eleven characters; the one that Amazon chooses by default.
     */
    public Builder from(String value) {
      from =
          Optional.of(
              Setting.matching(
                  SENDER, "from", SenderId.checked(value), "without spaces and signs at Amazon"));
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public SnsProvider build() {
      return new SnsProvider(this);
    }
  }
}
