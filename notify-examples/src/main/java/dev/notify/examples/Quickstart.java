package dev.notify.examples;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.IN_APP;
import static dev.notify.model.Channel.PUSH;
import static dev.notify.model.Channel.SMS;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.email.SmtpProvider;
import dev.notify.email.TlsMode;
import dev.notify.examples.standin.StandIns;
import dev.notify.inapp.InAppProvider;
import dev.notify.model.Category;
import dev.notify.model.Decision;
import dev.notify.model.NotificationRecord;
import dev.notify.model.NotificationType;
import dev.notify.push.FcmProvider;
import dev.notify.sms.TwilioProvider;
import dev.notify.template.TemplateSources;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A shop tells people that their orders are on the way: by mail, text message, push and in its own
 * inbox, each in their language and as they have chosen. Reads {@code quickstart/audience.json}, or
 * the file given as its argument.
 */
final class Quickstart {

  private static final NotificationType<OrderShipped> ORDER_SHIPPED =
      NotificationType.of("order-shipped", OrderShipped.class)
          .category(Person.ORDER_UPDATES)
          .channels(EMAIL, SMS, PUSH, IN_APP)
          .key(order -> "order-" + order.number())
          .build();

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEEE d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH);

  private final Audience audience;
  private final StandIns vendors;
  private final StoryClock clock;
  private final InAppProvider inApp = InAppProvider.create();

  private Quickstart(Audience audience, StandIns vendors, StoryClock clock) {
    this.audience = audience;
    this.vendors = vendors;
    this.clock = clock;
  }

  static void run(List<String> arguments, PrintStream out) {
    if (arguments.size() > 1) {
      throw new InputException("give one file at most, not " + arguments);
    }
    Path file =
        arguments.isEmpty()
            ? ExampleFiles.find("quickstart/audience.json")
            : Path.of(arguments.get(0));
    Audience audience = AudienceFile.read(file);
    try (StandIns vendors =
            StandIns.start(audience.troubles().twilioDownFor(), audience.troubles().deadDevices());
        StoryClock clock = StoryClock.startingAt(audience.now())) {
      new Quickstart(audience, vendors, clock).tellEverybody(out);
    }
  }

  private void tellEverybody(PrintStream out) {
    out.printf(
        "It is %s. The shop tells %d people that their orders are on the way.%n%n",
        TIME.format(audience.now().atZone(ZoneOffset.UTC)), audience.people().size());
    try (NotificationDispatcher dispatcher = dispatcher()) {
      List<SendReceipt> receipts =
          audience.people().stream()
              .map(person -> dispatcher.send(ORDER_SHIPPED, person.id(), person.order()))
              .toList();
      awaitWhatIsDueNow(receipts);
      print(receipts.stream().map(it -> dispatcher.status(it.id()).orElseThrow()).toList(), out);
    }
  }

  /** Set up once, when the application starts; everything but a provider may be left out. */
  private NotificationDispatcher dispatcher() {
    return NotificationDispatcher.builder()
        .provider(
            SmtpProvider.builder()
                .host(vendors.smtp().host())
                .port(vendors.smtp().port())
                .tls(TlsMode.NONE) // it never leaves this machine; otherwise leave this out
                .from("The Coffee Shop <orders@shop.example>")
                .ehloName("shop.example")
                .clock(clock)
                .build())
        .provider(
            TwilioProvider.builder()
                .baseUrl(vendors.twilio().url())
                .accountSid(vendors.twilio().accountSid())
                .authToken(vendors.twilio().authToken())
                .from("+12125550100")
                .clock(clock)
                .build())
        .provider(
            TwilioProvider.builder() // asked when the one above cannot help
                .name("twilio-backup")
                .baseUrl(vendors.twilioBackup().url())
                .accountSid(vendors.twilioBackup().accountSid())
                .authToken(vendors.twilioBackup().authToken())
                .from("+12125550101")
                .clock(clock)
                .build())
        .provider(
            FcmProvider.builder()
                .baseUrl(vendors.fcm().url())
                .serviceAccount(vendors.fcm().serviceAccount())
                .clock(clock)
                .build())
        .provider(inApp)
        .recipients(audience::find)
        .preferences(audience.preferences())
        .categories(Category.optional(Person.ORDER_UPDATES))
        .templates(TemplateSources.directory(ExampleFiles.find("quickstart/templates")))
        .types(ORDER_SHIPPED)
        .clock(clock)
        .build();
  }

  /** Sending does not wait. An application seldom does either; a program that ends must. */
  private static void awaitWhatIsDueNow(List<SendReceipt> receipts) {
    CompletableFuture<?>[] outcomes =
        receipts.stream()
            .filter(Quickstart::isDueNow)
            .map(SendReceipt::outcome)
            .toArray(CompletableFuture<?>[]::new);
    try {
      CompletableFuture.allOf(outcomes).get(30, TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // What is not settled by now is shown as it stands.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Quiet hours put off all of a person's messages; these wait for the morning, we do not. */
  private static boolean isDueNow(SendReceipt receipt) {
    return receipt.decisions().stream()
        .noneMatch(decided -> decided.decision() instanceof Decision.Defer);
  }

  private void print(List<NotificationRecord> records, PrintStream out) {
    Report report = new Report(records, audience);
    report.printTable(out);
    new Arrivals(audience, vendors, inApp.inbox()).print(out);
    report.printReasons(out);
    report.printCount(out);
  }
}
