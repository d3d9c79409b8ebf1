package dev.notify.push;

import dev.notify.http.PublicHosts;
import dev.notify.http.Setting;
import dev.notify.http.VendorHttp;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.model.PushOptions;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Sends push messages to browsers, without a vendor in between: to whatever push service the
 * browser subscribed with (<a href="https://www.rfc-editor.org/rfc/rfc8030">RFC 8030</a>),
 * encrypted for the browser (RFC 8291) and signed with the application's key (RFC 8292).
 *
 * <p>The address is the subscription as the browser gives it, {@link Address#webPush}. The service
 * worker gets JSON with {@code title}, {@code body}, {@code image}, {@code link}, {@code data}
 * (texts), {@code reference}, {@code tag}, and of the push options {@code icon}, {@code badge},
 * {@code requireInteraction}, {@code actions} (each with {@code action}, {@code title} and {@code
 * link}) and {@code appBadge}, the number. It may have {@value #LONGEST_MESSAGE} bytes. The {@code
 * Topic} header and the {@code tag} are the collapse key, or else the reference.
 *
 * <table>
 *   <caption>What push services' answers become</caption>
 *   <tr><th>The service says</th><th>Outcome</th></tr>
 *   <tr><td>201, 202, 204; any other 2xx without a body</td><td>Accepted</td></tr>
 *   <tr><td>404, 410</td><td>InvalidAddress</td></tr>
 *   <tr><td>401, 403</td><td>Misconfigured</td></tr>
 *   <tr><td>401, 403 that says that the subscription was made with another VAPID key; 401, 403 of a
 *       service that is not among the known</td><td>Rejected</td></tr>
 *   <tr><td>429</td><td>Throttled, with {@code Retry-After}, a minute without; Retryable if the
 *       service is not among the known</td></tr>
 *   <tr><td>400, 413 and any other 4xx; 3xx, which is not followed</td><td>Rejected</td></tr>
 *   <tr><td>503; 502 with Mozilla's errno 900 to 902</td><td>Retryable</td></tr>
 *   <tr><td>408 and any other 5xx; no answer; 2xx with a body</td><td>Unknown</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Endpoints come from people's browsers, so anybody can name one. Only https is called, only
 *       hosts with a public address, and no redirect is followed. If strangers can subscribe, keep
 *       to {@link #KNOWN_PUSH_SERVICES} by {@link Builder#pushServices}: an endpoint of their own
 *       could otherwise be slow on purpose and open the breaker for everybody.
 *   <li>A wrong VAPID key would condemn every subscription there is, so a subscription that was
 *       made with another one is not retired.
 *   <li>Web Push has no idempotency key, so a lost answer stays unknown. A second copy replaces the
 *       first: in the service by its topic, on the screen by its tag.
 *   <li>{@code Accepted} means that the service took the message. None reports deliveries; the
 *       provider's id of a message is the reference.
 * </ul>
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class WebPushProvider implements ChannelProvider {

  /** The push services of the usual browsers: Google's, Mozilla's, Apple's and Microsoft's. */
  public static final List<String> KNOWN_PUSH_SERVICES =
      List.of(
          "fcm.googleapis.com",
          "push.services.mozilla.com",
          "push.apple.com",
          "notify.windows.com");

  /** The type of an address that is a browser's subscription. */
  public static final String ADDRESS_TYPE = "webpush";

  /** Bytes of JSON that a message may have. */
  public static final int LONGEST_MESSAGE = 3993;

  /** Four weeks, which every service takes. */
  private static final Duration LONGEST_LIFE = Duration.ofDays(28);

  private static final MediaType BINARY = MediaType.get("application/octet-stream");

  private final String name;
  private final InstantSource clock;
  private final Set<String> services;
  private final boolean takesAllServices;
  private final PublicHosts hosts;
  private final Vapid vapid;
  private final VendorHttp http;

  private WebPushProvider(Builder builder, VapidKeys keys, String subject) {
    this.name = builder.settings.name();
    this.clock = builder.settings.clock();
    this.takesAllServices = builder.services.isEmpty();
    this.services = Set.copyOf(takesAllServices ? KNOWN_PUSH_SERVICES : builder.services);
    this.hosts = new PublicHosts(builder.trustedHosts);
    this.vapid = new Vapid(keys, subject, clock);
    this.http = builder.settings.open(hosts);
  }

  /** Starts a provider; it needs a VAPID key pair and a subject. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Channel channel() {
    return Channel.PUSH;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    Optional<String> problem = problemWith(message.address());
    if (problem.isPresent()) {
      // Said before already, but nothing may be called that was not looked at.
      return Outcome.rejected(problem.get());
    }
    WebPushSubscription browser = WebPushSubscription.parse(message.address().value());
    // Each browser has a push service of its own, and one that is down is not all of them.
    return http.exchange(request(message, browser))
        .outcome(
            answer ->
                WebPushErrors.outcome(answer, isKnown(browser.endpoint()), message.reference()))
        .ofThisAddressOnly();
  }

  private Request request(OutboundMessage message, WebPushSubscription browser) {
    String tag = Traits.replaces(message);
    String topic = message.content().push().collapseKey().orElse(plain(message.reference()));
    byte[] payload = WebPushMessage.payload(message.content(), tag, message.reference());
    long life = Traits.secondsToLive(message, clock.instant(), LONGEST_LIFE);
    return new Request.Builder()
        .url(browser.endpoint())
        .header("TTL", Long.toString(life))
        .header("Urgency", Traits.urgency(message.priority()))
        .header("Topic", Traits.topic(topic))
        .header("Content-Encoding", "aes128gcm")
        .header("Authorization", vapid.authorization(browser.origin()))
        .post(RequestBody.create(WebPushEncryption.encrypt(payload, browser), BINARY))
        .build();
  }

  /** A reference without its hyphens is just as long as a topic may be. */
  private static String plain(String reference) {
    return reference.replace("-", "");
  }

  private boolean isKnown(HttpUrl endpoint) {
    return hosts.isTrusted(endpoint)
        || services.stream()
            .anyMatch(
                service ->
                    endpoint.host().equals(service) || endpoint.host().endsWith("." + service));
  }

  @Override
  public Optional<String> problemWith(Address address) {
    if (!address.channel().equals(Channel.PUSH)) {
      return Optional.of("web push carries push messages, not " + address.channel());
    }
    if (address.type().filter(type -> !type.equals(ADDRESS_TYPE)).isPresent()) {
      return Optional.of(
          "the address is another provider's; web push takes '" + ADDRESS_TYPE + "'");
    }
    try {
      HttpUrl endpoint = WebPushSubscription.parse(address.value()).endpoint();
      if (!hosts.mayCall(endpoint)) {
        return Optional.of("the subscription's endpoint must be https, at a public host's name");
      }
      return takesAllServices || isKnown(endpoint)
          ? Optional.empty()
          : Optional.of("the subscription's push service is not among those that are called");
    } catch (IllegalArgumentException e) {
      return Optional.ofNullable(e.getMessage());
    }
  }

  @Override
  public Optional<String> problemWith(Content content) {
    PushOptions push = content.push();
    if (!Traits.isAlert(content) && content.data().isEmpty() && push.badge().isEmpty()) {
      return Optional.of("a push message needs a title, a body, data or a badge");
    }
    int bytes = WebPushMessage.bytes(content);
    return bytes <= LONGEST_MESSAGE
        ? Optional.empty()
        : Optional.of("has " + bytes + " bytes as sent, web push carries " + LONGEST_MESSAGE);
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return "WebPushProvider[" + name + "]";
  }

  /**
   * Builds a {@link WebPushProvider}, {@code webpush} in logs unless set otherwise. Each setter
   * checks its value; not thread-safe.
   */
  public static final class Builder extends PushSettings<Builder> {

    // Apple refuses blanks and angle brackets.
    private static final Pattern SUBJECT =
        Pattern.compile("mailto:[^\\s<>@]+@[^\\s<>@]+|https://[^\\s<>]+");
    private static final Pattern HOST = Pattern.compile("[a-z0-9.:-]{1,253}");

    private Optional<VapidKeys> keys = Optional.empty();
    private Optional<String> subject = Optional.empty();
    private Set<String> services = Set.of();
    private Set<String> trustedHosts = Set.of();

    private Builder() {
      super("webpush");
    }

    /** Sets the key pair that the subscriptions were made with. */
    public Builder vapidKeys(VapidKeys value) {
      keys = Optional.of(value);
      return this;
    }

    /**
     * Sets whom a push service can turn to: {@code mailto:push@example.com} or an https address.
     */
    public Builder subject(String value) {
      subject =
          Optional.of(
              Setting.matching(SUBJECT, "subject", value, "mailto:name@host or an https address"));
      return this;
    }

    /**
     * Keeps to these push services: hosts, with those below them. By default any public host is
     * called.
     */
    public Builder pushServices(String... value) {
      return pushServices(List.of(value));
    }

    /** Keeps to these push services, {@link #KNOWN_PUSH_SERVICES} for example. */
    public Builder pushServices(List<String> value) {
      services = hosts("pushServices", value);
      return this;
    }

    /**
     * Takes endpoints at these hosts wherever they are, over http too: for stand-ins in tests, or a
     * push service in the own network.
     */
    public Builder trustedHosts(String... value) {
      return trustedHosts(List.of(value));
    }

    Builder trustedHosts(List<String> value) {
      trustedHosts = hosts("trustedHosts", value);
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public WebPushProvider build() {
      return new WebPushProvider(
          this, Setting.required("vapidKeys", keys), Setting.required("subject", subject));
    }

    private static Set<String> hosts(String option, List<String> value) {
      Set<String> checked = new LinkedHashSet<>();
      for (String host : value) {
        checked.add(Setting.matching(HOST, option, host, "hosts in lower case, without port"));
      }
      if (checked.isEmpty()) {
        throw new ConfigurationException(option + ": must name a host");
      }
      return checked;
    }
  }
}
