package dev.notify.push;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import dev.notify.http.HttpTimeouts;
import dev.notify.http.Reply;
import dev.notify.http.Setting;
import dev.notify.http.VendorHttp;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.push.AccessTokens.Unavailable;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * Sends push messages to Android, Apple and web applications through Firebase Cloud Messaging, by
 * its <a href="https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages/send">HTTP
 * v1 interface</a>.
 *
 * <p>Of a content it takes title, body, image, link, data and the push options, each platform's in
 * its own block; a content without title and body wakes the application and shows nothing. FCM has
 * no idempotency key, so a call whose answer was lost is {@code Unknown}. To let an application
 * drop what it has seen, each message carries the delivery's reference in its data under {@value
 * #REFERENCE_KEY}; it is also the notification tag on Android and the collapse id on Apple devices,
 * by which a repeated message replaces the first, unless the content has a collapse key of its own.
 *
 * <p>{@code Accepted} means that FCM took the message, not that a device has it: FCM reports no
 * deliveries. Passing faults that FCM answers with (HTTP 500, 503 and the like) are {@code
 * Retryable}, as Google's guide and its own libraries treat them.
 *
 * <p>Thread-safe. Never throws on delivery.
 *
 * @since 0.1
 */
public final class FcmProvider implements ChannelProvider {

  /** Data key under which an application finds {@link OutboundMessage#reference()}. */
  public static final String REFERENCE_KEY = "notify_reference";

  /** Data key under which an application finds the link that a tap should open, if there is one. */
  public static final String LINK_KEY = "notify_link";

  /**
   * Data key under which an application finds the buttons, if there are any: a JSON array of
   * objects with {@code action}, {@code title} and {@code link}. FCM shows buttons in browsers
   * only.
   */
  public static final String ACTIONS_KEY = "notify_actions";

  /** The type of an address that is a Firebase registration token. */
  public static final String ADDRESS_TYPE = "fcm";

  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

  private final String name;
  private final String projectId;
  private final HttpUrl endpoint;
  private final InstantSource clock;
  private final VendorHttp http;
  private final AccessTokens tokens;

  private FcmProvider(Builder builder, GoogleCredentials credentials, String projectId) {
    this.name = builder.settings.name();
    this.projectId = projectId;
    this.endpoint =
        builder.settings.endpoint(
            "https://fcm.googleapis.com", "v1/projects/" + projectId + "/messages:send");
    this.clock = builder.settings.clock();
    this.http = builder.settings.open();
    HttpTimeouts timeouts = builder.settings.timeouts();
    Duration patience = timeouts.connect().plus(timeouts.read());
    this.tokens = new AccessTokens(credentials, http.executor(), clock, patience);
  }

  /** Starts a provider; it needs a service account. */
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
    byte[] body = FcmMessage.request(message, clock.instant());
    try {
      String token = tokens.current();
      Reply reply = send(body, token);
      if (reply instanceof Reply.Answer answer && FcmErrors.blamesAccessToken(answer)) {
        // Tokens can be revoked before they end. FCM did not look at the message, so once more is
        // safe.
        reply = send(body, tokens.otherThan(token));
      }
      return reply.outcome(FcmErrors::outcome);
    } catch (Unavailable e) {
      return e.outcome();
    }
  }

  private Reply send(byte[] body, String token) {
    return http.exchange(
        new Request.Builder()
            .url(endpoint)
            .header("Authorization", "Bearer " + token)
            .post(RequestBody.create(body, JSON))
            .build());
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return FcmLimits.problemWith(address);
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return FcmLimits.problemWith(content);
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return "FcmProvider[" + name + ", project " + projectId + "]";
  }

  /**
   * Builds an {@link FcmProvider}, {@code fcm} in logs unless set otherwise. Each setter checks its
   * value; not thread-safe.
   */
  public static final class Builder extends PushSettings<Builder> {

    private static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";
    private static final Pattern PROJECT = Pattern.compile("[a-z0-9][a-z0-9.:-]{0,62}");

    private Optional<GoogleCredentials> credentials = Optional.empty();
    private Optional<String> projectId = Optional.empty();

    private Builder() {
      super("fcm");
    }

    /**
     * Takes the service account from its JSON file, as the Firebase console hands it out.
     *
     * @throws ConfigurationException if it cannot be read or holds no service account
     */
    public Builder serviceAccount(Path file) {
      try (InputStream json = Files.newInputStream(file)) {
        return serviceAccount(json);
      } catch (IOException e) {
        throw new ConfigurationException(
            "serviceAccount: the file cannot be read; check its path and rights");
      }
    }

    /** Takes the service account from its JSON text; the stream stays open. */
    public Builder serviceAccount(InputStream json) {
      try {
        return serviceAccount(GoogleCredentials.fromStream(json));
      } catch (IOException | RuntimeException e) {
        // Not passed on as the cause: a parser's message can hold a piece of the key.
        throw new ConfigurationException(
            "serviceAccount: is not a service account's JSON with its private key");
      }
    }

    /** Takes credentials of any kind, for example the ones a Google machine has by itself. */
    public Builder serviceAccount(GoogleCredentials value) {
      credentials = Optional.of(value.createScoped(SCOPE));
      return this;
    }

    /** Sets the Firebase project; by default the service account's own. */
    public Builder projectId(String value) {
      projectId =
          Optional.of(Setting.matching(PROJECT, "projectId", value, "a Firebase project id"));
      return this;
    }

    /** Points the provider at a sandbox; {@code https://fcm.googleapis.com} by default. */
    public Builder baseUrl(URI value) {
      return settings.baseUrl(value);
    }

    /**
     * The provider. Connects at the first message.
     *
     * @throws ConfigurationException naming the option that is missing
     */
    public FcmProvider build() {
      GoogleCredentials account = Setting.required("serviceAccount", credentials);
      return new FcmProvider(
          this, account, Setting.required("projectId", projectId.or(() -> projectOf(account))));
    }

    private static Optional<String> projectOf(GoogleCredentials credentials) {
      return credentials instanceof ServiceAccountCredentials account
          ? Optional.ofNullable(account.getProjectId())
          : Optional.empty();
    }
  }
}
