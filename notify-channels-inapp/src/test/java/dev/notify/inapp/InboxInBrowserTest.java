package dev.notify.inapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import dev.notify.memory.MemoryInboxes;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.test.SampleMessages;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both kinds of stream in a real browser, which comes again by itself, or as a page does it. */
class InboxInBrowserTest {

  private static final String PAGE =
      """
      <!doctype html><title>Inbox</title><link rel="icon" href="data:,">
      <script>
      const bodies = [], kinds = [];
      let last, unread, unseen, socket;
      function take(change) {
        unread = change.unread;
        unseen = change.unseen;
        change.items.forEach(item => bodies.push(item.body));
      }
      function listen() {
        const stream = new EventSource("/stream");
        for (const kind of ["inbox", "reset"]) {
          stream.addEventListener(kind, event => { kinds.push(kind); take(JSON.parse(event.data)); });
        }
      }
      function connect() {
        const place = last === undefined ? "" : "?revision=" + last;
        socket = new WebSocket("ws://" + location.host + "/socket" + place);
        socket.onmessage = frame => {
          const change = JSON.parse(frame.data);
          kinds.push(change.event);
          if (change.event === "heartbeat") return;
          last = change.revision;
          take(change);
        };
        socket.onclose = () => setTimeout(connect, 1000);
      }
      </script>""";

  private static Playwright playwright;
  private static Browser browser;

  private final Inbox inbox = Inbox.builder(MemoryInboxes.of(10, 500)).build();
  private final InAppProvider provider = InAppProvider.of(inbox);
  private final InboxStreams streams =
      InboxStreams.builder(inbox).heartbeat(Duration.ofMillis(200)).build();

  /** What each connection said it knew. */
  private final List<String> known = new CopyOnWriteArrayList<>();

  private JettyServer jetty;
  private Page page;

  @BeforeAll
  static void launch() {
    Optional<Path> chromium = chromium();
    assumeThat(chromium)
        .as(
            "there is no Chromium: install one, or name it in the environment variable NOTIFY_CHROMIUM")
        .isPresent();
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(chromium.get())
                    .setArgs(List.of("--no-sandbox", "--disable-gpu", "--no-first-run")));
  }

  private static Optional<Path> chromium() {
    Stream<Path> named = Stream.ofNullable(System.getenv("NOTIFY_CHROMIUM")).map(Path::of);
    Stream<Path> onPath =
        Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
            .filter(folder -> !folder.isBlank())
            .flatMap(
                folder ->
                    Stream.of("chromium", "chromium-browser", "google-chrome")
                        .map(name -> Path.of(folder, name)));
    return Stream.concat(named, onPath).filter(Files::isExecutable).findFirst();
  }

  @AfterAll
  static void end() {
    if (playwright != null) {
      browser.close();
      playwright.close();
    }
  }

  private static final class PageServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("text/html;charset=utf-8");
      response.getWriter().write(PAGE);
    }
  }

  @BeforeEach
  void open() throws Exception {
    jetty =
        JettyServer.start(
            Map.of(
                "/page",
                new PageServlet(),
                "/stream",
                InboxServlet.of(streams, request -> jane(request.getHeader("Last-Event-ID"))),
                "/socket",
                InboxWebSocket.of(streams, request -> jane(request.getParameter("revision")))));
    page = browser.newPage();
    page.navigate(jetty.uri("http", "/page").toString());
  }

  private Optional<String> jane(String place) {
    known.add(String.valueOf(place));
    return Optional.of("jane");
  }

  @AfterEach
  void close() throws Exception {
    page.close();
    streams.close();
    jetty.close();
  }

  private void deliver(String body) {
    provider.deliver(SampleMessages.to(Address.inApp("jane"), Content.ofBody(body)));
  }

  private void awaitInPage(String condition) {
    page.waitForFunction("() => " + condition);
  }

  /** What comes while the page has no connection. */
  private void cutAndDeliver(String... missed) {
    jetty.cut();
    await().untilAsserted(() -> assertThat(streams.open()).isZero());
    for (String body : missed) {
      deliver(body);
    }
    assertThat(page.evaluate("bodies.length")).as("nobody told it yet").isEqualTo(1);
  }

  private void assertGoesOnWithoutGapOrRepeat(String begin) {
    deliver("before");
    page.evaluate(begin);
    awaitInPage("unread === 1");
    deliver("<b>one</b>");
    awaitInPage("bodies.length === 1");
    long place = inbox.counts("jane").revision();

    cutAndDeliver("two", "three");
    awaitInPage("bodies.length === 3");
    deliver("four");
    awaitInPage("bodies.length >= 4");

    assertThat(page.evaluate("bodies")).isEqualTo(List.of("<b>one</b>", "two", "three", "four"));
    assertThat(page.evaluate("unread")).isEqualTo(5);
    assertThat(page.evaluate("kinds.includes('reset')")).isEqualTo(false);
    assertThat(known).containsExactly("null", "" + place);
  }

  @Test
  void anEventSourceGoesOnAfterItsLastEvent() {
    assertGoesOnWithoutGapOrRepeat("listen()");
  }

  @Test
  void aWebSocketGoesOnAfterItsLastFrame() {
    assertGoesOnWithoutGapOrRepeat("connect()");

    page.evaluate("socket.send(JSON.stringify({seen: 'all'}))");
    awaitInPage("unseen === 0");
    awaitInPage("kinds.includes('heartbeat')");
    assertThat(inbox.unseen("jane")).isZero();
  }

  @Test
  void whoWasErasedMeanwhileIsReset() {
    deliver("old");
    page.evaluate("listen()");
    awaitInPage("unread === 1");
    jetty.cut();
    await().untilAsserted(() -> assertThat(streams.open()).isZero());

    inbox.store().forget("jane");
    deliver("new");

    awaitInPage("kinds.includes('reset')");
    assertThat(page.evaluate("bodies")).isEqualTo(List.of());
  }
}
