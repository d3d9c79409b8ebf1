package dev.notify.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.FrameLocator;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.notify.console.SandboxBehaviour.Kind;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Conversion;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Experiment;
import dev.notify.model.Notification;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Outcome;
import dev.notify.model.PushOptions;
import dev.notify.model.Recipient;
import dev.notify.model.StoredTemplate;
import dev.notify.model.Variant;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The pages as people see them, in one Chromium for all tests. */
class ConsoleInBrowserTest {

  private static Playwright playwright;
  private static Browser browser;

  private final List<String> complaints = new ArrayList<>();
  private Bench bench;
  private BrowserContext context;
  private Page page;

  @BeforeAll
  static void launch() {
    Optional<Path> chromium = Browsers.chromium();
    assumeThat(chromium).as(Browsers.NONE).isPresent();
    playwright = Browsers.playwright();
    browser = Browsers.launch(playwright, chromium.get());
  }

  @AfterAll
  static void end() {
    if (playwright != null) {
      browser.close();
      playwright.close();
    }
  }

  @BeforeEach
  void open() {
    bench = new Bench();
    open(new Browser.NewContextOptions());
  }

  private void open(Browser.NewContextOptions options) {
    if (context != null) {
      context.close();
    }
    context = browser.newContext(options);
    page = context.newPage();
    page.setDefaultTimeout(30_000);
    page.onPageError(complaints::add);
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text());
          }
        });
  }

  @AfterEach
  void close() {
    context.close();
    bench.close();
    assertThat(complaints).as("what the browser complained about").isEmpty();
  }

  @Test
  void aMailAnSmsAndAPushLookAsTheirRecipientsSeeThem() {
    bench.sendMail("Welcome", "<h1>Welcome, Ana</h1><p style='color:#335'>Good to see you.</p>");
    bench.sendText(Channel.SMS, "", "Your code is 218 340 €");
    bench.send(
        Notification.to(Bench.ana())
            .channels(Channel.PUSH)
            .content(
                Content.builder()
                    .title("Back in stock")
                    .body("The blue kettle.")
                    .image("https://shop.example/kettle.png")
                    .push(PushOptions.builder().action(PushOptions.Action.of("buy", "Buy")).build())
                    .build())
            .build());
    go("/sandbox");

    message("Welcome").click();
    assertThat(page.frameLocator("iframe.mail-body").locator("h1")).hasText("Welcome, Ana");
    page.getByText("Plain text").click();
    assertThat(page.locator("details pre")).hasText("In plain words.");
    message("Your code").click();
    assertThat(page.locator(".bubble")).hasText("Your code is 218 340 €");
    assertThat(page.locator(".parts")).containsText("1 part · 23 characters · GSM-7");
    message("Back in stock").click();
    assertThat(page.locator(".push-card .subject")).hasText("Back in stock");
    assertThat(page.locator(".push-actions li")).hasText("Buy");
    assertThat(page.locator(".picture")).containsText("https://shop.example/kettle.png");
  }

  @Test
  void messagesThatArriveAreAddedWhileOneLooks() {
    go("/sandbox");
    assertThat(page.locator(".messages")).containsText("Nothing has arrived.");

    bench.sendText(Channel.SMS, "", "Just now.");

    assertThat(message("Just now.")).isVisible();
    assertThat(page.locator("#news")).hasText("1 new message");
    assertThat(page.locator("#no-messages")).hasCount(0);
    message("Just now.").click();
    assertThat(page.locator(".bubble")).hasText("Just now.");
  }

  @Test
  void addressesAreMaskedUntilTheDeveloperAsks() {
    bench.sendText(Channel.EMAIL, "Hello", "Text.");
    go("/sandbox");
    assertThat(page.locator("#messages")).containsText("a***@example.com");

    page.getByText("Show addresses").click();

    assertThat(page.locator("#messages")).containsText("ana@example.com");
  }

  @Test
  void aChannelThatIsSetToRejectMakesADeadLetterThatAClickReplays() {
    go("/sandbox");
    page.getByText("Let it fail, bounce or wait").click();
    Locator form = page.locator("form.compact").filter(having("SMS"));
    form.locator("[name=kind]").selectOption("REJECT");
    form.getByRole(AriaRole.BUTTON).click();
    page.waitForURL("**/sandbox");
    bench.sendText(Channel.SMS, "", "Try me again.");
    bench.sandbox.behave(Channel.SMS, SandboxBehaviour.DELIVERING);
    go("/dead-letters");
    assertThat(page.locator("tbody tr")).containsText("REJECTED");

    button("Replay Try me again.").click();

    page.waitForURL("**/notifications/*");
    assertThat(page.locator(".note")).hasText("Replayed as this notification.");
    assertThat(bench.dispatcher.deadLetters(10)).isEmpty();
    org.awaitility.Awaitility.await().until(() -> bench.sandbox.messages().size() == 1);
    go("/dead-letters");
    assertThat(page.locator(".empty-title")).hasText("There are none.");
  }

  @Test
  void chartsMoveWhileMessagesAreSent() {
    go("/");
    assertThat(page.locator("#throughput-now")).containsText("0 sent");
    assertThat(page.locator("#state")).hasText("All is well");

    for (int i = 0; i < 7; i++) {
      bench.sendText(Channel.SMS, "", "Number " + i);
    }

    assertThat(page.locator("#throughput-now")).containsText("7 sent");
    assertThat(page.locator("#rate-now")).hasText("100.0 %");
    assertThat(page.locator("#latency-now")).containsText("ms");
    assertThat(page.locator("#tile-sent")).hasText("7");
    assertThat(page.locator("#providers tr").filter(having("sandbox-sms"))).containsText("ready");
    assertThat(drawn("throughput")).as("sum of the line that was sent").isPositive();
  }

  @Test
  void theQueueIsShownByLane() {
    bench.sandbox.behave(
        Channel.SMS, SandboxBehaviour.DELIVERING.delayed(java.time.Duration.ofSeconds(3)));
    for (int i = 0; i < 40; i++) {
      bench.dispatcher.send(
          Notification.to(Bench.ana()).channels(Channel.SMS).body("Number " + i).build());
    }
    go("/");

    assertThat(page.locator("#queue-now")).hasText(Pattern.compile("[1-9]\\d* waiting, .*"));
    assertThat(page.locator("#tile-queued")).hasText(Pattern.compile("[1-9]\\d*"));
  }

  private double drawn(String chart) {
    Object sum =
        page.evaluate(
            "id => Chart.getChart(id).data.datasets[0].data.reduce((all, one) => all + one, 0)",
            chart);
    return ((Number) sum).doubleValue();
  }

  @Test
  void aNotificationIsFoundByPersonIdAndStatus() {
    NotificationRecord sent = bench.sendText(Channel.SMS, "", "To be found.");
    bench.sandbox.behave(Channel.SMS, SandboxBehaviour.of(Kind.REJECT));
    bench.sendText(Channel.SMS, "", "The dead one.");
    go("/search");

    assertThat(rows()).hasCount(2);
    page.getByLabel("Status").selectOption("DEAD");
    button("Search").click();
    assertThat(rows()).hasText(Pattern.compile("The dead one.*"));
    page.getByLabel("Status").selectOption("");
    page.getByLabel("Id or person").fill(sent.id().toString());
    button("Search").click();
    assertThat(rows()).hasText(Pattern.compile("To be found.*"));
    page.getByLabel("Id or person").fill("ana");
    page.getByLabel("Category").fill("none such");
    button("Search").click();
    assertThat(page.locator(".empty-title")).hasText("Nothing was found.");
  }

  @Test
  void theStoryTellsDecisionsAttemptsAnswersAndEvents() {
    bench.sandbox.behave(Channel.SMS, SandboxBehaviour.of(Kind.FAIL));
    NotificationRecord sent =
        bench.send(
            Notification.to(Bench.ana())
                .channels(Channel.SMS, Channel.PUSH, Channel.IN_APP)
                .title("Three ways")
                .body("One of them fails.")
                .metadata("ticket", "42")
                .build());
    go("/notifications/" + sent.id());

    assertThat(page.locator("h1")).hasText("Three ways");
    assertThat(page.locator(".decisions")).containsText("***17");
    assertThat(page.locator(".timeline li").filter(having("sandbox-sms answered: retryable")))
        .hasCount(3);
    assertThat(page.locator(".timeline")).containsText("the sandbox is set to fail");
    assertThat(page.locator(".timeline li").first()).containsText("Accepted");
    assertThat(page.locator(".timeline")).containsText("sandbox-push answered: accepted");
    assertThat(page.locator(".timeline li").filter(having("Dead"))).containsText("sms");
    assertThat(page.locator(".facts").first()).containsText("42");
    page.getByText("See it").first().click();
    assertThat(page.locator(".push-card").first()).containsText("Three ways");
  }

  @Test
  void aTemplatesPreviewFollowsLanguageChannelAndVariables() {
    bench.saveTemplate("order-shipped");
    go("/templates");
    FrameLocator preview = page.frameLocator("#preview");
    assertThat(preview.locator(".subject")).hasText("Order 4711 is on its way");

    page.getByLabel("Language").selectOption("de");
    assertThat(preview.locator(".subject")).hasText("Bestellung 4711 ist unterwegs");
    page.getByLabel("Variables").fill("{\"order\": 5, \"name\": \"Mei\"}");
    assertThat(preview.locator(".subject")).hasText("Bestellung 5 ist unterwegs");
    page.getByLabel("Channel").selectOption("sms");
    assertThat(preview.locator(".bubble")).hasText("Order 5 is on its way.");
    page.getByLabel("Variables").fill("{\"order\": ");
    assertThat(preview.locator("[role=alert]")).containsText("no object of JSON");
  }

  @Test
  void anExperimentIsShownWithItsIntervals() {
    experiment();
    go("/experiments");

    assertThat(page.locator(".card h2")).hasText("sale-title");
    assertThat(page.locator("tbody tr")).hasCount(2);
    assertThat(page.locator("svg[role=img]").first())
        .hasAttribute("aria-label", Pattern.compile("[0-9.]+.% to [0-9.]+.%"));
    assertThat(page.locator("tbody tr").first()).containsText("the others are compared with it");
    double width =
        ((Number) page.evaluate("document.querySelector('.range').getBoundingClientRect().width"))
            .doubleValue();
    assertThat(width).as("width of the interval that is drawn").isGreaterThan(5);
  }

  private void experiment() {
    bench
        .dispatcher
        .experiments()
        .create(
            Experiment.named("sale-title")
                .variant(Variant.of("plain", 50))
                .variant(Variant.of("question", 50))
                .goal("bought")
                .build());
    for (int i = 0; i < 30; i++) {
      Recipient reader = Recipient.builder("reader-" + i).email("r" + i + "@example.com").build();
      bench.send(
          Notification.to(reader)
              .channels(Channel.EMAIL)
              .experiment("sale-title")
              .title("Tea is on sale")
              .body("This week only.")
              .build());
      if (i % 3 == 0) {
        bench.dispatcher.converted(reader.id(), Conversion.of("bought"));
      }
    }
  }

  @Test
  void thePreferenceCentreIsThePersonsOwnAndCanBeUsed() {
    go("/preferences");
    page.getByLabel("Person").fill("ana");
    button("Show").click();
    FrameLocator centre = page.frameLocator("iframe.centre");
    assertThat(centre.locator("h1")).hasText("Your notifications");

    centre.locator("input[type=checkbox]").first().uncheck();
    centre.locator("button").last().click();

    assertThat(centre.locator("[role=status]")).isVisible();
    assertThat(bench.dispatcher.preferences().history("ana")).hasSize(1);
    page.getByText("The person's own link").click();
    assertThat(page.locator("details pre")).containsText("https://shop.example/u/");
  }

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void axeFindsNothingSeriousOnAnyPage(ColorScheme scheme) {
    open(new Browser.NewContextOptions().setColorScheme(scheme));
    for (String path : everyPage()) {
      go(path);
      settle(path);

      assertThat(seriousFaults()).as("%s, %s", path, scheme).isEmpty();
    }
  }

  /** Of the page alone: in a mail's frame no script can run, and its content is the sender's. */
  @SuppressWarnings("unchecked")
  private List<String> seriousFaults() {
    page.evaluate(AxeBuilder.getAxeScript());
    return (List<String>)
        page.evaluate(
            """
            () => axe.run(document, {iframes: false}).then(found => found.violations
                .filter(one => ['serious', 'critical'].includes(one.impact))
                .map(one => one.id + ': ' + one.nodes[0].html))
            """);
  }

  @Test
  void nothingScrollsSidewaysOnANarrowScreen() {
    open(new Browser.NewContextOptions().setViewportSize(380, 740));
    for (String path : everyPage()) {
      go(path);
      settle(path);

      assertThat(page.evaluate("document.documentElement.scrollWidth"))
          .as("width of %s", path)
          .isEqualTo(380);
    }
    button("Menu").click();
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Search")).click();
    page.waitForURL("**/search");
  }

  /** One of each, with something to see on it. */
  private List<String> everyPage() {
    bench.saveTemplate("order-shipped");
    experiment();
    bench.sendMail("A mail", "<p>Hello</p>");
    bench.sandbox.behave(Channel.SMS, SandboxBehaviour.of(Kind.REJECT));
    NotificationRecord sent =
        bench.send(
            Notification.to(Bench.ana())
                .channels(Channel.SMS, Channel.PUSH)
                .title("A-long-word-without-any-place-to-break-it-".repeat(6))
                .body("Text")
                .build());
    long push = bench.sandbox.messages().get(0).number();
    return List.of(
        "/",
        "/sandbox",
        "/sandbox?message=" + push,
        "/sandbox?message=" + (push - 1),
        "/search",
        "/search?q=nobody",
        "/notifications/" + sent.id(),
        "/dead-letters",
        "/templates",
        "/templates/preview?name=order-shipped&version=1&channel=email",
        "/experiments",
        "/preferences",
        "/preferences?person=ana");
  }

  private void settle(String path) {
    if (path.equals("/")) {
      assertThat(page.locator("#providers tr").first()).isVisible();
    }
  }

  @Test
  void everythingCanBeReachedByTheKeyboard() {
    bench.sendText(Channel.SMS, "", "By keyboard.");
    go("/");

    page.keyboard().press("Tab");
    assertThat(page.locator(".skip")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator("main")).isFocused();
    page.keyboard().press("g");
    page.keyboard().press("s");
    page.waitForURL("**/sandbox");
    page.keyboard().press("j");
    assertThat(message("By keyboard.")).isFocused();
    page.keyboard().press("Enter");
    assertThat(page.locator(".bubble")).hasText("By keyboard.");
    // The words are there before the script that listens to keys.
    page.waitForLoadState();
    page.keyboard().press("?");
    assertThat(page.locator("dialog")).isVisible();
    page.keyboard().press("Escape");
    assertThat(page.locator("dialog")).isHidden();
    page.keyboard().press("/");
    page.waitForURL("**/search");
    page.keyboard().press("/");
    assertThat(page.getByLabel("Id or person")).isFocused();
    page.keyboard().type("g s ana");
    page.keyboard().press("Enter");
    page.waitForURL(Pattern.compile(".*q=g\\+s\\+ana.*"));
  }

  @Test
  void theThemeIsKeptFromPageToPage() {
    go("/search");
    button("Theme: system").click();
    button("Theme: light").click();
    assertThat(button("Theme: dark")).isVisible();

    go("/dead-letters");

    assertThat(page.locator("html")).hasAttribute("data-theme", "dark");
    assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(16, 19, 26)");
  }

  @Test
  void scriptFromOutsideStaysTextOnEveryPage() {
    bench.close();
    bench = new Bench(builder -> builder.provider(new HostileVendor()));
    StoredTemplate.Draft draft =
        StoredTemplate.Draft.of("hostile", "email.subject", HOSTILE + "{{name}}")
            .text("email.text", HOSTILE)
            .required("name", StoredTemplate.Type.TEXT, HOSTILE);
    bench.dispatcher.templates().save(draft, HOSTILE);
    bench.dispatcher.templates().activate("hostile", 1, HOSTILE);
    Recipient stranger =
        Recipient.builder(HOSTILE)
            .email("a@example.com")
            .sms("+491555010018")
            .fcm(HOSTILE)
            .address(dev.notify.model.Address.of(Channel.of("fax"), HOSTILE))
            .build();
    bench.send(
        Notification.to(stranger)
            .channels(Channel.EMAIL)
            .template("hostile", java.util.Map.of("name", HOSTILE))
            .build());
    NotificationRecord sent =
        bench.send(
            Notification.to(stranger)
                .channels(Channel.EMAIL, Channel.SMS, Channel.PUSH, Channel.of("fax"))
                .category(HOSTILE.substring(0, 60))
                .metadata("<script>", HOSTILE)
                .content(
                    Content.builder()
                        .title(HOSTILE)
                        .body(HOSTILE)
                        .image("https://shop.example/" + HOSTILE)
                        .link("javascript:" + HOSTILE)
                        .data("key", HOSTILE)
                        .push(
                            PushOptions.builder()
                                .action(PushOptions.Action.opening("a", HOSTILE, HOSTILE))
                                .build())
                        .build())
                .build());
    assertThat(sent.deliveries())
        .extracting(delivery -> delivery.status())
        .contains(DeliveryStatus.DEAD, DeliveryStatus.DELIVERED);

    List<String> paths = new ArrayList<>(List.of("/", "/sandbox", "/search", "/dead-letters"));
    bench.sandbox.messages().forEach(kept -> paths.add("/sandbox?message=" + kept.number()));
    paths.add("/search?q=" + Asked.encoded(HOSTILE));
    paths.add("/notifications/" + sent.id());
    paths.add("/templates?name=hostile");
    paths.add("/preferences?person=" + Asked.encoded(HOSTILE));
    for (String path : paths) {
      go(path);
      settle(path);
      stays(path);
    }
    go("/sandbox");
    bench.sendText(Channel.SMS, "", HOSTILE);
    assertThat(page.locator("#news")).hasText("1 new message");
    stays("/sandbox");
    go("/");
    assertThat(page.locator("#providers")).containsText(HOSTILE);
    stays("/");
  }

  /** As text it is there, as script it did nothing, and no element came of it. */
  private void stays(String path) {
    assertThat(page.content()).as(path).contains("hacked");
    page.frames()
        .forEach(
            frame ->
                assertThat(
                        frame.evaluate(
                            "() => String(window.hacked) + document.querySelectorAll('img[onerror]').length"))
                    .as(path)
                    .isEqualTo("undefined0"));
  }

  @Test
  void scriptInTheHtmlOfAMailDoesNotRun() {
    bench.sendMail("Hostile", "<p id='there'>there</p>" + HOSTILE);
    go("/sandbox?message=1");

    assertThat(page.frameLocator("iframe.mail-body").locator("#there")).hasText("there");
    assertThat(page.evaluate("String(window.hacked)")).isEqualTo("undefined");
    assertThat(page.frames().get(1).evaluate("String(window.hacked)")).isEqualTo("undefined");
    // The browser says that it blocked something, as it should.
    assertThat(complaints).isNotEmpty();
    complaints.clear();
  }

  private static final String HOSTILE =
      "<script>window.hacked=1</script><img src=x onerror=\"window.hacked=1\">'\"&amp;";

  /** Its words come from outside as well. */
  private static final class HostileVendor implements ChannelProvider {
    @Override
    public String name() {
      return "fax-vendor";
    }

    @Override
    public Channel channel() {
      return Channel.of("fax");
    }

    @Override
    public Outcome deliver(OutboundMessage message) {
      return Outcome.rejected(HOSTILE);
    }
  }

  private void go(String path) {
    page.navigate(bench.console.address().resolve("/console" + path).toString());
  }

  private Locator message(String title) {
    return page.locator("#messages a").filter(having(title));
  }

  private Locator rows() {
    return page.locator("tbody tr");
  }

  private Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator.FilterOptions having(String text) {
    return new Locator.FilterOptions().setHasText(text);
  }
}
