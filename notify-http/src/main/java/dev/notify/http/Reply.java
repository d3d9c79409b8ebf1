package dev.notify.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.notify.model.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import okhttp3.Headers;

/**
 * What came of a call.
 *
 * @since 0.1
 */
public sealed interface Reply {

  /**
   * What it means for the message.
   *
   * @param meaning reads an answer; not asked about silence, which means the same at every vendor
   */
  default Outcome outcome(Function<Answer, Outcome> meaning) {
    return this instanceof Answer answer ? meaning.apply(answer) : ((Silence) this).outcome();
  }

  /**
   * The vendor answered. {@code toString} leaves the body out, since vendors repeat addresses in
   * it.
   *
   * @param status HTTP status
   * @param retryAfter the header of that name, as the time from now
   * @param body the answer's text; cut off after {@link VendorHttp#LONGEST_ANSWER} bytes
   * @param headers all its headers
   */
  record Answer(int status, Optional<Duration> retryAfter, String body, Headers headers)
      implements Reply {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** An answer whose headers do not matter. */
    public Answer(int status, Optional<Duration> retryAfter, String body) {
      this(status, retryAfter, body, Headers.of());
    }

    /** A header's value, unless it is blank. */
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name)).filter(value -> !value.isBlank());
    }

    /** Whether the status is one of success. */
    public boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    /** The body as JSON; a missing node if it is something else, for example a proxy's HTML. */
    public JsonNode json() {
      try {
        JsonNode node = JSON.readTree(body);
        return node == null ? MissingNode.getInstance() : node;
      } catch (JsonProcessingException e) {
        return MissingNode.getInstance();
      }
    }

    /** A field of the JSON that holds text, unless it is blank. */
    public Optional<String> text(String field) {
      return Optional.ofNullable(json().path(field).textValue()).filter(text -> !text.isBlank());
    }

    @Override
    public String toString() {
      return "Answer[" + status + ", " + body.length() + " characters]";
    }
  }

  /**
   * No answer came.
   *
   * @param outcome retryable if the request surely never left, else unknown
   */
  record Silence(Outcome outcome) implements Reply {}
}
