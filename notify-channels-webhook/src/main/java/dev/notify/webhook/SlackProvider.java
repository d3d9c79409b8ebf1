package dev.notify.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.Reply;
import dev.notify.http.Setting;
import dev.notify.http.VendorHttp;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Posts to Slack, by <a href="https://api.slack.com/methods/chat.postMessage">chat.postMessage</a>.
 * Its channel is {@code slack}; an address is the id of a conversation or a member, {@code
 * C0123456789}. Of a content it takes title, body, link and image; what Slack takes for markup is
 * escaped.
 *
 * <table>
 *   <caption>What Slack's errors become</caption>
 *   <tr><th>Slack says</th><th>Outcome</th></tr>
 *   <tr><td>channel_not_found, user_not_found, is_archived, users_not_found</td><td>InvalidAddress</td></tr>
 *   <tr><td>not_authed, invalid_auth, account_inactive, token_revoked, token_expired, missing_scope, no_permission,
 *       ekm_access_denied, not_allowed_token_type, team_access_not_granted, access_denied; HTTP 401, 403, 404</td>
 *       <td>Misconfigured</td></tr>
 *   <tr><td>ratelimited, rate_limited, HTTP 429</td><td>Throttled, with {@code Retry-After}</td></tr>
 *   <tr><td>service_unavailable, team_added_to_org; HTTP 503</td><td>Retryable</td></tr>
 *   <tr><td>internal_error, fatal_error, request_timeout; HTTP 408 and any other 5xx; no answer</td><td>Unknown</td></tr>
 *   <tr><td>not_in_channel, msg_too_long, no_text, restricted_action and all else</td><td>Rejected</td></tr>
 * </table>
 *
 * <p>Slack has no key that makes a repeat harmless, so a lost answer is held. Thread-safe. Never
 * throws on delivery.
 *
 * @since 0.1
 */
public final class SlackProvider implements ChannelProvider {

  /** The channel's name. */
  public static final Channel CHANNEL = Channel.of("slack");

  /** Characters that Slack takes before it cuts. */
  public static final int LONGEST_TEXT = 40_000;

  private static final Pattern ID = Pattern.compile("[CDGUW][A-Z0-9]{8,20}");
  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final String name;
  private final String token;
  private final HttpUrl endpoint;
  private final VendorHttp http;

  private SlackProvider(Builder builder) {
    name = builder.settings.name();
    token = Setting.required("botToken", builder.token);
    endpoint = builder.settings.endpoint("https://slack.com", "api/chat.postMessage");
    http = builder.settings.open();
  }

  /** Starts a provider; it needs a bot's token with the scope {@code chat:write}. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Channel channel() {
    return CHANNEL;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    Request request =
        new Request.Builder()
            .url(endpoint)
            .header("Authorization", "Bearer " + token)
            .post(RequestBody.create(body(message), JSON))
            .build();
    return http.exchange(request).outcome(SlackProvider::outcome);
  }

  private static byte[] body(OutboundMessage message) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("channel", message.address().value());
    body.put("text", text(message.content()));
    message
        .content()
        .image()
        .ifPresent(
            image ->
                body.putArray("attachments")
                    .addObject()
                    .put("fallback", message.content().title().orElse("picture"))
                    .put("image_url", image));
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }

  private static String text(Content content) {
    StringBuilder text = new StringBuilder();
    content.title().ifPresent(title -> text.append('*').append(escaped(title)).append("*\n"));
    content.body().ifPresent(body -> text.append(escaped(body)));
    content.link().ifPresent(link -> text.append('\n').append(escaped(link)));
    return text.toString().strip();
  }

  /** The three characters by which Slack knows links, mentions and entities. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static Outcome outcome(Reply.Answer answer) {
    if (answer.isSuccess() && answer.json().path("ok").asBoolean()) {
      return answer
          .text("ts")
          .map(Outcome::accepted)
          .orElse(Outcome.unknown("Slack took the message and gave no ts"));
    }
    String error = answer.text("error").filter(word -> word.matches("[a-z_]{1,60}")).orElse("");
    String said = "Slack said " + (error.isEmpty() ? "HTTP " + answer.status() : error);
    return switch (error) {
      case "channel_not_found", "user_not_found", "users_not_found", "is_archived" ->
          Outcome.invalidAddress(said);
      case "not_authed",
          "invalid_auth",
          "account_inactive",
          "token_revoked",
          "token_expired",
          "missing_scope",
          "no_permission",
          "ekm_access_denied",
          "not_allowed_token_type",
          "team_access_not_granted",
          "access_denied" ->
          Outcome.misconfigured(said);
      case "ratelimited", "rate_limited" -> Outcome.throttled(said, answer.retryAfter());
      case "service_unavailable", "team_added_to_org" -> Outcome.retryable(said);
      case "internal_error", "fatal_error", "request_timeout" -> Outcome.unknown(said);
      default -> byStatus(answer, said);
    };
  }

  private static Outcome byStatus(Reply.Answer answer, String said) {
    return switch (answer.status()) {
      case 401, 403, 404 -> Outcome.misconfigured(said);
      case 429 -> Outcome.throttled(said, answer.retryAfter());
      case 503 -> Outcome.retryable(said);
      case 408 -> Outcome.unknown(said);
      default ->
          answer.status() >= 500 || answer.json().isMissingNode()
              ? Outcome.unknown(said)
              : Outcome.rejected(said);
    };
  }

  @Override
  public Optional<String> problemWith(Address address) {
    if (!address.channel().equals(CHANNEL)) {
      return Optional.of("address: is of channel " + address.channel() + ", not " + CHANNEL);
    }
    return ID.matcher(address.value()).matches()
        ? Optional.empty()
        : Optional.of(
            "address: must be the id of a conversation or member: C, D, G, U or W and letters or digits");
  }

  @Override
  public Optional<String> problemWith(Content content) {
    int length = text(content).length();
    if (length == 0) {
      return Optional.of("a message to Slack needs a title, a body or a link");
    }
    return length <= LONGEST_TEXT
        ? Optional.empty()
        : Optional.of("has " + length + " characters, Slack takes at most " + LONGEST_TEXT);
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return "SlackProvider[" + name + "]";
  }

  /**
   * Builds a {@link SlackProvider}, {@code slack} in logs unless set otherwise. Each setter checks
   * its value; not thread-safe.
   */
  public static final class Builder extends PostSettings<Builder> {

    private static final Pattern TOKEN = Pattern.compile("xox[a-z]-[A-Za-z0-9-]+");

    private Optional<String> token = Optional.empty();

    private Builder() {
      super("slack");
    }

    /** Sets the bot's token, {@code xoxb-...}. */
    public Builder botToken(String value) {
      token = Optional.of(Setting.matching(TOKEN, "botToken", value, "a token such as xoxb-..."));
      return this;
    }

    /** Points the provider at a stand-in; {@code https://slack.com} by default. */
    public Builder baseUrl(URI value) {
      return settings.baseUrl(value);
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public SlackProvider build() {
      return new SlackProvider(this);
    }
  }
}
