package dev.notify.push;

import com.google.auth.Retryable;
import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.notify.model.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an access token at hand. However many ask, one refresh runs at a time; it starts five
 * minutes before the token ends, and until the last half minute nobody waits for it. A refresh runs
 * on a thread of its own because Google's library cannot be interrupted and retries for longer than
 * a caller should wait.
 *
 * <p>Thread-safe.
 */
final class AccessTokens {

  private static final Duration EARLY = Duration.ofMinutes(5);
  private static final Duration LAST_MOMENT = Duration.ofSeconds(30);

  private static final Pattern HEADER_TEXT = Pattern.compile("[\\x21-\\x7e]+");

  private final GoogleCredentials credentials;
  private final Executor executor;
  private final InstantSource clock;
  private final Duration patience;

  private final Object lock = new Object();
  private @Nullable AccessToken token;
  private @Nullable CompletableFuture<AccessToken> refresh;

  AccessTokens(
      GoogleCredentials credentials, Executor executor, InstantSource clock, Duration patience) {
    this.credentials = credentials;
    this.executor = executor;
    this.clock = clock;
    this.patience = patience;
    this.token = credentials.getAccessToken();
  }

  /** A token that holds for a while yet. */
  String current() throws Unavailable {
    CompletableFuture<AccessToken> coming;
    synchronized (lock) {
      AccessToken held = token;
      if (held != null && holdsFor(held, EARLY)) {
        return held.getTokenValue();
      }
      coming = refresh();
      if (held != null && holdsFor(held, LAST_MOMENT)) {
        return held.getTokenValue();
      }
    }
    return await(coming);
  }

  /** A token other than this one, which FCM did not accept. */
  String otherThan(String refused) throws Unavailable {
    CompletableFuture<AccessToken> coming;
    synchronized (lock) {
      AccessToken held = token;
      if (held != null && !held.getTokenValue().equals(refused) && holdsFor(held, LAST_MOMENT)) {
        return held.getTokenValue();
      }
      coming = refresh();
    }
    return await(coming);
  }

  private boolean holdsFor(AccessToken held, Duration least) {
    Date end = held.getExpirationTime();
    return end == null || clock.instant().plus(least).isBefore(Instant.ofEpochMilli(end.getTime()));
  }

  private CompletableFuture<AccessToken> refresh() {
    CompletableFuture<AccessToken> running = refresh;
    if (running == null) {
      running = start();
      refresh = running;
      running.whenComplete((fetched, fault) -> keep(fetched));
    }
    return running;
  }

  private CompletableFuture<AccessToken> start() {
    try {
      return CompletableFuture.supplyAsync(this::fetch, executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(new IOException("the provider is closed"));
    }
  }

  private AccessToken fetch() {
    try {
      AccessToken fetched = credentials.refreshAccessToken();
      if (!HEADER_TEXT.matcher(fetched.getTokenValue()).matches()) {
        throw new IllegalStateException("what came is no token");
      }
      return fetched;
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private void keep(@Nullable AccessToken fetched) {
    synchronized (lock) {
      refresh = null;
      if (fetched != null) {
        token = fetched;
      }
    }
  }

  private String await(CompletableFuture<AccessToken> coming) throws Unavailable {
    try {
      return coming.get(patience.toMillis(), TimeUnit.MILLISECONDS).getTokenValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable(Outcome.retryable("not sent: interrupted"));
    } catch (TimeoutException e) {
      throw new Unavailable(Outcome.retryable("not sent: no access token in time"));
    } catch (ExecutionException e) {
      throw new Unavailable(outcomeOf(e.getCause()));
    }
  }

  /** Nothing went to FCM yet, so whatever may pass is retryable. */
  private static Outcome outcomeOf(@Nullable Throwable fault) {
    boolean passing =
        fault instanceof Retryable said ? said.isRetryable() : fault instanceof IOException;
    return passing
        ? Outcome.retryable("not sent: the access token could not be fetched")
        : Outcome.misconfigured("the service account gets no access token");
  }

  /**
   * There is no token, and what that means for the message. Has no cause: Google's words may hold
   * keys.
   */
  static final class Unavailable extends Exception {

    private static final long serialVersionUID = 1L;
    private final transient Outcome outcome;

    Unavailable(Outcome outcome) {
      super(outcome.cause());
      this.outcome = outcome;
    }

    Outcome outcome() {
      return outcome;
    }
  }
}
