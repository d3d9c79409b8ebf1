package dev.notify.email;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.AwsSignature;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Outcome;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Sends e-mail through Amazon SES, by <a
 * href="https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html">SendEmail</a> of
 * version 2, signed with Signature Version 4.
 *
 * <p>The mail travels whole, as MIME, so that it is the same that {@link SmtpProvider} sends. Each
 * tag is a message tag of the value {@code true}; the tag {@code notify_reference} bears the
 * delivery's reference, and events repeat it. SES puts a {@code Message-ID} of its own in place of
 * ours: {@code Accepted} names that.
 *
 * <table>
 *   <caption>What SES's errors become</caption>
 *   <tr><th>SES says</th><th>Outcome</th></tr>
 *   <tr><td>AccessDenied, UnrecognizedClient, InvalidClientTokenId, InvalidSignature,
 *       SignatureDoesNotMatch, IncompleteSignature, MissingAuthenticationToken, OptInRequired,
 *       ExpiredToken, RequestExpired; HTTP 401, 403</td><td>Misconfigured</td></tr>
 *   <tr><td>AccountSuspended, SendingPaused, NotFound (configuration set); HTTP 404</td>
 *       <td>Misconfigured</td></tr>
 *   <tr><td>MailFromDomainNotVerified; MessageRejected that says an identity is not verified</td>
 *       <td>Misconfigured; Rejected if it names the recipient, as it does in the sandbox</td></tr>
 *   <tr><td>TooManyRequests, Throttling, LimitExceeded; HTTP 429</td>
 *       <td>Throttled; an hour for the daily quota</td></tr>
 *   <tr><td>any other MessageRejected, BadRequest; HTTP 413 and other 4xx</td><td>Rejected</td></tr>
 *   <tr><td>Conflict, ServiceUnavailable; HTTP 409, 503</td><td>Retryable</td></tr>
 *   <tr><td>any other 5xx; HTTP 408; no answer; an answer without an id</td><td>Unknown</td></tr>
 * </table>
 *
 * <p>SES says nothing of dead addresses when it takes a mail, has no idempotency key and no
 * look-up: bounces come as events, and a lost answer is settled by them or by policy. A request
 * refused as bad is repeated without its copies, if it had some.
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class SesProvider extends HttpMail {

  /** Bytes of a mail with its attachments encoded. */
  private static final long LONGEST = 40_000_000;

  private final String region;
  private final Supplier<SesCredentials> credentials;
  private final HttpUrl endpoint;
  private final Optional<String> configurationSet;
  private final MimeWriter writer;
  private final InstantSource clock;
  private volatile @Nullable Signer latest;

  /** Kept as long as the key stays, since a signature remembers the key of the day. */
  private record Signer(SesCredentials key, AwsSignature signature) {}

  private SesProvider(Builder builder) {
    super(builder, LONGEST);
    this.region = Setting.required("region", builder.region);
    this.credentials = builder.credentials();
    String domain = region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
    this.endpoint =
        builder.settings.endpoint("https://email." + region + domain, "v2/email/outbound-emails");
    this.configurationSet = builder.configurationSet;
    this.writer = new MimeWriter(builder.settings.clock());
    this.clock = builder.settings.clock();
  }

  /** Starts a provider; it needs a region, an access key with its secret, and a sender. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  Request request(Letter letter, boolean again) throws MessagingException {
    ObjectNode json = object().put("FromEmailAddress", letter.sender().from().toString());
    ObjectNode destination = json.putObject("Destination");
    addAll(destination.putArray("ToAddresses"), List.of(letter.to()));
    if (!letter.cc().isEmpty()) {
      addAll(destination.putArray("CcAddresses"), letter.cc());
    }
    if (!letter.bcc().isEmpty()) {
      addAll(destination.putArray("BccAddresses"), letter.bcc());
    }
    json.putObject("Content").putObject("Raw").put("Data", writer.write(letter));
    ArrayNode tags = json.putArray("EmailTags");
    tags.addObject().put("Name", Letter.REFERENCE).put("Value", letter.reference());
    letter.tags().forEach(tag -> tags.addObject().put("Name", tag).put("Value", "true"));
    configurationSet.ifPresent(set -> json.put("ConfigurationSetName", set));
    byte[] body = bytes(json);
    Request request =
        new Request.Builder()
            .url(endpoint)
            .header("Content-Type", "application/json")
            .post(body(body))
            .build();
    return signature().sign(request, body, clock.instant());
  }

  private AwsSignature signature() {
    SesCredentials key;
    try {
      key = credentials.get();
    } catch (RuntimeException e) {
      throw new NoCredentialsException(e);
    }
    Signer held = latest;
    if (held == null || !held.key().equals(key)) {
      held =
          new Signer(
              key,
              new AwsSignature(
                  key.accessKeyId(), key.secretAccessKey(), key.sessionToken(), region, "ses"));
      latest = held;
    }
    return held.signature();
  }

  private static void addAll(ArrayNode array, List<InternetAddress> addresses) {
    addresses.forEach(address -> array.add(address.getAddress()));
  }

  @Override
  Outcome outcome(Answer answer, Letter letter) {
    return SesErrors.outcome(answer, letter);
  }

  @Override
  boolean blamesCopies(Answer answer, Letter letter) {
    return SesErrors.blamesCopies(answer);
  }

  /**
   * Builds a {@link SesProvider}, which calls the region's address, {@code
   * https://email.eu-central-1.amazonaws.com} for example, and is {@code ses} in logs unless set
   * otherwise. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends MailSettings<Builder> {

    private static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d{1,2}");
    private static final Pattern SET = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private Optional<String> region = Optional.empty();
    private Optional<String> accessKeyId = Optional.empty();
    private Optional<String> secretAccessKey = Optional.empty();
    private Optional<String> sessionToken = Optional.empty();
    private Optional<Supplier<SesCredentials>> supplied = Optional.empty();
    private Optional<String> configurationSet = Optional.empty();

    private Builder() {
      super("ses");
    }

    /** Sets the region, {@code eu-central-1} for example; the mail is handled there. */
    public Builder region(String value) {
      region = Optional.of(Setting.matching(REGION, "region", value, "one such as eu-central-1"));
      return this;
    }

    /** Sets the access key's id. */
    public Builder accessKeyId(String value) {
      accessKeyId = Optional.of(SesCredentials.checkedId(value));
      return this;
    }

    /** Sets the access key's secret. */
    public Builder secretAccessKey(String value) {
      secretAccessKey = Optional.of(SesCredentials.checkedSecret(value));
      return this;
    }

    /**
     * Sets the token that belongs to a key that ends; see {@link #credentials} for the next one.
     */
    public Builder sessionToken(String value) {
      sessionToken = Optional.of(SesCredentials.checkedToken(value));
      return this;
    }

    /**
     * Sets who knows the access key of the moment, in place of one that stays. Asked for every
     * message, on its thread, so it should keep what it knows. If it throws, the message is {@code
     * Misconfigured}.
     */
    public Builder credentials(Supplier<SesCredentials> value) {
      supplied = Optional.of(value);
      return this;
    }

    private Supplier<SesCredentials> credentials() {
      boolean given =
          accessKeyId.isPresent() || secretAccessKey.isPresent() || sessionToken.isPresent();
      if (given && supplied.isPresent()) {
        throw new ConfigurationException(
            "credentials, accessKeyId: exactly one of them must be set");
      }
      return supplied.orElseGet(
          () -> {
            SesCredentials fixed =
                new SesCredentials(
                    Setting.required("accessKeyId", accessKeyId),
                    Setting.required("secretAccessKey", secretAccessKey),
                    sessionToken);
            return () -> fixed;
          });
    }

    /** Sets the configuration set, which says where events go; the identity's own by default. */
    public Builder configurationSet(String value) {
      configurationSet =
          Optional.of(
              Setting.matching(
                  SET,
                  "configurationSet",
                  value,
                  "of 1 to 64 letters, digits, hyphens and underscores"));
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public SesProvider build() {
      return new SesProvider(this);
    }
  }
}
