package dev.notify.email;

import dev.notify.email.Relay.Login;
import dev.notify.email.Relay.Timeouts;
import dev.notify.model.ConfigurationException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;

/**
 * Builds an {@link SmtpProvider}. Every method checks what it is given and throws a {@link
 * ConfigurationException} that names the option. Not thread-safe.
 *
 * @since 0.1
 */
public final class SmtpProviderBuilder {

  private static final Pattern HOST_NAME =
      Pattern.compile("[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}");
  private static final Pattern EHLO_NAME =
      Pattern.compile("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Za-z:.]{2,60}]");

  String name = "smtp";
  InstantSource clock = InstantSource.system();
  long maxMessageBytes = 10L * 1024 * 1024;
  private Optional<String> host = Optional.empty();
  private Optional<Integer> port = Optional.empty();
  private TlsMode tls = TlsMode.STARTTLS;
  private Optional<String> username = Optional.empty();
  private Optional<String> password = Optional.empty();
  private Optional<InternetAddress> from = Optional.empty();
  private Optional<InternetAddress> replyTo = Optional.empty();
  private Optional<String> defaultSubject = Optional.empty();
  private Optional<String> ehloName = Optional.empty();
  private Optional<SSLSocketFactory> sslSocketFactory = Optional.empty();
  private Duration connectTimeout = Duration.ofSeconds(10);
  private Duration readTimeout = Duration.ofSeconds(60);
  private Duration writeTimeout = Duration.ofSeconds(60);
  private int maxConnections = 4;
  private int maxMessagesPerConnection = 100;
  private Duration maxIdle = Duration.ofSeconds(30);
  private Duration maxConnectionAge = Duration.ofMinutes(5);
  private Duration borrowTimeout = Duration.ofSeconds(30);

  SmtpProviderBuilder() {}

  /** The provider's name, unique within the dispatcher; {@code smtp} by default. */
  public SmtpProviderBuilder name(String value) {
    name =
        checked(
            "name",
            value,
            value.matches("[A-Za-z0-9._-]{1,64}"),
            "must be letters, digits, dots and hyphens");
    return this;
  }

  /** Name of the relay, which its certificate must bear; required. */
  public SmtpProviderBuilder host(String value) {
    host =
        Optional.of(
            checked("host", value, HOST_NAME.matcher(value).matches(), "must be a host name"));
    return this;
  }

  /** Port of the relay; by default that of the {@link #tls} mode. */
  public SmtpProviderBuilder port(int value) {
    port =
        Optional.of(
            checked("port", value, value >= 1 && value <= 65_535, "must be from 1 to 65535"));
    return this;
  }

  /** How the connection is protected; {@link TlsMode#STARTTLS} by default, and then required. */
  public SmtpProviderBuilder tls(TlsMode value) {
    tls = value;
    return this;
  }

  /** User name at the relay; with {@link #password}, or neither. */
  public SmtpProviderBuilder username(String value) {
    username = Optional.of(checked("username", value, !value.isBlank(), "must not be blank"));
    return this;
  }

  /** Password at the relay; with {@link #username}, or neither. */
  public SmtpProviderBuilder password(String value) {
    password = Optional.of(checked("password", value, !value.isBlank(), "must not be blank"));
    return this;
  }

  /** The sender, {@code Shop <shop@example.com>} or an address alone; required. */
  public SmtpProviderBuilder from(String value) {
    from = Optional.of(MailAddresses.configured("from", value));
    return this;
  }

  /** Where answers go, if elsewhere than to the sender. */
  public SmtpProviderBuilder replyTo(String value) {
    replyTo = Optional.of(MailAddresses.configured("replyTo", value));
    return this;
  }

  /** Subject of mail whose content has no title; without it such content is refused. */
  public SmtpProviderBuilder defaultSubject(String value) {
    defaultSubject = Optional.of(Sender.subject(value));
    return this;
  }

  /** Our own host name as said in EHLO; looked up by default, which containers often get wrong. */
  public SmtpProviderBuilder ehloName(String value) {
    ehloName =
        Optional.of(
            checked("ehloName", value, EHLO_NAME.matcher(value).matches(), "must be a host name"));
    return this;
  }

  /** Makes TLS connections, and so decides whom to trust; the platform's by default. */
  public SmtpProviderBuilder sslSocketFactory(SSLSocketFactory value) {
    sslSocketFactory = Optional.of(value);
    return this;
  }

  /** How long to wait for a connection; 10 seconds by default. */
  public SmtpProviderBuilder connectTimeout(Duration value) {
    connectTimeout = positive("connectTimeout", value);
    return this;
  }

  /**
   * How long to wait for the whole answer to a command; 60 seconds by default. RFC 5321 would have
   * up to ten minutes for the last one: the shorter, the more outcomes are unknown.
   */
  public SmtpProviderBuilder readTimeout(Duration value) {
    readTimeout = positive("readTimeout", value);
    return this;
  }

  /** How long bytes may take to leave; 60 seconds by default. */
  public SmtpProviderBuilder writeTimeout(Duration value) {
    writeTimeout = positive("writeTimeout", value);
    return this;
  }

  /** How many messages may be under way at once, each on a connection of its own; 4 by default. */
  public SmtpProviderBuilder maxConnections(int value) {
    maxConnections =
        checked("maxConnections", value, value >= 1 && value <= 1000, "must be from 1 to 1000");
    return this;
  }

  /** How many messages one connection carries before it is replaced; 100 by default. */
  public SmtpProviderBuilder maxMessagesPerConnection(int value) {
    maxMessagesPerConnection =
        checked("maxMessagesPerConnection", value, value >= 1, "must be at least 1");
    return this;
  }

  /** How long a connection may rest; 30 seconds by default, relays close theirs sooner or later. */
  public SmtpProviderBuilder maxIdle(Duration value) {
    maxIdle = positive("maxIdle", value);
    return this;
  }

  /** How old a connection may become; 5 minutes by default. */
  public SmtpProviderBuilder maxConnectionAge(Duration value) {
    maxConnectionAge = positive("maxConnectionAge", value);
    return this;
  }

  /** How long a message waits for a free connection; 30 seconds by default. */
  public SmtpProviderBuilder borrowTimeout(Duration value) {
    borrowTimeout = positive("borrowTimeout", value);
    return this;
  }

  /** The longest mail that is sent, in bytes as encoded; 10 MiB by default. */
  public SmtpProviderBuilder maxMessageBytes(long value) {
    maxMessageBytes = checked("maxMessageBytes", value, value >= 1024, "must be at least 1024");
    return this;
  }

  /**
   * Tells the time, for the {@code Date} of mails and the age of connections; the system's by
   * default.
   */
  public SmtpProviderBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  /**
   * The provider. Connects when the first message comes.
   *
   * @throws ConfigurationException naming the option that is missing
   */
  public SmtpProvider build() {
    if (username.isPresent() != password.isPresent()) {
      throw new ConfigurationException(
          (username.isPresent() ? "password" : "username")
              + ": must be set, since the other one is");
    }
    Timeouts timeouts = new Timeouts(connectTimeout, readTimeout, writeTimeout);
    Optional<Login> login =
        username.flatMap(user -> password.map(secret -> new Login(user, secret)));
    Relay relay =
        new Relay(
            required("host", host),
            port.orElse(tls.defaultPort()),
            tls,
            login,
            ehloName,
            timeouts,
            sslSocketFactory.orElseGet(() -> (SSLSocketFactory) SSLSocketFactory.getDefault()));
    return new SmtpProvider(
        this, relay, new Sender(required("from", from), replyTo, defaultSubject));
  }

  PoolLimits limits() {
    return new PoolLimits(
        maxConnections, maxMessagesPerConnection, maxIdle, maxConnectionAge, borrowTimeout);
  }

  private static <T> T required(String option, Optional<T> value) {
    return value.orElseThrow(() -> new ConfigurationException(option + ": must be set"));
  }

  private static Duration positive(String option, Duration value) {
    boolean fits =
        value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(Duration.ofDays(1)) <= 0;
    return checked(option, value, fits, "must be from one millisecond to one day");
  }

  /** The value is never shown, since it may be a secret. */
  private static <T> T checked(String option, T value, boolean fits, String rule) {
    if (!fits) {
      throw new ConfigurationException(option + ": " + rule);
    }
    return value;
  }

  @Override
  public String toString() {
    return "SmtpProviderBuilder[" + name + "]";
  }
}
