package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.model.Attachment;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Outcome;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Sends e-mail through Postmark, by its <a
 * href="https://postmarkapp.com/developer/api/email-api">Email API</a>.
 *
 * <p>Postmark takes one tag a message: the first. The metadata {@code notify_reference} bears the
 * delivery's reference, and every event repeats it.
 *
 * <table>
 *   <caption>What Postmark's errors become</caption>
 *   <tr><th>Postmark says</th><th>Outcome</th></tr>
 *   <tr><td>406, or success that leaves the recipient out: inactive after a hard bounce, a
 *       complaint or by hand</td><td>InvalidAddress</td></tr>
 *   <tr><td>300 about {@code To}</td><td>InvalidAddress</td></tr>
 *   <tr><td>300 about {@code From}; 400, 401, 500 to 522: sender</td><td>Misconfigured</td></tr>
 *   <tr><td>10, 405, 413, 600 to 611, 1221 to 1237: token, credits, account, server, stream; HTTP
 *       401, 403, 404</td><td>Misconfigured</td></tr>
 *   <tr><td>412: account awaits approval, and the address is of another domain</td>
 *       <td>Rejected</td></tr>
 *   <tr><td>any other 300; 11, 402, 403, 409, 411 and any other; HTTP 413, 415 and other 4xx</td>
 *       <td>Rejected</td></tr>
 *   <tr><td>429; HTTP 429</td><td>Throttled</td></tr>
 *   <tr><td>100; HTTP 503: maintenance</td><td>Retryable</td></tr>
 *   <tr><td>HTTP 408 and any other 5xx; no answer; an answer without an id</td>
 *       <td>Unknown</td></tr>
 * </table>
 *
 * <p>Postmark has no idempotency key: a lost answer is settled by events or by policy. A request
 * refused for a copy is repeated without the copies; a copy that is inactive is left out by
 * Postmark itself.
 *
 * <p>Mails of any content share a <a
 * href="https://postmarkapp.com/developer/user-guide/send-email-with-api/batch-emails">batch</a>,
 * and each has an answer of its own, by the same table. An answer that does not fit the batch is
 * Unknown for all.
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class PostmarkProvider extends BatchMail {

  /** Bytes of a mail with its attachments encoded. */
  private static final long LONGEST = 10L * 1024 * 1024;

  static final int MOST_AT_ONCE = 500;

  private final String serverToken;
  private final Optional<String> messageStream;
  private final HttpUrl one;
  private final HttpUrl several;

  private PostmarkProvider(Builder builder) {
    super(builder, LONGEST, builder.batchSize());
    this.serverToken = Setting.required("serverToken", builder.serverToken);
    this.messageStream = builder.messageStream;
    this.one = builder.settings.endpoint("https://api.postmarkapp.com", "email");
    this.several = builder.settings.endpoint("https://api.postmarkapp.com", "email/batch");
  }

  /** Starts a provider; it needs a server's token and a sender. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  Request request(Letter letter, boolean again) {
    return request(one, json(letter));
  }

  @Override
  Request request(List<Letter> letters) {
    ArrayNode all = array();
    letters.forEach(letter -> all.add(json(letter)));
    return request(several, all);
  }

  private Request request(HttpUrl endpoint, JsonNode json) {
    return new Request.Builder()
        .url(endpoint)
        .header("X-Postmark-Server-Token", serverToken)
        .header("Accept", "application/json")
        .post(body(json))
        .build();
  }

  private ObjectNode json(Letter letter) {
    ObjectNode json = object();
    json.put("From", letter.sender().from().toUnicodeString());
    json.put("To", letter.to().toUnicodeString());
    addAll(json, "Cc", letter.cc());
    addAll(json, "Bcc", letter.bcc());
    addAll(json, "ReplyTo", letter.replyTo().stream().toList());
    json.put("Subject", letter.subject()).put("TextBody", letter.text());
    letter.html().ifPresent(html -> json.put("HtmlBody", html));
    letter.tags().stream().findFirst().ifPresent(tag -> json.put("Tag", tag));
    ArrayNode headers = json.putArray("Headers");
    letter
        .headers()
        .forEach((name, value) -> headers.addObject().put("Name", name).put("Value", value));
    json.putObject("Metadata").put(Letter.REFERENCE, letter.reference());
    addFiles(json, letter);
    messageStream.ifPresent(stream -> json.put("MessageStream", stream));
    return json;
  }

  private static void addAll(ObjectNode json, String field, List<InternetAddress> addresses) {
    if (!addresses.isEmpty()) {
      json.put(
          field,
          addresses.stream()
              .map(InternetAddress::toUnicodeString)
              .collect(Collectors.joining(", ")));
    }
  }

  private static void addFiles(ObjectNode json, Letter letter) {
    if (letter.inline().isEmpty() && letter.files().isEmpty()) {
      return;
    }
    ArrayNode files = json.putArray("Attachments");
    for (Attachment picture : letter.inline()) {
      file(files.addObject(), picture).put("ContentID", "cid:" + picture.contentId().orElseThrow());
    }
    letter.files().forEach(file -> file(files.addObject(), file));
  }

  private static ObjectNode file(ObjectNode node, Attachment file) {
    return node.put("Name", Letter.fileName(file))
        .put("Content", file.bytes())
        .put("ContentType", Letter.mediaType(file));
  }

  @Override
  Outcome outcome(Answer answer, Letter letter) {
    return PostmarkErrors.outcome(answer, letter);
  }

  @Override
  Optional<List<Outcome>> outcomes(Answer answer, List<Letter> letters) {
    return answer.isSuccess()
        ? Optional.of(PostmarkErrors.outcomes(answer, letters))
        : Optional.empty();
  }

  @Override
  boolean blamesCopies(Answer answer, Letter letter) {
    return PostmarkErrors.blamesCopies(answer, letter);
  }

  /**
   * Builds a {@link PostmarkProvider}, which calls {@code https://api.postmarkapp.com} and is
   * {@code postmark} in logs unless set otherwise. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends BatchMailSettings<Builder> {

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]+");
    private static final Pattern STREAM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private Optional<String> serverToken = Optional.empty();
    private Optional<String> messageStream = Optional.empty();

    private Builder() {
      super("postmark", MOST_AT_ONCE);
    }

    /** Sets the token of the server that sends; {@code POSTMARK_API_TEST} delivers nothing. */
    public Builder serverToken(String value) {
      serverToken =
          Optional.of(
              Setting.matching(
                  TOKEN, "serverToken", value, "a server's token, letters, digits and hyphens"));
      return this;
    }

    /** Sets the message stream; {@code outbound}, the transactional one, by default. */
    public Builder messageStream(String value) {
      messageStream =
          Optional.of(
              Setting.matching(STREAM, "messageStream", value, "the id of a message stream"));
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public PostmarkProvider build() {
      return new PostmarkProvider(this);
    }
  }
}
