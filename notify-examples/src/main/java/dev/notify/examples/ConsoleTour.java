package dev.notify.examples;

import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.console.Console;
import dev.notify.console.Sandbox;
import dev.notify.console.SandboxBehaviour;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Conversion;
import dev.notify.model.Experiment;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.model.PushOptions;
import dev.notify.model.Recipient;
import dev.notify.model.StoredTemplate;
import dev.notify.model.Variant;
import java.io.PrintStream;
import java.net.URI;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A shop whose e-mails, SMS and pushes go to the sandbox, to be looked at in the console: no
 * vendor's account is needed. Runs until it is stopped.
 *
 * <pre>{@code mvn -q compile exec:java -pl notify-examples -am -Dexample=console}</pre>
 */
final class ConsoleTour implements AutoCloseable {

  private static final List<Recipient> PEOPLE =
      List.of(
          person("ana", Locale.ENGLISH),
          person("joao", Locale.ENGLISH),
          person("klaus", Locale.GERMAN),
          person("mei", Locale.ENGLISH),
          person("yusuf", Locale.ENGLISH));

  private final NotificationDispatcher dispatcher;
  private final Sandbox sandbox = Sandbox.create();
  private final Console console;
  private int sent;

  /** Starts the shop and its console; a free port if it is 0. */
  ConsoleTour(int port) {
    dispatcher =
        NotificationDispatcher.builder()
            .providers(sandbox.providers())
            .categories(
                Category.transactional("orders").described("Orders", "Where your order is"),
                Category.optional("news").described("News", "What is new in the shop"))
            .links(SignedLinks.below(URI.create("https://shop.example/u"), key()))
            .build();
    console = Console.builder().sandbox(sandbox).port(port).start(dispatcher);
  }

  /** Sends something now and then, until the process is stopped. */
  static void run(List<String> arguments, PrintStream out) {
    try (ConsoleTour tour = new ConsoleTour(Integer.getInteger("notify.console.port", 0))) {
      out.println("The console is at " + tour.address());
      out.println("Stop it with Ctrl-C.");
      tour.begin();
      while (true) {
        tour.orderShipped();
        TimeUnit.SECONDS.sleep(2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  URI address() {
    return console.address();
  }

  /** One of everything that the console has a page for. */
  void begin() {
    saveTemplate();
    saleWithVariants();
    welcome();
    signInCode();
    deadLetter();
  }

  private void saveTemplate() {
    StoredTemplate saved =
        dispatcher
            .templates()
            .save(
                StoredTemplate.Draft.of(
                        "order-shipped", "email.subject", "Order {{order}} is on its way")
                    .text("email.text", "Hello {{name}}, order {{order}} left our warehouse.")
                    .text("sms.text", "Order {{order}} is on its way.")
                    .text("push.title", "On its way")
                    .text("push.text", "Order {{order}} left our warehouse.")
                    .text("de/email.subject", "Bestellung {{order}} ist unterwegs")
                    .text(
                        "de/email.text",
                        "Hallo {{name}}, Bestellung {{order}} hat unser Lager verlassen.")
                    .text("de/sms.text", "Bestellung {{order}} ist unterwegs.")
                    .required("order", StoredTemplate.Type.NUMBER, 4711)
                    .required("name", StoredTemplate.Type.TEXT, "Ana"),
                "the tour");
    dispatcher.templates().activate(saved.name(), saved.version(), "the tour");
  }

  private void welcome() {
    dispatcher.send(
        Notification.to(PEOPLE.get(0))
            .category("news")
            .channels(Channel.EMAIL)
            .content(
                Content.builder()
                    .title("Welcome to the shop")
                    .body("Welcome, Ana. Good to have you here.")
                    .html(
                        """
                        <!doctype html><html><body style="font-family:sans-serif;margin:2em;color:#223">
                        <h1 style="color:#3550c8">Welcome, Ana</h1><p>Good to have you here.</p>
                        <p><a href="https://shop.example/start" style="background:#3550c8;color:#fff;
                        padding:.7em 1.2em;border-radius:8px;text-decoration:none">Look around</a></p>
                        </body></html>
                        """)
                    .build())
            .build());
    dispatcher.send(
        Notification.to(PEOPLE.get(1))
            .category("news")
            .channels(Channel.PUSH)
            .content(
                Content.builder()
                    .title("Back in stock")
                    .body("The blue kettle that you looked at is here again.")
                    .link("https://shop.example/kettle")
                    .push(
                        PushOptions.builder()
                            .badge(1)
                            .action(
                                PushOptions.Action.opening(
                                    "buy", "Buy", "https://shop.example/buy"))
                            .action(PushOptions.Action.of("later", "Later"))
                            .build())
                    .build())
            .build());
  }

  private void signInCode() {
    dispatcher.send(
        Notification.to(PEOPLE.get(3))
            .category("orders")
            .priority(Priority.CRITICAL)
            .channels(Channel.SMS)
            .body("Your code is 218 340. Nobody from the shop will ask you for it.")
            .build());
  }

  private void saleWithVariants() {
    dispatcher
        .experiments()
        .create(
            Experiment.named("sale-title")
                .variant(Variant.of("plain", 50))
                .variant(Variant.of("question", 50))
                .holdout(0.1)
                .goal("bought")
                .build());
    for (int i = 0; i < 400; i++) {
      String id = "reader-" + i;
      var receipt =
          dispatcher.send(
              Notification.to(Recipient.builder(id).email(id + "@example.com").build())
                  .category("news")
                  .priority(Priority.LOW)
                  .channels(Channel.EMAIL)
                  .experiment("sale-title")
                  .title("Tea is on sale")
                  .body("This week only.")
                  .build());
      String variant =
          dispatcher
              .status(receipt.id())
              .flatMap(record -> record.notification().assignment())
              .map(assignment -> assignment.variant())
              .orElse("");
      boolean buys = i % 10 < (variant.equals("question") ? 4 : 2);
      if (buys) {
        receipt.outcome().thenAccept(ignored -> dispatcher.converted(id, Conversion.of("bought")));
      }
    }
  }

  private void deadLetter() {
    sandbox.behave(Channel.SMS, SandboxBehaviour.of(SandboxBehaviour.Kind.REJECT));
    dispatcher
        .send(
            Notification.to(PEOPLE.get(4))
                .category("orders")
                .channels(Channel.SMS)
                .body("Your parcel waits at the corner shop until Friday.")
                .build())
        .outcome()
        .join();
    sandbox.behave(Channel.SMS, SandboxBehaviour.DELIVERING);
  }

  void orderShipped() {
    Recipient person = PEOPLE.get(sent % PEOPLE.size());
    sent++;
    dispatcher.send(
        Notification.to(person)
            .category("orders")
            .channels(Channel.EMAIL, Channel.SMS, Channel.PUSH)
            .template("order-shipped", Map.of("order", 4711 + sent, "name", person.id()))
            .build());
  }

  private static Recipient person(String id, Locale locale) {
    return Recipient.builder(id)
        .email(id + "@example.com")
        .sms("+4915550100" + id.length())
        .fcm("token-of-" + id)
        .locale(locale)
        .build();
  }

  /** Links need only last as long as this process. */
  private static byte[] key() {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return key;
  }

  @Override
  public void close() {
    console.close();
    dispatcher.close();
  }
}
