package dev.notify.console;

import dev.notify.AuditLog;
import dev.notify.NotificationDispatcher;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.Subscription;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Serves the console for whatever serves HTTP in the application; {@link Console} does so for local
 * development. Put it behind your own login: whoever reaches it sees what people are sent, and may
 * replay it. It answers to names of this machine only, unless {@link Builder#host} says others;
 * what changes something must come from its own pages. Thread-safe.
 *
 * @since 0.1
 */
public final class ConsoleHandler implements AutoCloseable {

  /** Bytes that a request may have. */
  public static final int LONGEST_BODY = 64 << 10;

  private static final String NOBODY_IN_PARTICULAR = "console";

  private final Site site;
  private final Guard guard;
  private final LiveFigures live;
  private final ConsolePages pages;
  private final Optional<Subscription> reports;

  private ConsoleHandler(Builder builder) {
    InstantSource clock = InstantSource.system();
    guard = new Guard(Set.copyOf(builder.hosts));
    site =
        new Site(
            builder.dispatcher,
            Optional.ofNullable(builder.sandbox),
            builder.base,
            guard.token(),
            Optional.ofNullable(builder.logout),
            clock);
    live = new LiveFigures(clock);
    pages = new ConsolePages(site, guard, live);
    live.follow(builder.dispatcher);
    reports = site.sandbox().map(sandbox -> sandbox.reportTo(builder.dispatcher));
  }

  /** Builds a console for a dispatcher. */
  public static Builder builder(NotificationDispatcher dispatcher) {
    return new Builder(dispatcher);
  }

  /**
   * Handles a request. What it changes is logged as the doing of {@code console}, unless the thread
   * works {@linkplain AuditLog#inNameOf in somebody's name}.
   *
   * @param method the HTTP method
   * @param target the path that was asked for, with its query
   * @param headers by their names, in any case
   * @param body what was sent; bound it while you read it, to {@link #LONGEST_BODY} and one more
   */
  public ConsoleAnswer handle(
      String method, String target, Map<String, List<String>> headers, byte[] body) {
    int mark = target.indexOf('?');
    String path = decoded(mark < 0 ? target : target.substring(0, mark));
    Asked asked =
        new Asked(
            method.toUpperCase(Locale.ROOT),
            below(path),
            mark < 0 ? Map.of() : Asked.fields(target.substring(mark + 1)),
            headers,
            body);
    Optional<String> objection = guard.objection(asked);
    ConsoleAnswer answer =
        objection.isPresent()
            ? pages.refused(403, objection.get())
            : body.length > LONGEST_BODY
                ? pages.refused(413, "More than " + LONGEST_BODY + " bytes were sent.")
                : inSomebodysName(asked);
    return asked.verb().equals("HEAD")
        ? new ConsoleAnswer(answer.status(), answer.headers(), new byte[0])
        : answer;
  }

  /** What is changed here is whoever's doing has the console open, never that of a person shown. */
  private ConsoleAnswer inSomebodysName(Asked asked) {
    AuditLog audit = site.dispatcher().audit();
    return audit.named().isPresent()
        ? pages.answer(asked)
        : audit.inNameOf(NOBODY_IN_PARTICULAR, NOBODY_IN_PARTICULAR, () -> pages.answer(asked));
  }

  /** The path below the console's own; what lies elsewhere is none of its pages. */
  private String below(String path) {
    String base = site.base();
    return path.equals(base) || path.startsWith(base + "/") ? path.substring(base.length()) : "/?";
  }

  private static String decoded(String path) {
    try {
      // A plus in a path is a plus.
      return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "/?";
    }
  }

  /** The path below which its pages are, without a slash at its end. */
  public String base() {
    return site.base();
  }

  /** Stops listening to the dispatcher, which stays open. */
  @Override
  public void close() {
    live.close();
    reports.ifPresent(Subscription::close);
  }

  @Override
  public String toString() {
    return "ConsoleHandler[" + site.base() + "]";
  }

  /** Builds a {@link ConsoleHandler}; not thread-safe. */
  public static final class Builder {
    private final NotificationDispatcher dispatcher;
    private final Set<String> hosts = new TreeSet<>();
    private @Nullable Sandbox sandbox;
    private String base = "/console";
    private @Nullable String logout;

    private Builder(NotificationDispatcher dispatcher) {
      this.dispatcher = dispatcher;
    }

    /** Sets the sandbox that stands in for the vendors; none unless set. */
    public Builder sandbox(Sandbox value) {
      sandbox = value;
      return this;
    }

    /** Sets the path below which the pages are; {@code /console} unless set. */
    public Builder at(String path) {
      if (!path.matches("(/[A-Za-z0-9._~-]+)+")) {
        throw new ConfigurationException(
            "at: '" + path + "' is no path; '/console' is one, '/' is none");
      }
      base = path;
      return this;
    }

    /**
     * Adds a name by which it is reached, as it stands in the {@code Host} header: {@code
     * console.example.com}. It answers to {@code localhost} and loopback addresses anyway.
     */
    public Builder host(String name) {
      hosts.add(name.toLowerCase(Locale.ROOT));
      return this;
    }

    /**
     * Sets where to log out of what the console stands behind: its pages get a button that posts a
     * form there. No button unless set.
     */
    public Builder logout(String path) {
      if (!path.startsWith("/") || path.startsWith("//")) {
        throw new ConfigurationException("logout: '" + path + "' is no path; '/logout' is one");
      }
      logout = path;
      return this;
    }

    /** Begins to listen to the dispatcher. */
    public ConsoleHandler build() {
      return new ConsoleHandler(this);
    }
  }
}
