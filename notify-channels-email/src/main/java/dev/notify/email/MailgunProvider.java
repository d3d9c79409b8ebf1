package dev.notify.email;

import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.Credentials;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Sends e-mail through Mailgun, by <a
 * href="https://documentation.mailgun.com/docs/mailgun/api-reference/send/mailgun/messages">messages.mime</a>
 * of version 3, and several of equal content by {@code messages}. A domain lives in the United
 * States or in the European Union; for the latter give {@code baseUrl} {@code
 * https://api.eu.mailgun.net}.
 *
 * <p>The mail travels whole, as MIME, so that it is the same that {@link SmtpProvider} sends.
 * Mailgun takes {@value #MOST_TAGS} tags a message: the first ones. The variable {@code
 * notify_reference} bears the delivery's reference, and every event repeats it. {@code Accepted}
 * names Mailgun's id without its angle brackets, as events do.
 *
 * <table>
 *   <caption>What Mailgun's errors become</caption>
 *   <tr><th>Mailgun says</th><th>Outcome</th></tr>
 *   <tr><td>401, 402, 403, 404: key, payment, domain or region</td><td>Misconfigured</td></tr>
 *   <tr><td>400 or 403: the domain is not allowed to send</td><td>Misconfigured</td></tr>
 *   <tr><td>400 or 403: a free account's recipients must be authorized</td><td>Rejected</td></tr>
 *   <tr><td>400: {@code to parameter is not a valid address}</td><td>InvalidAddress</td></tr>
 *   <tr><td>any other 400; 413 and other 4xx</td><td>Rejected</td></tr>
 *   <tr><td>420, 429</td><td>Throttled, with {@code Retry-After} or the date in its words</td></tr>
 *   <tr><td>503</td><td>Retryable</td></tr>
 *   <tr><td>any other 5xx; 408; no answer; an answer without an id</td><td>Unknown</td></tr>
 * </table>
 *
 * <p>Mailgun takes mail to addresses it has suppressed and drops it later, with an event. It has no
 * idempotency key: a lost answer is settled by events or by policy. A request whose addresses are
 * refused is repeated without its copies, since Mailgun does not say which one it means.
 *
 * <p>Mails of equal content may share a request, {@value #MOST_AT_ONCE} at most. Each recipient
 * gets a mail of their own and sees nobody else's address; the reference and the address for
 * unsubscribing are filled in by Mailgun ({@code recipient-variables}). Mailgun has one id for all
 * of them, so {@code Accepted} names it, a dot and the reference, and events find the delivery by
 * the reference. What Mailgun could take for a variable, {@code %recipient} for example, travels
 * alone. A request refused over one recipient, or over how many there are, is split until it is
 * taken.
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class MailgunProvider extends BatchMail {

  /** Tags that Mailgun takes on every plan. */
  public static final int MOST_TAGS = 3;

  /** Recipients that Mailgun takes in one request. */
  static final int MOST_AT_ONCE = 1_000;

  /** Bytes of a mail with its attachments encoded. */
  private static final long LONGEST = 25L * 1024 * 1024;

  private static final String HOST = "https://api.mailgun.net";
  private static final MediaType MAIL = MediaType.get("message/rfc822");

  private final String authorization;
  private final HttpUrl endpoint;
  private final HttpUrl endpointForSeveral;
  private final boolean mayShare;
  private final MimeWriter writer;
  private final InstantSource clock;

  private MailgunProvider(Builder builder) {
    super(builder, LONGEST, builder.batchSize());
    this.authorization = Credentials.basic("api", Setting.required("apiKey", builder.apiKey));
    String messages = "v3/" + Setting.required("domain", builder.domain) + "/messages";
    this.endpoint = builder.settings.endpoint(HOST, messages + ".mime");
    this.endpointForSeveral = builder.settings.endpoint(HOST, messages);
    this.mayShare = MailgunForm.canHold(builder.sender());
    this.writer = new MimeWriter(builder.settings.clock());
    this.clock = builder.settings.clock();
  }

  /** Starts a provider; it needs a domain, a key and a sender. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  Request request(Letter letter, boolean again) throws MessagingException {
    String envelope =
        Stream.concat(Stream.of(letter.to()), letter.copies().stream())
            .map(InternetAddress::getAddress)
            .collect(Collectors.joining(","));
    MultipartBody.Builder form =
        new MultipartBody.Builder()
            .setType(MultipartBody.FORM)
            .addFormDataPart("to", envelope)
            .addFormDataPart(
                "message", "message.mime", RequestBody.create(writer.write(letter), MAIL))
            .addFormDataPart("v:" + Letter.REFERENCE, letter.reference());
    letter.tags().stream().limit(MOST_TAGS).forEach(tag -> form.addFormDataPart("o:tag", tag));
    return post(endpoint, form.build());
  }

  private Request post(HttpUrl url, RequestBody body) {
    return new Request.Builder().url(url).header("Authorization", authorization).post(body).build();
  }

  @Override
  Outcome outcome(Answer answer, Letter letter) {
    return MailgunErrors.outcome(answer, clock.instant());
  }

  @Override
  boolean blamesCopies(Answer answer, Letter letter) {
    return MailgunErrors.isAboutAddresses(answer);
  }

  @Override
  public Optional<Object> batchKey(OutboundMessage message) {
    return super.batchKey(message).filter(key -> mayShare && MailgunForm.canHold(message));
  }

  @Override
  Object common(OutboundMessage message) {
    return MailgunForm.common(message);
  }

  /** The variables are kept by address, so nobody may be in it twice. */
  @Override
  boolean fitTogether(List<Letter> letters) {
    long people =
        letters.stream()
            .map(letter -> letter.to().getAddress().toLowerCase(Locale.ROOT))
            .distinct()
            .count();
    return people == letters.size();
  }

  @Override
  Request request(List<Letter> letters) {
    return post(endpointForSeveral, MailgunForm.of(letters));
  }

  @Override
  Optional<List<Outcome>> outcomes(Answer answer, List<Letter> letters) {
    return answer.isSuccess()
        ? Optional.of(letters.stream().map(letter -> outcomeAmong(answer, letter)).toList())
        : Optional.empty();
  }

  /** Mailgun has one id for all of them, and ids must tell deliveries apart. */
  private Outcome outcomeAmong(Answer answer, Letter letter) {
    Outcome outcome = outcome(answer, letter);
    return outcome instanceof Outcome.Accepted accepted
        ? Outcome.accepted(accepted.providerMessageId() + "." + letter.reference())
        : outcome;
  }

  @Override
  boolean mayGoApart(Answer answer, Outcome outcome) {
    return super.mayGoApart(answer, outcome) || MailgunErrors.isAboutTheCrowd(answer);
  }

  /**
   * Builds a {@link MailgunProvider}, which calls {@code https://api.mailgun.net} and is {@code
   * mailgun} in logs unless set otherwise. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends BatchMailSettings<Builder> {

    private static final Pattern DOMAIN =
        Pattern.compile("(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]*");

    private Optional<String> apiKey = Optional.empty();
    private Optional<String> domain = Optional.empty();

    private Builder() {
      super("mailgun", MOST_AT_ONCE);
    }

    /** Sets the API key: the account's, or one of the domain that can only send. */
    public Builder apiKey(String value) {
      apiKey = Optional.of(Setting.secret("apiKey", value, "an API key"));
      return this;
    }

    /** Sets the domain that sends, {@code mg.example.com} for example. */
    public Builder domain(String value) {
      domain =
          Optional.of(
              Setting.matching(DOMAIN, "domain", value, "a domain name such as mg.example.com"));
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public MailgunProvider build() {
      return new MailgunProvider(this);
    }
  }
}
