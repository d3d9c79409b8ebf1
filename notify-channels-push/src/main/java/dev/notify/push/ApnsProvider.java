package dev.notify.push;

import com.eatthepath.pushy.apns.ApnsClientBuilder;
import com.eatthepath.pushy.apns.auth.ApnsSigningKey;
import dev.notify.http.BaseUrl;
import dev.notify.http.Setting;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * Sends push messages to Apple devices through the <a
 * href="https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns">Apple
 * Push Notification service</a>, over HTTP/2 and with a signing key ({@code .p8}).
 *
 * <p>Of a content it takes title, body, image, link, data and the push options that Apple has; a
 * content without title, body, badge and sound wakes the application in the background. Data stands
 * beside {@code aps} in the payload, as it does when the message comes by way of FCM. Messages of
 * high and critical priority go out at once ({@code apns-priority} 10), others when the device has
 * the power (5). A message that is of no use any more is dropped there ({@code apns-expiration},
 * thirty days at most).
 *
 * <table>
 *   <caption>What APNs' reasons become</caption>
 *   <tr><th>APNs says</th><th>Outcome</th></tr>
 *   <tr><td>Unregistered, ExpiredToken, BadDeviceToken; any other 410</td>
 *       <td>InvalidAddress, since the moment that APNs gives (it does with 410)</td></tr>
 *   <tr><td>BadTopic, MissingTopic, TopicDisallowed, BadCertificate, BadCertificateEnvironment,
 *       Forbidden, InvalidProviderToken, MissingProviderToken, UnrelatedKeyIdInToken,
 *       BadEnvironmentKeyIdInToken; any other 403</td><td>Misconfigured</td></tr>
 *   <tr><td>ExpiredProviderToken</td>
 *       <td>once more over a new connection, then Misconfigured: the clock is wrong</td></tr>
 *   <tr><td>BadCollapseId, BadExpirationDate, BadMessageId, BadPriority, DuplicateHeaders,
 *       InvalidPushType, DeviceTokenNotForTopic, MissingDeviceToken, PayloadEmpty, BadPath, MethodNotAllowed,
 *       PayloadTooLarge; any other 4xx</td><td>Rejected</td></tr>
 *   <tr><td>TooManyRequests: to one device</td><td>Retryable</td></tr>
 *   <tr><td>TooManyProviderTokenUpdates; any other 429</td><td>Throttled</td></tr>
 *   <tr><td>InternalServerError, ServiceUnavailable, Shutdown, IdleTimeout; any other 503</td>
 *       <td>Retryable</td></tr>
 *   <tr><td>no connection, no free stream on it</td><td>Retryable</td></tr>
 *   <tr><td>the request had a stream, and no answer came; any other 5xx</td><td>Unknown</td></tr>
 * </table>
 *
 * <ul>
 *   <li>Say when a token was registered ({@link Address#registeredAt}): an application may get the
 *       token again that APNs pronounced dead, and a verdict that is older does not retire it.
 *   <li>A token of the other {@link Environment} is BadDeviceToken, so a provider in the wrong one
 *       retires every token it is given. Keep them apart, and see the first answers.
 *   <li>APNs promises to drop no repeated message, so a lost answer stays unknown. Attempts of one
 *       delivery have the same {@code apns-id}, {@link OutboundMessage#reference()}, and the same
 *       {@code apns-collapse-id}: a second copy takes the place of the first on the screen.
 *   <li>{@code Accepted} means that APNs took the message, not that a device has it: APNs reports
 *       no deliveries.
 * </ul>
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class ApnsProvider implements ChannelProvider {

  /** Which of Apple's two services; a token is known to one of them only. */
  public enum Environment {
    /** For applications from the App Store and TestFlight. */
    PRODUCTION(ApnsClientBuilder.PRODUCTION_APNS_HOST),
    /** For applications that run from Xcode. */
    SANDBOX(ApnsClientBuilder.DEVELOPMENT_APNS_HOST);

    private final String host;

    Environment(String host) {
      this.host = host;
    }

    private HttpUrl url() {
      return new HttpUrl.Builder().scheme("https").host(host).build();
    }
  }

  /** Payload key under which an application finds {@link OutboundMessage#reference()}. */
  public static final String REFERENCE_KEY = FcmProvider.REFERENCE_KEY;

  /** Payload key under which an application finds the link that a tap should open, if any. */
  public static final String LINK_KEY = FcmProvider.LINK_KEY;

  /**
   * Payload key under which an application finds the buttons, if there are any: an array of objects
   * with {@code action}, {@code title} and {@code link}. Which buttons are shown is the category's
   * matter.
   */
  public static final String ACTIONS_KEY = FcmProvider.ACTIONS_KEY;

  /** Payload key under which a notification service extension finds the picture's address. */
  public static final String IMAGE_KEY = "notify_image";

  /** The type of an address that is an APNs device token. */
  public static final String ADDRESS_TYPE = "apns";

  private final String name;
  private final String topic;
  private final HttpUrl server;
  private final InstantSource clock;
  private final ApnsConnection apns;

  private ApnsProvider(Builder builder, ApnsSigningKey key, String topic) {
    this.name = builder.settings.name();
    this.topic = topic;
    this.server = builder.server;
    this.clock = builder.settings.clock();
    ApnsClientBuilder client =
        new ApnsClientBuilder()
            .setApnsServer(server.host(), server.port())
            .setSigningKey(key)
            .setUseAlpn(true)
            .setConcurrentConnections(builder.connections);
    if (!builder.trusted.isEmpty()) {
      client.setTrustedServerCertificateChain(builder.trusted.toArray(X509Certificate[]::new));
    }
    this.apns = ApnsConnection.open(name, builder.settings.timeouts(), client);
  }

  /** Starts a provider; it needs a signing key, its id, a team id and a topic. */
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
    ApnsReply reply = send(message);
    if (reply instanceof ApnsReply.Answer answer && ApnsErrors.blamesProviderToken(answer)) {
      // Pushy closes the connection over this, and signs a new token for the next one.
      reply = send(message);
    }
    return reply instanceof ApnsReply.Silence silence
        ? silence.outcome()
        : ApnsErrors.outcome((ApnsReply.Answer) reply, message.reference());
  }

  private ApnsReply send(OutboundMessage message) {
    return apns.exchange(ApnsPush.of(message, topic, clock.instant()));
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return ApnsLimits.problemWith(address);
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return ApnsLimits.problemWith(content);
  }

  @Override
  public void close() {
    apns.close();
  }

  @Override
  public String toString() {
    return "ApnsProvider[" + name + ", " + topic + " at " + server.host() + "]";
  }

  /**
   * Builds an {@link ApnsProvider}, {@code apns} in logs unless set otherwise. Provider tokens are
   * Pushy's and keep to the system's clock. Each setter checks its value; not thread-safe.
   */
  public static final class Builder extends PushSettings<Builder> {

    private static final Pattern TEN = Pattern.compile("[A-Z0-9]{10}");
    private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,254}");
    private static final int MOST_CONNECTIONS = 100;
    private static final int LONGEST_KEY = 64 * 1024;

    private byte[] signingKey = new byte[0];
    private Optional<String> keyId = Optional.empty();
    private Optional<String> teamId = Optional.empty();
    private Optional<String> topic = Optional.empty();
    private HttpUrl server = Environment.PRODUCTION.url();
    private List<X509Certificate> trusted = List.of();
    private int connections = 1;

    private Builder() {
      super("apns");
    }

    /**
     * Takes the signing key from its {@code .p8} file, as Apple hands it out.
     *
     * @throws ConfigurationException if it cannot be read or holds no such key
     */
    public Builder signingKey(Path file) {
      try (InputStream pem = Files.newInputStream(file)) {
        return signingKey(pem);
      } catch (IOException e) {
        throw new ConfigurationException(
            "signingKey: the file cannot be read; check its path and rights");
      }
    }

    /** Takes the signing key from its text in PEM form; the stream stays open. */
    public Builder signingKey(InputStream pem) {
      try {
        byte[] text = pem.readNBytes(LONGEST_KEY);
        load(text, "KEY0000000", "TEAM000000");
        signingKey = text;
        return this;
      } catch (IOException e) {
        throw new ConfigurationException("signingKey: cannot be read");
      }
    }

    /** Sets the id of the signing key: ten characters. */
    public Builder keyId(String value) {
      keyId = Optional.of(Setting.matching(TEN, "keyId", value, "ten capital letters and digits"));
      return this;
    }

    /** Sets the id of the team in Apple's developer programme: ten characters. */
    public Builder teamId(String value) {
      teamId =
          Optional.of(Setting.matching(TEN, "teamId", value, "ten capital letters and digits"));
      return this;
    }

    /** Sets the application: its bundle id, {@code com.example.shop}. */
    public Builder topic(String value) {
      topic = Optional.of(Setting.matching(TOPIC, "topic", value, "an application's bundle id"));
      return this;
    }

    /** Sets which of Apple's services is called; production by default. */
    public Builder environment(Environment value) {
      server = value.url();
      return this;
    }

    /** Points the provider at a stand-in, {@code https://host:port}; takes environment's place. */
    public Builder baseUrl(URI value) {
      HttpUrl url = BaseUrl.of(value);
      if (!url.isHttps() || !url.encodedPath().equals("/")) {
        throw new ConfigurationException("baseUrl: must be an https address without a path");
      }
      server = url;
      return this;
    }

    /** Trusts these certificates in place of the system's, for a stand-in. */
    public Builder trustedCertificates(X509Certificate... value) {
      trusted = List.of(value);
      return this;
    }

    /** Sets how many connections are kept, 1 to 100; one carries a thousand calls at a time. */
    public Builder connections(int value) {
      if (value < 1 || value > MOST_CONNECTIONS) {
        throw new ConfigurationException("connections: must be from 1 to " + MOST_CONNECTIONS);
      }
      connections = value;
      return this;
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public ApnsProvider build() {
      byte[] key =
          Setting.required("signingKey", Optional.of(signingKey).filter(text -> text.length > 0));
      String id = Setting.required("keyId", keyId);
      String team = Setting.required("teamId", teamId);
      return new ApnsProvider(this, load(key, id, team), Setting.required("topic", topic));
    }

    private static ApnsSigningKey load(byte[] pem, String keyId, String teamId) {
      try {
        return ApnsSigningKey.loadFromInputStream(new ByteArrayInputStream(pem), teamId, keyId);
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        // Not passed on as the cause: a parser's message can hold a piece of the key.
        throw new ConfigurationException("signingKey: is not a .p8 file with a private key");
      }
    }
  }
}
