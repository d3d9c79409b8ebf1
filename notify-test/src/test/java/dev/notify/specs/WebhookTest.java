package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.PUSH;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.BOUNCED;
import static dev.notify.model.DeliveryStatus.DELIVERED;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.SUPPRESSED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.NotificationDispatcher;
import dev.notify.SendReceipt;
import dev.notify.WebhookAnswer;
import dev.notify.WebhookHandler;
import dev.notify.memory.MemoryStore;
import dev.notify.model.Address;
import dev.notify.model.AddressEvent;
import dev.notify.model.Channel;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.model.Reason;
import dev.notify.model.RefusedException;
import dev.notify.model.Routing;
import dev.notify.model.Suppression;
import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookReport;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What vendors tell by webhook, by a vendor of few words: a line is a reference or the provider's
 * id, and what happened.
 */
class WebhookTest {

  private static final Map<String, List<String>> SIGNED =
      Map.of("X-Secret", List.of("open sesame"));
  private static final Address JANE = Address.email("jane@example.com");

  private static final Instant START = Instant.parse(Stage.START);

  private static final WebhookAnswer NO_NEWS = new WebhookAnswer(200, 0, 0, "");

  private final Stage stage = new Stage();

  private record Lines(String provider) implements ProviderWebhook {

    @Override
    public WebhookReport read(WebhookRequest request) {
      if (!request.header("x-secret").equals(Optional.of("open sesame"))) {
        throw new WebhookRefusedException(
            WebhookRefusedException.Why.FORGED, "the secret is not right");
      }
      if (request.text().equals("who knows")) {
        throw new WebhookRefusedException(
            WebhookRefusedException.Why.UNDECIDED, "the certificate is out of reach");
      }
      List<ProviderEvent> events = new ArrayList<>();
      List<AddressEvent> addresses = new ArrayList<>();
      for (String line : request.text().lines().toList()) {
        String[] words = line.split(" ");
        if (words.length != 3) {
          throw new WebhookRefusedException(
              WebhookRefusedException.Why.MALFORMED, "a line has not three words");
        }
        if (words[0].contains("@")) {
          addresses.add(
              new AddressEvent(
                  provider,
                  Address.email(words[0]),
                  AddressEvent.Type.valueOf(words[1]),
                  START.plusSeconds(Long.parseLong(words[2])),
                  "said so"));
        } else {
          events.add(
              new ProviderEvent(
                      provider,
                      words[0],
                      Type.valueOf(words[1]),
                      START.plusSeconds(Long.parseLong(words[2])),
                      "")
                  .withReference(Optional.of(words[0])));
        }
      }
      return new WebhookReport(events, addresses);
    }
  }

  private static WebhookAnswer tell(WebhookHandler webhook, String... lines) {
    return webhook.handle(SIGNED, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  private static Delivery sent(NotificationDispatcher dispatcher, SendReceipt receipt) {
    return Stage.only(dispatcher, receipt);
  }

  @Test
  void anEventMovesTheStatusAndASecondOneOfItChangesNothing() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL).build());
      String id = sent(dispatcher, receipt).providerMessageId().orElseThrow();
      WebhookHandler webhook = dispatcher.webhook(new Lines("email"));

      assertThat(tell(webhook, id + " DELIVERED 5")).isEqualTo(new WebhookAnswer(200, 1, 0, ""));
      assertThat(tell(webhook, id + " DELIVERED 5")).isEqualTo(new WebhookAnswer(200, 0, 0, ""));
      assertThat(tell(webhook, id + " DELIVERED 9").recorded()).isZero();

      assertThat(dispatcher, receipt).on(EMAIL).is(DELIVERED);
      assertThat(Stage.record(dispatcher, receipt).events()).hasSize(1);
    }
  }

  @Test
  void whatComesOutOfOrderStandsBesideTheStatus() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL).build());
      String id = sent(dispatcher, receipt).id().toString();
      WebhookHandler webhook = dispatcher.webhook(new Lines("email"));

      WebhookAnswer answer =
          tell(webhook, id + " CLICKED 9", id + " OPENED 8", id + " DELIVERED 5", "other OPENED 1");

      assertThat(answer).isEqualTo(new WebhookAnswer(200, 3, 1, ""));
      assertThat(dispatcher, receipt).on(EMAIL).is(DELIVERED);
      assertThat(Stage.record(dispatcher, receipt).events())
          .extracting(DeliveryEvent::type)
          .contains(Type.DELIVERED, Type.OPENED, Type.CLICKED);
    }
  }

  @Test
  void whatCannotBeVerifiedNowIsAskedForAgain() {
    try (var dispatcher = stage.builder().build()) {
      assertThat(tell(dispatcher.webhook(new Lines("email")), "who knows").status()).isEqualTo(503);
    }
  }

  @Test
  void whatIsForgedBrokenOrHugeIsRefusedAndChangesNothing() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL).build());
      String id = sent(dispatcher, receipt).id().toString();
      WebhookHandler webhook = dispatcher.webhook(new Lines("email"));
      byte[] bounce = (id + " BOUNCED 5").getBytes(StandardCharsets.UTF_8);

      assertThat(webhook.handle(Map.of(), bounce).status()).isEqualTo(403);
      assertThat(webhook.handle(Map.of("X-Secret", List.of("guess")), bounce).status())
          .isEqualTo(403);
      assertThat(tell(webhook, id + " BOUN").status()).isEqualTo(400);
      assertThat(webhook.handle(SIGNED, new byte[WebhookHandler.LONGEST_BODY + 1]).status())
          .isEqualTo(413);

      assertThat(Stage.record(dispatcher, receipt).events()).isEmpty();
    }
  }

  @Test
  void bouncesComplaintsAndOptOutsSuppressByThemselves() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL).build());
      Delivery delivery = sent(dispatcher, receipt);
      WebhookHandler webhook = dispatcher.webhook(new Lines("email"));

      tell(webhook, delivery.id() + " BOUNCED 5");

      assertThat(dispatcher, receipt).on(EMAIL).is(BOUNCED);
      assertThat(dispatcher.suppressions().find(delivery.address()))
          .map(Suppression::kind)
          .contains(Suppression.Kind.DEAD_ADDRESS);
      assertThat(dispatcher, dispatcher.send(hello().channels(EMAIL).build()))
          .on(EMAIL)
          .is(SUPPRESSED);
    }
  }

  private static WebhookReport aboutSomebodyElse(Channel channel, String id, Type type) {
    return WebhookReport.of(
        List.of(
            new ProviderEvent(channel.name().toLowerCase(Locale.ROOT), id, type, START, "")
                .about(Optional.of("boss@example.com"))));
  }

  private record Told(String provider, WebhookReport report) implements ProviderWebhook {

    @Override
    public WebhookReport read(WebhookRequest request) {
      return report;
    }
  }

  @ParameterizedTest
  @CsvSource({"BOUNCED, DEAD_ADDRESS", "COMPLAINED, COMPLAINT", "UNSUBSCRIBED, OPT_OUT"})
  void whatSomebodyInCopySaysOfThemselvesIsTheirsAlone(Type type, Suppression.Kind kind) {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL).build());
      Delivery delivery = sent(dispatcher, receipt);
      String id = delivery.providerMessageId().orElseThrow();

      WebhookAnswer answer =
          dispatcher
              .webhook(new Told("email", aboutSomebodyElse(EMAIL, id, type)))
              .handle(Map.of(), new byte[0]);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(dispatcher.suppressions().find(Address.email("boss@example.com")))
          .map(Suppression::kind)
          .contains(kind);
      assertThat(dispatcher.suppressions().find(delivery.address())).isEmpty();
      assertThat(dispatcher, receipt).on(EMAIL).is(SENT);
    }
  }

  @Test
  void whatIsNoAddressIsNobodys() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(EMAIL).build());
      String id = sent(dispatcher, receipt).providerMessageId().orElseThrow();
      ProviderEvent bounce =
          new ProviderEvent("email", id, Type.BOUNCED, START, "").about(Optional.of(" \n"));

      assertThat(
              dispatcher
                  .webhook(new Told("email", WebhookReport.of(List.of(bounce))))
                  .handle(Map.of(), new byte[0]))
          .isEqualTo(new WebhookAnswer(200, 0, 1, ""));
    }
  }

  @Test
  void aReportOfAnotherNumberIsAMixUpAndNoCopy() {
    try (var dispatcher = stage.builder().build()) {
      var receipt = dispatcher.send(hello().channels(SMS).build());
      String id = sent(dispatcher, receipt).providerMessageId().orElseThrow();

      dispatcher
          .webhook(new Told("sms", aboutSomebodyElse(SMS, id, Type.BOUNCED)))
          .handle(Map.of(), new byte[0]);

      assertThat(dispatcher.suppressions().find(Address.sms("boss@example.com"))).isEmpty();
      assertThat(dispatcher.suppressions().find(Address.email("boss@example.com"))).isEmpty();
    }
  }

  @Test
  void whatAProgramOpenedDoesNotEndAnEscalation() {
    try (var dispatcher = stage.builder().build()) {
      var receipt =
          dispatcher.send(
              hello().routing(Routing.escalate(PUSH).then(SMS, Duration.ofMinutes(30))).build());
      String id =
          Stage.record(dispatcher, receipt).deliveries().get(0).providerMessageId().orElseThrow();

      dispatcher
          .webhook(
              new Told(
                  "push",
                  WebhookReport.of(
                      List.of(
                          new ProviderEvent("push", id, Type.OPENED, START, "by bot")
                              .byMachine()))))
          .handle(Map.of(), new byte[0]);
      stage.pass(Duration.ofMinutes(31));

      assertThat(dispatcher, receipt).on(SMS).is(SENT);
      assertThat(Stage.record(dispatcher, receipt).events())
          .filteredOn(event -> event.type() == Type.OPENED)
          .allMatch(DeliveryEvent::isByMachine)
          .hasSize(1);
    }
  }

  @Test
  void aWebhookIsClosedWithTheDispatcher() {
    List<String> closed = new ArrayList<>();
    ProviderWebhook webhook =
        new ProviderWebhook() {
          @Override
          public String provider() {
            return "email";
          }

          @Override
          public WebhookReport read(WebhookRequest request) {
            return WebhookReport.EMPTY;
          }

          @Override
          public void close() {
            closed.add("closed");
          }
        };
    try (var dispatcher = stage.builder().build()) {
      dispatcher.webhook(webhook);
      assertThat(closed).isEmpty();
    }

    assertThat(closed).containsExactly("closed");
  }

  @Test
  void whoStopsIsLeftAloneUntilTheyStartAgain() {
    try (var dispatcher = stage.builder().build()) {
      WebhookHandler webhook = dispatcher.webhook(new Lines("email"));

      tell(webhook, JANE.value() + " STOPPED 10");
      assertThat(dispatcher.suppressions().find(JANE))
          .map(Suppression::kind)
          .contains(Suppression.Kind.OPT_OUT);

      assertThat(tell(webhook, JANE.value() + " STOPPED 10")).isEqualTo(NO_NEWS);

      // An older word that comes late does not count against a newer one.
      assertThat(tell(webhook, JANE.value() + " RESUMED 5")).isEqualTo(NO_NEWS);
      assertThat(dispatcher.suppressions().find(JANE)).isPresent();

      tell(webhook, JANE.value() + " RESUMED 20");
      assertThat(dispatcher.suppressions().find(JANE)).isEmpty();
    }
  }

  @Test
  void aStartDoesNotTakeBackAComplaint() {
    try (var dispatcher = stage.builder().build()) {
      WebhookHandler webhook = dispatcher.webhook(new Lines("email"));

      tell(webhook, JANE.value() + " COMPLAINED 1", JANE.value() + " RESUMED 2");

      assertThat(dispatcher.suppressions().find(JANE)).isPresent();
    }
  }

  @Test
  void whatIsSeenNeedsNoFurtherChannel() {
    try (var dispatcher = stage.builder().build()) {
      var receipt =
          dispatcher.send(
              hello().routing(Routing.escalate(PUSH).then(SMS, Duration.ofMinutes(30))).build());
      Delivery push = Stage.record(dispatcher, receipt).deliveries().get(0);

      tell(dispatcher.webhook(new Lines("push")), push.id() + " OPENED 5");

      assertThat(dispatcher, receipt).on(SMS).is(SUPPRESSED).because(Reason.NOT_NEEDED);
    }
  }

  @Test
  void aReportThatIsFasterThanTheAnswerToTheSendIsNotLost() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    stage.email.nextDoes(
        message -> {
          called.countDown();
          await(answer);
          return Outcome.accepted("m-1");
        });
    try (var dispatcher = NotificationDispatcher.builder().provider(stage.email).build()) {
      var receipt = dispatcher.send(Notification.to(JANE).body("Hello").build());
      await(called);
      String reference = sent(dispatcher, receipt).id().toString();

      CompletableFuture<WebhookAnswer> told =
          CompletableFuture.supplyAsync(
              () -> tell(dispatcher.webhook(new Lines("email")), reference + " DELIVERED 5"));
      answer.countDown();

      assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo(new WebhookAnswer(200, 1, 0, ""));
      assertThat(sent(dispatcher, receipt).status()).isEqualTo(DeliveryStatus.DELIVERED);
    }
  }

  @Test
  void aReportAboutWhatIsStillBeingSentIsAskedForAgain() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    stage.email.nextDoes(
        message -> {
          called.countDown();
          await(answer);
          return Outcome.accepted("m-1");
        });
    try (var dispatcher = NotificationDispatcher.builder().provider(stage.email).build()) {
      var receipt = dispatcher.send(Notification.to(JANE).body("Hello").build());
      await(called);
      String reference = sent(dispatcher, receipt).id().toString();

      assertThat(tell(dispatcher.webhook(new Lines("email")), reference + " DELIVERED 5").status())
          .isEqualTo(503);
      answer.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aReportThatOvertakesItsWriterIsToldAfterWhatItFollows() {
    List<Type> heard = new CopyOnWriteArrayList<>();
    AtomicReference<NotificationDispatcher> self = new AtomicReference<>();
    AtomicReference<WebhookAnswer> answer = new AtomicReference<>();
    NotificationStore store =
        whenSent(
            (sent, written) -> {
              answer.set(deliveredElsewhere(self.get(), sent));
              return written;
            });
    try (var dispatcher =
        stage.builder().store(store).listener(event -> heard.add(event.type())).build()) {
      self.set(dispatcher);

      dispatcher.send(hello().build());

      assertThat(answer.get()).isEqualTo(new WebhookAnswer(200, 1, 0, ""));
      assertThat(heard).containsExactly(Type.PENDING, Type.SENDING, Type.SENT, Type.DELIVERED);
    }
  }

  @Test
  void aReportThatOvertakesAWriterOnItsWayDoesNotWaitForIt() {
    List<Type> heard = new CopyOnWriteArrayList<>();
    AtomicReference<NotificationDispatcher> self = new AtomicReference<>();
    AtomicReference<WebhookAnswer> answer = new AtomicReference<>();
    CompletableFuture<Void> news = new CompletableFuture<>();
    NotificationStore store =
        whenSent(
            (sent, written) -> {
              answer.set(deliveredElsewhere(self.get(), sent));
              return written.thenCombine(news, (after, nothing) -> after);
            });
    try (var dispatcher =
        stage.builder().store(store).listener(event -> heard.add(event.type())).build()) {
      self.set(dispatcher);
      var receipt = dispatcher.send(hello().build());
      assertThat(answer.get()).isEqualTo(new WebhookAnswer(200, 1, 0, ""));
      assertThat(dispatcher, receipt).on(EMAIL).is(DELIVERED);
      assertThat(heard).containsExactly(Type.PENDING, Type.SENDING);

      news.complete(null);
      stage.pass(Duration.ofSeconds(1));

      assertThat(heard).containsExactly(Type.PENDING, Type.SENDING, Type.SENT, Type.DELIVERED);
      assertThat(receipt.outcome()).isCompleted();
    }
  }

  @Test
  void whatCannotBeWrittenKeepsNoReportFromBeingTold() {
    List<Type> heard = new CopyOnWriteArrayList<>();
    NotificationStore store =
        whenSent(
            (sent, written) -> {
              throw new RefusedException(RefusedException.Why.STORE_UNAVAILABLE, "away");
            });
    try (var dispatcher =
        stage.builder().store(store).listener(event -> heard.add(event.type())).build()) {
      var receipt = dispatcher.send(hello().build());
      String id = sent(dispatcher, receipt).providerMessageId().orElseThrow();

      tell(dispatcher.webhook(new Lines("email")), id + " DELIVERED 5");

      assertThat(heard).contains(Type.DELIVERED);
    }
  }

  /** By another thread, as requests are, and to the end. */
  private static WebhookAnswer deliveredElsewhere(
      NotificationDispatcher dispatcher, Delivery sent) {
    WebhookHandler webhook = dispatcher.webhook(new Lines("email"));
    return CompletableFuture.supplyAsync(() -> tell(webhook, sent.id() + " DELIVERED 5"))
        .orTimeout(10, TimeUnit.SECONDS)
        .join();
  }

  /** A store that has written what was sent and not yet come back. */
  private static NotificationStore whenSent(
      BiFunction<Delivery, CompletionStage<Optional<Delivery>>, CompletionStage<Optional<Delivery>>>
          meanwhile) {
    NotificationStore real = MemoryStore.create();
    return (NotificationStore)
        Proxy.newProxyInstance(
            WebhookTest.class.getClassLoader(),
            new Class<?>[] {NotificationStore.class},
            (proxy, method, arguments) -> {
              try {
                if (method.getName().equals("updateSoon")
                    && arguments[0] instanceof Delivery next
                    && next.status() == DeliveryStatus.SENT) {
                  return meanwhile.apply(next, real.updateSoon(next, List.of()));
                }
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
