package dev.notify.console;

import dev.notify.DispatcherBuilder;
import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Recipient;
import dev.notify.model.StoredTemplate;
import dev.notify.routing.RetryPolicy;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** A dispatcher whose messages go to a sandbox, with its console. */
final class Bench implements AutoCloseable {

  final Sandbox sandbox = Sandbox.withChannels(Channel.of("chat"));
  final NotificationDispatcher dispatcher;
  final Console console;

  Bench() {
    this(builder -> {});
  }

  Bench(Consumer<DispatcherBuilder> more) {
    DispatcherBuilder builder =
        NotificationDispatcher.builder()
            .providers(sandbox.providers())
            .retry(
                RetryPolicy.DEFAULT
                    .withMaxAttempts(3)
                    .withDelays(Duration.ofMillis(5), Duration.ofMillis(10)))
            .closeTimeout(Duration.ofSeconds(2))
            .links(SignedLinks.below(URI.create("https://shop.example/u"), new byte[32]));
    more.accept(builder);
    dispatcher = builder.build();
    console = Console.builder().sandbox(sandbox).start(dispatcher);
  }

  static Recipient ana() {
    return Recipient.builder("ana")
        .email("ana@example.com")
        .sms("+491555010017")
        .fcm("token-of-ana")
        .build();
  }

  /** Sends, and returns when every delivery has come as far as it will by itself. */
  NotificationRecord send(Notification notification) {
    NotificationId id = dispatcher.send(notification).id();
    return Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> dispatcher.status(id).orElseThrow(), Bench::isDone);
  }

  /** The sandbox reports what it took a moment later. */
  private static boolean isDone(NotificationRecord record) {
    return record.isSettled()
        && record.deliveries().stream()
            .noneMatch(delivery -> delivery.status() == DeliveryStatus.SENT);
  }

  NotificationRecord sendText(Channel channel, String title, String body) {
    return send(Notification.to(ana()).channels(channel).title(title).body(body).build());
  }

  NotificationRecord sendMail(String title, String html) {
    Content content = Content.builder().title(title).body("In plain words.").html(html).build();
    return send(Notification.to(ana()).channels(Channel.EMAIL).content(content).build());
  }

  void saveTemplate(String name) {
    StoredTemplate.Draft draft =
        StoredTemplate.Draft.of(name, "email.subject", "Order {{order}} is on its way")
            .text("email.text", "Hello {{name}}.")
            .text("de/email.subject", "Bestellung {{order}} ist unterwegs")
            .text("de/email.text", "Hallo {{name}}.")
            .text("sms.text", "Order {{order}} is on its way.")
            .required("order", StoredTemplate.Type.NUMBER, 4711)
            .required("name", StoredTemplate.Type.TEXT, "Ana");
    int version = dispatcher.templates().save(draft, "a test").version();
    dispatcher.templates().activate(name, version, "a test");
  }

  Map<String, Object> order(int number) {
    return Map.of("order", number, "name", "Ana");
  }

  @Override
  public void close() {
    console.close();
    dispatcher.close();
  }
}
