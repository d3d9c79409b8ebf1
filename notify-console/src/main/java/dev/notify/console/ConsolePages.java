package dev.notify.console;

import dev.notify.SendReceipt;
import dev.notify.model.Attachment;
import dev.notify.model.ConfigurationException;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.NotifyException;
import dev.notify.model.RefusedException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which page answers what. */
final class ConsolePages {

  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors ";
  private static final String ALONE = POLICY + "'none'";
  private static final String FRAMED = POLICY + "'self'";
  private static final String HTML = "text/html; charset=utf-8";

  private static final Pattern MAIL = Pattern.compile("/sandbox/(\\d{1,18})/mail");
  private static final Pattern FILE = Pattern.compile("/sandbox/(\\d{1,18})/files/(\\d{1,4})");
  private static final Pattern STORY = Pattern.compile("/notifications/([0-9a-fA-F-]{36})");
  private static final Pattern REPLAY = Pattern.compile("/dead-letters/([0-9a-fA-F-]{36})/replay");
  private static final Logger log = LoggerFactory.getLogger(ConsolePages.class);

  private final Site site;
  private final Guard guard;
  private final Layout layout;
  private final Assets assets = new Assets();
  private final OverviewPage overview;
  private final SandboxPage sandbox;
  private final SearchPage search;
  private final StoryPage story;
  private final DeadLettersPage deadLetters;
  private final TemplatesPage templates;
  private final ExperimentsPage experiments;
  private final PreferencesPage preferences;

  ConsolePages(Site site, Guard guard, LiveFigures live) {
    this.site = site;
    this.guard = guard;
    layout = new Layout(site);
    overview = new OverviewPage(site, live);
    sandbox = new SandboxPage(site);
    search = new SearchPage(site);
    story = new StoryPage(site);
    deadLetters = new DeadLettersPage(site);
    templates = new TemplatesPage(site);
    experiments = new ExperimentsPage(site);
    preferences = new PreferencesPage(site);
  }

  ConsoleAnswer answer(Asked asked) {
    try {
      if (asked.path().startsWith("/preferences/centre/")) {
        return preferences.centre(asked);
      } else if (asked.isRead()) {
        return read(asked);
      } else if (!asked.verb().equals("POST")) {
        return with(refused(405, "This cannot be done here."), "Allow", "GET, HEAD, POST");
      }
      return guard.hasToken(asked)
          ? changed(asked)
          : refused(403, "The page is from before the console was started again. Reload it.");
    } catch (RefusedException e) {
      return refused(503, "The store cannot be asked now. Reload the page in a moment.");
    } catch (NotifyException e) {
      return refused(400, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      // What it says may be personal; where it comes from is not.
      log.warn("the console could not answer: {}", e.getClass().getName(), trace(e));
      return refused(500, "This did not work. The log says more.");
    }
  }

  private static Throwable trace(RuntimeException e) {
    Throwable trace = new IllegalStateException(e.getClass().getName());
    trace.setStackTrace(e.getStackTrace());
    return trace;
  }

  private ConsoleAnswer read(Asked asked) {
    String path = asked.path();
    return switch (path) {
      case "" -> with(plain(302, ""), "Location", site.url("/"));
      case "/" -> page("overview", "Overview", overview.page(), Assets.CHARTS, "overview.js");
      case "/data/overview" -> json(overview.data().toString());
      case "/sandbox" -> page("sandbox", "Sandbox", sandbox.page(asked), "sandbox.js");
      case "/data/sandbox" -> json(sandbox.data(asked).toString());
      case "/search" -> page("search", "Search", search.page(asked));
      case "/dead-letters" ->
          page("dead-letters", "Dead letters", deadLetters.page(Optional.empty()));
      case "/templates" -> page("templates", "Templates", templates.page(asked), "templates.js");
      case "/templates/preview" -> preview(asked);
      case "/templates/mail" -> frame(templates.mail(asked));
      case "/experiments" -> page("experiments", "Experiments", experiments.page());
      case "/preferences" -> page("preferences", "Preferences", preferences.page(asked));
      default -> path.startsWith("/assets/") ? asset(asked) : one(asked);
    };
  }

  private ConsoleAnswer one(Asked asked) {
    Matcher mail = MAIL.matcher(asked.path());
    if (mail.matches()) {
      return sandbox
          .mail(mail.group(1))
          .map(this::frame)
          .orElseGet(() -> refused(404, "This message is not kept any more."));
    }
    Matcher file = FILE.matcher(asked.path());
    if (file.matches()) {
      return sandbox
          .file(file.group(1), file.group(2))
          .map(ConsolePages::download)
          .orElseGet(() -> refused(404, "This file is not kept any more."));
    }
    Matcher wanted = STORY.matcher(asked.path());
    if (wanted.matches()) {
      Optional<NotificationRecord> found = known(wanted.group(1));
      return found.isPresent()
          ? page(
              "search",
              NotificationRows.title(found.get().notification()),
              story.page(found.get(), asked.isSet("replayed", "yes")))
          : refused(404, "There is no such notification, or it is not kept any more.");
    }
    return refused(404, "There is no such page.");
  }

  private Optional<NotificationRecord> known(String id) {
    try {
      return site.dispatcher().status(NotificationId.parse(id));
    } catch (InvalidNotificationException e) {
      return Optional.empty();
    }
  }

  private ConsoleAnswer changed(Asked asked) {
    Matcher replay = REPLAY.matcher(asked.path());
    if (replay.matches()) {
      return replay(replay.group(1));
    }
    switch (asked.path()) {
      case "/sandbox/clear" -> site.sandbox().ifPresent(Sandbox::clear);
      case "/sandbox/behaviour" -> sandbox.behave(asked.form());
      default -> {
        return refused(404, "There is nothing to change.");
      }
    }
    return seeOther("/sandbox");
  }

  private ConsoleAnswer replay(String id) {
    try {
      SendReceipt receipt = deadLetters.replay(id);
      return seeOther("/notifications/" + receipt.id() + "?replayed=yes");
    } catch (ConfigurationException | RefusedException e) {
      throw e;
    } catch (NotifyException e) {
      Optional<String> fault = Optional.of(String.valueOf(e.getMessage()));
      return answer(409, layout.page("dead-letters", "Dead letters", deadLetters.page(fault)));
    }
  }

  /** So that reloading the next page changes nothing again (RFC 9110, section 15.4.4). */
  private ConsoleAnswer seeOther(String path) {
    return with(plain(303, ""), "Location", site.url(path));
  }

  private ConsoleAnswer page(String active, String title, Markup main, String... scripts) {
    return answer(200, layout.page(active, title, main, scripts));
  }

  private static ConsoleAnswer answer(int status, String html) {
    return of(status, HTML, ALONE, html.getBytes(StandardCharsets.UTF_8));
  }

  private ConsoleAnswer preview(Asked asked) {
    String html = layout.bare("Preview", templates.preview(asked));
    return of(200, HTML, FRAMED, html.getBytes(StandardCharsets.UTF_8));
  }

  private ConsoleAnswer frame(String html) {
    return of(200, HTML, MailFrame.POLICY, html.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * For the disk and never for a page: whatever its sender calls it, nothing is shown or run here.
   */
  private static ConsoleAnswer download(Attachment file) {
    String plain = file.fileName().replaceAll("[^ -~]|[\"\\\\%]", "_");
    String exact = URLEncoder.encode(file.fileName(), StandardCharsets.UTF_8).replace("+", "%20");
    return with(
        of(200, "application/octet-stream", MailFrame.POLICY, file.bytes()),
        "Content-Disposition",
        // Both forms, as RFC 6266 has it.
        "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + exact.replace("*", "%2A"));
  }

  private static ConsoleAnswer json(String json) {
    return of(200, "application/json", ALONE, json.getBytes(StandardCharsets.UTF_8));
  }

  private ConsoleAnswer asset(Asked asked) {
    Optional<Assets.Asset> found = assets.find(asked.path().substring("/assets/".length()));
    if (found.isEmpty()) {
      return refused(404, "There is no such file.");
    }
    Assets.Asset asset = found.get();
    boolean known = asked.header("If-None-Match").equals(asset.tag());
    ConsoleAnswer answer =
        of(known ? 304 : 200, asset.type(), ALONE, known ? new byte[0] : asset.bytes());
    return with(with(answer, "ETag", asset.tag()), "Cache-Control", "no-cache");
  }

  /** A refusal in words. To strangers it shows nothing of the console, the token least of all. */
  ConsoleAnswer refused(int status, String why) {
    Markup main = new Markup();
    main.leaf("h1", "Notify console").leaf("p", why);
    main.open("p").leaf("a", "Overview", "href", site.url("/")).close("p");
    return answer(status, layout.bare("Notify console", main));
  }

  private static ConsoleAnswer plain(int status, String text) {
    return of(status, "text/plain; charset=utf-8", ALONE, text.getBytes(StandardCharsets.UTF_8));
  }

  private static ConsoleAnswer of(int status, String type, String policy, byte[] body) {
    return new ConsoleAnswer(
        status,
        Map.of(
            "Content-Type", type,
            "Content-Security-Policy", policy,
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cross-Origin-Opener-Policy", "same-origin",
            "X-Robots-Tag", "noindex",
            "Cache-Control", "no-store"),
        body);
  }

  private static ConsoleAnswer with(ConsoleAnswer answer, String name, String value) {
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.put(name, value);
    return new ConsoleAnswer(answer.status(), Map.copyOf(headers), answer.body());
  }
}
