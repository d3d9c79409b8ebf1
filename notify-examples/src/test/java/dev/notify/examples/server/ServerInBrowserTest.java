package dev.notify.examples.server;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.Route.FulfillOptions;
import com.microsoft.playwright.options.AriaRole;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What browsers make of the server: cookies, policies and streams are theirs to judge. */
@Timeout(120)
class ServerInBrowserTest {

  private static final Path DOCUMENTATION = Path.of("docs/server.md");
  private static final Pattern SCRIPT = Pattern.compile("(?s)```js\n(.*?)```");

  private static Playwright playwright;
  private static Browser browser;
  private static RunningServer server;

  private final List<String> complaints = new ArrayList<>();
  private Page page;

  @BeforeAll
  static void launch() {
    Optional<Path> chromium = chromium();
    assumeThat(chromium)
        .as("there is no Chromium: install one, or name it in the variable NOTIFY_CHROMIUM")
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
    server = RunningServer.start();
    server.person("user-42");
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
    if (server != null) {
      server.close();
    }
  }

  @BeforeEach
  void open() {
    page = browser.newContext().newPage();
    page.setDefaultTimeout(30_000);
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          if (message.text().contains("Content Security Policy")) {
            complaints.add(message.text());
          }
        });
  }

  @AfterEach
  void close() {
    page.context().close();
    assertThat(complaints).as("what the browser complained about").isEmpty();
  }

  private static void send(String title) {
    Reply sent =
        server.post(
            "/api/v1/notifications",
            """
            {"userId": "user-42", "channels": ["email", "inapp"], "title": "%s", "body": "b"}"""
                .formatted(title));
    assertThat(sent.status()).isEqualTo(202);
  }

  @Test
  void anAdminLogsInReadsANotificationsStoryAndLogsOut() {
    send("Read all about it");
    page.navigate(server.uri("/console/search").toString());
    assertThat(page).hasTitle("Log in - Notify console");
    page.getByLabel("An admin's API key").fill("not-the-key-of-anybody");
    page.getByRole(AriaRole.BUTTON).click();
    assertThat(page.getByRole(AriaRole.ALERT)).hasText("This is not the key of an admin.");

    page.getByLabel("An admin's API key").fill(RunningServer.ADMIN);
    page.getByRole(AriaRole.BUTTON).click();

    assertThat(page.locator("h1")).hasText("Overview");
    assertThat(page.locator("#state")).hasText("All is well");
    page.locator("#nav").getByText("Search").click();
    page.getByText("Read all about it").first().click();
    page.waitForURL("**/console/notifications/*");
    assertThat(page.locator("h1")).hasText("Read all about it");
    assertThat(page.locator(".timeline")).isVisible();

    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Log out")).click();

    assertThat(page).hasTitle("Log in - Notify console");
    page.navigate(server.uri("/console/").toString());
    assertThat(page).hasTitle("Log in - Notify console");
  }

  @Test
  void aPageReadsTheStreamAsTheDocumentationSays() throws IOException {
    // An application's own page, at the address of the server as behind one proxy.
    String app = server.uri("/app").toString();
    page.route(
        app,
        route ->
            route.fulfill(
                new FulfillOptions().setContentType("text/html").setBody("<!doctype html><p>App")));
    page.navigate(app);
    page.evaluate(
        """
        () => {
        window.seen = [];
        const show = change => window.seen.push(change);
        const token = '%s';
        (async () => {
        %s
        })();
        }
        """
            .formatted(RunningServer.READ, script()));
    page.waitForFunction("window.seen.length > 0 && 'unread' in window.seen[0]");

    send("As it happens");

    page.waitForFunction(
        "window.seen.some(change => change.items.some(item => item.title === 'As it happens'))");
  }

  private static String script() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve(DOCUMENTATION))) {
      root = root.getParent();
    }
    Matcher found = SCRIPT.matcher(Files.readString(root.resolve(DOCUMENTATION)));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }
}
