package dev.notify.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.PublicHosts;
import dev.notify.http.Reply;
import dev.notify.http.Setting;
import dev.notify.http.VendorHttp;
import dev.notify.http.WebhookProof;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Tells other systems by a POST of JSON to the address each of them gave, signed as <a
 * href="https://www.standardwebhooks.com">Standard Webhooks</a> say, so that receivers can check it
 * with the libraries there are. Its channel is {@code webhook}; an address is an https URL.
 *
 * <p>Strangers choose the addresses: only public hosts are called, redirects are not followed, and
 * answers are not shown to anybody. Every attempt of a delivery bears the same {@code webhook-id};
 * receivers drop what they have, so a lost answer is settled by asking again.
 *
 * <table>
 *   <caption>What an answer becomes</caption>
 *   <tr><th>the receiver answers</th><th>Outcome</th></tr>
 *   <tr><td>2xx</td><td>Accepted</td></tr>
 *   <tr><td>410</td><td>InvalidAddress: nobody is there any more</td></tr>
 *   <tr><td>429</td><td>Retryable, with {@code Retry-After}: one receiver's limit is not the others'</td></tr>
 *   <tr><td>503</td><td>Retryable, with {@code Retry-After}</td></tr>
 *   <tr><td>408, other 5xx, no answer</td><td>Unknown, and asked again under the same id</td></tr>
 *   <tr><td>3xx, other 4xx</td><td>Rejected</td></tr>
 * </table>
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class WebhookProvider implements ChannelProvider {

  /** The channel's name. */
  public static final Channel CHANNEL = Channel.of("webhook");

  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");
  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final int SHORTEST_SECRET = 24;

  private final String name;
  private final Function<Address, byte[]> secrets;
  private final PublicHosts hosts;
  private final InstantSource clock;
  private final VendorHttp http;

  private WebhookProvider(Builder builder) {
    name = builder.settings.name();
    secrets = Setting.required("signingSecret", builder.secrets);
    hosts = new PublicHosts(builder.trustedHosts);
    clock = builder.settings.clock();
    http = builder.settings.open(hosts);
  }

  /** Starts a provider; it needs a signing secret. */
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
    Optional<String> problem = problemWith(message.address());
    if (problem.isPresent()) {
      return Outcome.rejected(problem.get());
    }
    byte[] secret;
    try {
      secret = secrets.apply(message.address());
    } catch (RuntimeException e) {
      return Outcome.rejected("no signing secret for this receiver").ofThisAddressOnly();
    }
    byte[] body = body(message);
    String time = Long.toString(clock.instant().getEpochSecond());
    Request request =
        new Request.Builder()
            .url(HttpUrl.get(message.address().value()))
            .header("webhook-id", message.reference())
            .header("webhook-timestamp", time)
            .header("webhook-signature", "v1," + signature(secret, message.reference(), time, body))
            .post(RequestBody.create(body, JSON))
            .build();
    // Every receiver is a server of its own; the trouble of one is not that of the others.
    return http.exchange(request)
        .outcome(answer -> outcome(answer, message.reference()))
        .ofThisAddressOnly();
  }

  private static String signature(byte[] secret, String id, String time, byte[] body) {
    return Base64.getEncoder().encodeToString(WebhookProof.standardHash(secret, id, time, body));
  }

  private static byte[] body(OutboundMessage message) {
    Content content = message.content();
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put("type", message.category().name());
    body.put("timestamp", message.createdAt().toString());
    ObjectNode data = body.putObject("data");
    data.put("id", message.reference());
    data.put("notificationId", message.notificationId().toString());
    data.put("recipientId", message.recipientId());
    content.title().ifPresent(text -> data.put("title", text));
    content.body().ifPresent(text -> data.put("body", text));
    content.image().ifPresent(text -> data.put("image", text));
    content.link().ifPresent(text -> data.put("link", text));
    if (!content.data().isEmpty()) {
      ObjectNode values = data.putObject("data");
      new TreeMap<>(content.data()).forEach(values::put);
    }
    try {
      return MAPPER.writeValueAsBytes(body);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of texts is always JSON", e);
    }
  }

  private static Outcome outcome(Reply.Answer answer, String reference) {
    String said = "the receiver answered " + answer.status();
    if (answer.isSuccess()) {
      return answer.body().length() < VendorHttp.LONGEST_ANSWER
          ? Outcome.accepted(reference)
          : Outcome.unknown("the receiver's answer had no end");
    }
    return switch (answer.status()) {
      case 410 -> Outcome.invalidAddress(said);
      case 429, 503 -> Outcome.retryable(said, answer.retryAfter());
      case 408 -> Outcome.unknown(said);
      default -> answer.status() >= 500 ? Outcome.unknown(said) : Outcome.rejected(said);
    };
  }

  @Override
  public Optional<String> problemWith(Address address) {
    if (!address.channel().equals(CHANNEL)) {
      return Optional.of("address: is of channel " + address.channel() + ", not " + CHANNEL);
    }
    HttpUrl url = HttpUrl.parse(address.value());
    if (url == null || !url.username().isEmpty() || !url.password().isEmpty()) {
      return Optional.of("address: must be a URL without user and password");
    }
    return hosts.mayCall(url)
        ? Optional.empty()
        : Optional.of("address: must be https, at a public host's name");
  }

  @Override
  public boolean isIdempotent() {
    return true;
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return "WebhookProvider[" + name + "]";
  }

  /**
   * Builds a {@link WebhookProvider}, {@code webhook} in logs unless set otherwise. Each setter
   * checks its value; not thread-safe.
   */
  public static final class Builder extends PostSettings<Builder> {
    private Optional<Function<Address, byte[]>> secrets = Optional.empty();
    private Set<String> trustedHosts = Set.of();

    private Builder() {
      super("webhook");
    }

    /**
     * Sets the one secret that all receivers know too: {@code whsec_} and Base64 of 24 bytes or
     * more. Whoever has it can sign as you to every other receiver, so it is for receivers of your
     * own.
     */
    public Builder signingSecret(String value) {
      byte[] secret = secret(value);
      secrets = Optional.of(address -> secret);
      return this;
    }

    /**
     * Sets where each receiver's own secret comes from, of the same form. If it throws or answers
     * what is no secret, the message is refused. Called for each message, from several threads.
     */
    public Builder signingSecrets(Function<Address, String> value) {
      secrets = Optional.of(address -> secret(value.apply(address)));
      return this;
    }

    private static byte[] secret(String value) {
      String text = value.startsWith("whsec_") ? value.substring("whsec_".length()) : value;
      try {
        byte[] bytes = Base64.getDecoder().decode(text.strip());
        if (bytes.length >= SHORTEST_SECRET) {
          return bytes;
        }
      } catch (IllegalArgumentException e) {
        // Said below, without a word of the secret.
      }
      throw new ConfigurationException(
          "signingSecret: must be whsec_ and Base64 of at least " + SHORTEST_SECRET + " bytes");
    }

    /** Calls these hosts wherever they are, over http too: for tests, or the own network. */
    public Builder trustedHosts(String... value) {
      return trustedHosts(List.of(value));
    }

    Builder trustedHosts(List<String> value) {
      trustedHosts = new LinkedHashSet<>(value);
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public WebhookProvider build() {
      return new WebhookProvider(this);
    }
  }
}
