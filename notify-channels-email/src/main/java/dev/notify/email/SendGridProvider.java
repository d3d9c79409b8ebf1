package dev.notify.email;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import jakarta.mail.internet.InternetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Sends e-mail through Twilio SendGrid, by <a
 * href="https://www.twilio.com/docs/sendgrid/api-reference/mail-send/mail-send">mail/send</a> of
 * version 3. For accounts in the European Union give {@code baseUrl} {@code
 * https://api.eu.sendgrid.com}.
 *
 * <p>Tags become categories. The custom argument {@code notify_reference} bears the delivery's
 * reference, and every event repeats it; {@code Accepted} names the {@code X-Message-Id}, which is
 * the first part of an event's {@code sg_message_id}, up to the dot.
 *
 * <p>Mails of the same subject, text, HTML, tags and reply-to share a request, a <a
 * href="https://www.twilio.com/docs/sendgrid/for-developers/sending-email/personalizations">personalization</a>
 * each; header fields may differ. Such a request has one {@code X-Message-Id}: for each of its
 * mails {@code Accepted} names that id, a dot and the delivery's reference, and events find the
 * mail by the reference.
 *
 * <table>
 *   <caption>What SendGrid's errors become</caption>
 *   <tr><th>SendGrid says</th><th>Outcome</th></tr>
 *   <tr><td>401, 403: key, its rights, sender not verified, credits used up</td>
 *       <td>Misconfigured</td></tr>
 *   <tr><td>404, 405</td><td>Misconfigured</td></tr>
 *   <tr><td>400 about {@code personalizations.N.to.N.email}</td><td>InvalidAddress</td></tr>
 *   <tr><td>400 about {@code from}</td><td>Misconfigured</td></tr>
 *   <tr><td>any other 400; 406, 413, 415 and other 4xx</td><td>Rejected</td></tr>
 *   <tr><td>429</td><td>Throttled, with {@code Retry-After} or {@code X-RateLimit-Reset}</td></tr>
 *   <tr><td>503</td><td>Retryable</td></tr>
 *   <tr><td>any other 5xx; 408; no answer; an answer without {@code X-Message-Id}</td>
 *       <td>Unknown</td></tr>
 * </table>
 *
 * <p>SendGrid takes mail to addresses it has suppressed and drops it later, with an event. It has
 * neither an idempotency key nor a look-up that every plan has: a lost answer is settled by events
 * or by policy. A request refused for a copy is repeated without the copies.
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class SendGridProvider extends BatchMail {

  /** Bytes of a mail with its attachments encoded. */
  private static final long LONGEST = 30_000_000;

  static final int MOST_AT_ONCE = 1000;

  private final String authorization;
  private final HttpUrl endpoint;
  private final InstantSource clock;

  private SendGridProvider(Builder builder) {
    super(builder, LONGEST, builder.batchSize());
    this.authorization = "Bearer " + Setting.required("apiKey", builder.apiKey);
    this.endpoint = builder.settings.endpoint("https://api.sendgrid.com", "v3/mail/send");
    this.clock = builder.settings.clock();
  }

  /** Starts a provider; it needs a key and a sender. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  Object common(OutboundMessage message) {
    return Shared.of(message.content());
  }

  @Override
  Request request(Letter letter, boolean again) {
    return request(List.of(letter));
  }

  @Override
  Request request(List<Letter> letters) {
    ObjectNode json = object();
    ArrayNode personalizations = json.putArray("personalizations");
    letters.forEach(letter -> personalizations.add(personalization(letter)));
    addShared(json, letters.get(0));
    return new Request.Builder()
        .url(endpoint)
        .header("Authorization", authorization)
        .post(body(json))
        .build();
  }

  private static ObjectNode personalization(Letter letter) {
    ObjectNode json = object();
    addAll(json, "to", List.of(letter.to()));
    addAll(json, "cc", letter.cc());
    addAll(json, "bcc", letter.bcc());
    ObjectNode headers = json.putObject("headers");
    letter.headers().forEach(headers::put);
    json.putObject("custom_args").put(Letter.REFERENCE, letter.reference());
    return json;
  }

  /** What is the same for all mails of a request; {@link Shared} says whether it is. */
  private static void addShared(ObjectNode json, Letter letter) {
    json.set("from", person(letter.sender().from()));
    letter.replyTo().ifPresent(address -> json.set("reply_to", person(address)));
    json.put("subject", letter.subject());
    ArrayNode content = json.putArray("content");
    content.addObject().put("type", "text/plain").put("value", letter.text());
    letter
        .html()
        .ifPresent(html -> content.addObject().put("type", "text/html").put("value", html));
    addFiles(json, letter);
    if (!letter.tags().isEmpty()) {
      letter.tags().forEach(json.putArray("categories")::add);
    }
  }

  /** An empty list would be refused. */
  private static void addAll(ObjectNode to, String field, List<InternetAddress> addresses) {
    if (!addresses.isEmpty()) {
      ArrayNode array = to.putArray(field);
      addresses.forEach(address -> array.add(person(address)));
    }
  }

  private static ObjectNode person(InternetAddress address) {
    ObjectNode person = object().put("email", address.getAddress());
    Optional.ofNullable(address.getPersonal()).ifPresent(name -> person.put("name", name));
    return person;
  }

  private static void addFiles(ObjectNode json, Letter letter) {
    if (letter.inline().isEmpty() && letter.files().isEmpty()) {
      return;
    }
    ArrayNode files = json.putArray("attachments");
    for (Attachment picture : letter.inline()) {
      file(files.addObject(), picture, "inline")
          .put("content_id", picture.contentId().orElseThrow());
    }
    letter.files().forEach(file -> file(files.addObject(), file, "attachment"));
  }

  private static ObjectNode file(ObjectNode node, Attachment file, String disposition) {
    return node.put("content", file.bytes())
        .put("type", Letter.mediaType(file))
        .put("filename", Letter.fileName(file))
        .put("disposition", disposition);
  }

  @Override
  Outcome outcome(Answer answer, Letter letter) {
    return SendGridErrors.outcome(answer, clock.instant());
  }

  @Override
  Optional<List<Outcome>> outcomes(Answer answer, List<Letter> letters) {
    return answer.isSuccess()
        ? Optional.of(
            letters.stream().map(letter -> SendGridErrors.takenAmong(answer, letter)).toList())
        : Optional.empty();
  }

  @Override
  boolean mayGoApart(Answer answer, Outcome outcome) {
    return super.mayGoApart(answer, outcome) && !SendGridErrors.blamesAll(answer);
  }

  @Override
  boolean blamesCopies(Answer answer, Letter letter) {
    return SendGridErrors.blamesCopies(answer);
  }

  /**
   * Everything of a message that a request has but once. Its header fields belong to its own
   * personalization, and the sender is the provider's.
   */
  private record Shared(
      Optional<String> title,
      Optional<String> text,
      Optional<String> html,
      Optional<Address> replyTo,
      List<String> tags) {

    static Shared of(Content content) {
      return new Shared(
          content.title(),
          content.body(),
          content.html(),
          content.email().replyTo(),
          content.email().tags());
    }

    @Override
    public String toString() {
      return "Shared";
    }
  }

  /**
   * Builds a {@link SendGridProvider}, which calls {@code https://api.sendgrid.com} and is {@code
   * sendgrid} in logs unless set otherwise. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends BatchMailSettings<Builder> {

    private Optional<String> apiKey = Optional.empty();

    private Builder() {
      super("sendgrid", MOST_AT_ONCE);
    }

    /** Sets the API key; it needs the right to send mail and no other. */
    public Builder apiKey(String value) {
      apiKey = Optional.of(Setting.secret("apiKey", value, "an API key"));
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public SendGridProvider build() {
      return new SendGridProvider(this);
    }
  }
}
