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
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Request;

/**
 * Sends e-mail through Resend, by its <a
 * href="https://resend.com/docs/api-reference/emails/send-email">emails</a>.
 *
 * <p>The delivery's reference is the <a
 * href="https://resend.com/docs/dashboard/emails/idempotency-keys">idempotency key</a>, which
 * Resend keeps for 24 hours: a lost answer is settled by asking again, and one mail goes out. The
 * reference is the value of the tag {@code notify_reference} too, which events repeat; each tag of
 * the message is one of the value {@code true}.
 *
 * <table>
 *   <caption>What Resend's errors become</caption>
 *   <tr><th>Resend says</th><th>Outcome</th></tr>
 *   <tr><td>missing_api_key, restricted_api_key, invalid_api_key, not_found, method_not_allowed,
 *       invalid_region, monthly_quota_exceeded; HTTP 401, 403, 404, 405</td>
 *       <td>Misconfigured</td></tr>
 *   <tr><td>invalid_from_address; validation_error about the domain or {@code from}</td>
 *       <td>Misconfigured</td></tr>
 *   <tr><td>validation_error about {@code to}</td><td>InvalidAddress</td></tr>
 *   <tr><td>validation_error: testing e-mails to one's own address only</td><td>Rejected</td></tr>
 *   <tr><td>any other validation_error; invalid_idempotency_key,
 *       invalid_attachment, invalid_access, invalid_parameter, missing_required_field,
 *       security_error; any other HTTP 4xx</td><td>Rejected</td></tr>
 *   <tr><td>rate_limit_exceeded; HTTP 429</td><td>Throttled, with {@code retry-after} or {@code
 *       ratelimit-reset}</td></tr>
 *   <tr><td>daily_quota_exceeded</td><td>Throttled; an hour unless Resend says how long</td></tr>
 *   <tr><td>HTTP 503</td><td>Retryable</td></tr>
 *   <tr><td>concurrent_idempotent_requests, invalid_idempotent_request, application_error, internal_server_error; HTTP 408 and
 *       any other 5xx; no answer; an answer without an id</td><td>Unknown, asked again</td></tr>
 * </table>
 *
 * <p>A request whose twin is still under way is unknown rather than retryable, since another
 * provider would send a second mail. A request refused for a copy is repeated without the copies,
 * under a key of its own.
 *
 * <p>Mails of any content share a <a
 * href="https://resend.com/docs/api-reference/emails/send-batch-emails">batch</a>, which Resend is
 * asked to check mail by mail: what it says about one has the meaning of a validation_error about
 * it alone. The key of a batch follows from its references in their order. An answer that does not
 * fit the batch is Unknown for all.
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class ResendProvider extends BatchMail {

  /** Bytes of a mail with its attachments encoded. */
  private static final long LONGEST = 40_000_000;

  static final int MOST_AT_ONCE = 100;

  private final String authorization;
  private final HttpUrl one;
  private final HttpUrl several;

  private ResendProvider(Builder builder) {
    super(builder, LONGEST, builder.batchSize());
    this.authorization = "Bearer " + Setting.required("apiKey", builder.apiKey);
    this.one = builder.settings.endpoint("https://api.resend.com", "emails");
    this.several = builder.settings.endpoint("https://api.resend.com", "emails/batch");
  }

  /** Starts a provider; it needs a key and a sender. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public boolean isIdempotent() {
    return true;
  }

  @Override
  Request request(Letter letter, boolean again) {
    // Another body under the same key would be refused.
    String key = again ? letter.reference() + "-recipient-only" : letter.reference();
    return request(one, key, json(letter)).build();
  }

  @Override
  Request request(List<Letter> letters) {
    ArrayNode all = array();
    letters.forEach(letter -> all.add(json(letter)));
    return request(several, key(letters), all).header("x-batch-validation", "permissive").build();
  }

  private Request.Builder request(HttpUrl endpoint, String key, JsonNode json) {
    return new Request.Builder()
        .url(endpoint)
        .header("Authorization", authorization)
        .header("Idempotency-Key", key)
        .post(body(json));
  }

  /** The same for the same mails in the same order; the references themselves would be too long. */
  private static String key(List<Letter> letters) {
    String references = letters.stream().map(Letter::reference).collect(Collectors.joining(" "));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(references.getBytes(StandardCharsets.UTF_8));
      return "batch-" + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static ObjectNode json(Letter letter) {
    ObjectNode json = object();
    json.put("from", letter.sender().from().toUnicodeString());
    addAll(json, "to", List.of(letter.to()));
    addAll(json, "cc", letter.cc());
    addAll(json, "bcc", letter.bcc());
    addAll(json, "reply_to", letter.replyTo().stream().toList());
    json.put("subject", letter.subject());
    letter.html().ifPresent(html -> json.put("html", html));
    json.put("text", letter.text());
    ObjectNode headers = json.putObject("headers");
    letter.headers().forEach(headers::put);
    addFiles(json, letter);
    ArrayNode tags = json.putArray("tags");
    tags.addObject().put("name", Letter.REFERENCE).put("value", letter.reference());
    letter.tags().forEach(tag -> tags.addObject().put("name", tag).put("value", "true"));
    return json;
  }

  private static void addAll(ObjectNode json, String field, List<InternetAddress> addresses) {
    if (!addresses.isEmpty()) {
      ArrayNode array = json.putArray(field);
      addresses.forEach(address -> array.add(address.toUnicodeString()));
    }
  }

  private static void addFiles(ObjectNode json, Letter letter) {
    if (letter.inline().isEmpty() && letter.files().isEmpty()) {
      return;
    }
    ArrayNode files = json.putArray("attachments");
    for (Attachment picture : letter.inline()) {
      file(files.addObject(), picture).put("content_id", picture.contentId().orElseThrow());
    }
    letter.files().forEach(file -> file(files.addObject(), file));
  }

  private static ObjectNode file(ObjectNode node, Attachment file) {
    return node.put("filename", Letter.fileName(file))
        .put("content", file.bytes())
        .put("content_type", Letter.mediaType(file));
  }

  @Override
  Outcome outcome(Answer answer, Letter letter) {
    return ResendErrors.outcome(answer);
  }

  @Override
  Optional<List<Outcome>> outcomes(Answer answer, List<Letter> letters) {
    return answer.isSuccess()
        ? Optional.of(ResendErrors.outcomes(answer, letters))
        : Optional.empty();
  }

  @Override
  boolean mayGoApart(Answer answer, Outcome outcome) {
    return super.mayGoApart(answer, outcome) && !ResendErrors.knowsTheKey(answer);
  }

  @Override
  boolean blamesCopies(Answer answer, Letter letter) {
    return ResendErrors.blamesCopies(answer);
  }

  /**
   * Builds a {@link ResendProvider}, which calls {@code https://api.resend.com} and is {@code
   * resend} in logs unless set otherwise. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends BatchMailSettings<Builder> {

    private Optional<String> apiKey = Optional.empty();

    private Builder() {
      super("resend", MOST_AT_ONCE);
    }

    /** Sets the API key; it needs the right to send and no other. */
    public Builder apiKey(String value) {
      apiKey = Optional.of(Setting.secret("apiKey", value, "an API key"));
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public ResendProvider build() {
      return new ResendProvider(this);
    }
  }
}
