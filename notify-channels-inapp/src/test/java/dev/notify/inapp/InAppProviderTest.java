package dev.notify.inapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.memory.MemoryInboxes;
import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.Outcome;
import dev.notify.model.ProviderEvent;
import dev.notify.model.PushOptions;
import dev.notify.spi.InboxStore;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.ProviderOptions;
import dev.notify.spi.Subscription;
import dev.notify.test.SampleMessages;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InAppProviderTest {

  private final InAppProvider provider = of(MemoryInboxes.of(10, 3));
  private final Inbox inbox = provider.inbox();

  private static InAppProvider of(MemoryInboxes store) {
    AtomicInteger ticks = new AtomicInteger();
    return InAppProvider.of(
        Inbox.builder(store)
            .clock(() -> SampleMessages.CREATED_AT.plusMillis(ticks.getAndIncrement()))
            .build());
  }

  @Test
  void aMessageStandsOnTopOfItsReadersInbox() {
    deliver("jane", "first");
    deliver("jane", "second");
    deliver("john", "other");

    assertThat(bodies(inbox.feed("jane", 10))).containsExactly("second", "first");
    assertThat(bodies(inbox.feed("john", 10))).containsExactly("other");
    assertThat(inbox.feed("nobody", 10)).isEmpty();
    assertThat(inbox.feed("jane", 1).get(0).receivedAt()).isAfter(SampleMessages.CREATED_AT);
  }

  @Test
  void aRepeatedAttemptStandsThereOnce() {
    OutboundMessage message = message("jane", "once");

    provider.deliver(message);
    provider.deliver(message);

    assertThat(inbox.feed("jane", 10)).hasSize(1);
  }

  @Test
  void pagesNeitherRepeatNorSkipWhileNewItemsCome() {
    deliver("jane", "1");
    deliver("jane", "2");
    InboxItem last = inbox.feed("jane", 1).get(0);
    deliver("jane", "3");

    assertThat(bodies(inbox.feedAfter(last, 10))).containsExactly("1");
  }

  @Test
  void aUserKeepsTheNewestItems() {
    for (String body : List.of("1", "2", "3", "4")) {
      deliver("jane", body);
    }

    assertThat(bodies(inbox.feed("jane", 10))).containsExactly("4", "3", "2");
  }

  @Test
  void seenAndReadAreCountedApart() {
    String first = deliver("jane", "1");
    deliver("jane", "2");

    assertThat(inbox.unseen("jane")).isEqualTo(2);
    assertThat(inbox.markAllSeen("jane")).isEqualTo(2);
    assertThat(inbox.unseen("jane")).isZero();
    assertThat(inbox.unread("jane")).isEqualTo(2);

    assertThat(inbox.markRead("jane", first)).isTrue();
    assertThat(inbox.markRead("jane", first)).as("a second time").isFalse();
    assertThat(inbox.unread("jane")).isEqualTo(1);

    assertThat(inbox.markUnread("jane", first)).isTrue();
    assertThat(inbox.markAllRead("jane")).isEqualTo(2);
    assertThat(inbox.unread("jane")).isZero();
  }

  @Test
  void anArchivedItemLeavesTheFeedAndItsCounts() {
    String id = deliver("jane", "1");

    assertThat(inbox.moveToArchive("jane", id)).isTrue();
    assertThat(inbox.moveToArchive("jane", id)).isFalse();

    assertThat(inbox.feed("jane", 10)).isEmpty();
    assertThat(inbox.unread("jane")).isZero();
    assertThat(bodies(inbox.archive("jane", 10))).containsExactly("1");
    assertThat(inbox.restore("jane", id)).isTrue();
    assertThat(bodies(inbox.feed("jane", 10))).containsExactly("1");
  }

  @Test
  void anotherUsersItemIsUnknown() {
    String id = deliver("jane", "1");
    deliver("john", "2");

    assertThat(inbox.markRead("john", id)).isFalse();
    assertThat(inbox.moveToArchive("john", id)).isFalse();
    assertThat(inbox.unread("jane")).isEqualTo(1);
  }

  @Test
  void aUserNobodyAsksForIsForgottenWhenThereAreTooMany() {
    for (int user = 0; user < 100; user++) {
      deliver("user-" + user, "1");
    }

    long kept = IntStream.range(0, 100).filter(user -> inbox.unread("user-" + user) > 0).count();
    assertThat(kept).isBetween(1L, 10L);
  }

  @Test
  void whatWasSeenAndReadIsReported() {
    List<ProviderEvent> reports = new ArrayList<>();
    Subscription subscription = provider.reportTo(reports::add);
    String id = deliver("jane", "1");

    inbox.markAllSeen("jane");
    inbox.markRead("jane", id);
    subscription.close();
    inbox.markUnread("jane", id);
    inbox.markRead("jane", id);

    assertThat(reports).extracting(ProviderEvent::type).containsExactly(Type.DELIVERED, Type.READ);
    assertThat(reports)
        .allSatisfy(
            report -> {
              assertThat(report.provider()).isEqualTo(provider.name());
              assertThat(report.providerMessageId()).isEqualTo(id);
            });
  }

  @Test
  void whatIsPutAwayUnreadIsReportedAsSeenAndThatIsNoNewsTwice() {
    List<ProviderEvent> reports = new ArrayList<>();
    Subscription subscription = provider.reportTo(reports::add);
    String unread = deliver("jane", "1");
    String read = deliver("jane", "2");
    inbox.markRead("jane", read);
    reports.clear();

    inbox.markAll("jane", Mark.ARCHIVED, Optional.empty());
    subscription.close();

    assertThat(reports)
        .singleElement()
        .satisfies(
            report -> {
              assertThat(report.providerMessageId()).isEqualTo(unread);
              assertThat(report.type()).isEqualTo(Type.DELIVERED);
              assertThat(report.isUndated()).isTrue();
            });
  }

  @Test
  void aListenerThatThrowsHarmsNobody() {
    List<Mark> heard = new ArrayList<>();
    inbox.subscribe(
        (mark, item) -> {
          throw new IllegalStateException("a broken listener");
        });
    inbox.subscribe((mark, item) -> heard.add(mark));
    String id = deliver("jane", "1");

    inbox.markSeen("jane", id);
    inbox.moveToArchive("jane", id);

    assertThat(heard).containsExactly(Mark.SEEN, Mark.ARCHIVED);
  }

  @Test
  void nothingIsLostWhenManyWriteAtOnce() {
    InAppProvider roomy = of(MemoryInboxes.of(10, 200));

    IntStream.range(0, 100).parallel().forEach(i -> roomy.deliver(message("jane", "hello")));

    assertThat(roomy.inbox().unread("jane")).isEqualTo(100);
  }

  @Test
  void aBatchIsOneCallOfTheStore() {
    AtomicInteger calls = new AtomicInteger();
    InboxStore counting =
        (InboxStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {InboxStore.class},
                (proxy, method, arguments) -> {
                  calls.incrementAndGet();
                  return List.of();
                });
    InAppProvider batching = InAppProvider.of(Inbox.builder(counting).build());

    List<Outcome> outcomes =
        batching.deliver(List.of(message("jane", "1"), message("john", "2"), message("jo", "3")));

    assertThat(calls).hasValue(1);
    assertThat(outcomes).hasSize(3).allMatch(Outcome.Accepted.class::isInstance);
  }

  @Test
  void aFaultOfTheStoreMayBeTriedAgain() {
    InboxStore broken =
        (InboxStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {InboxStore.class},
                (proxy, method, arguments) -> {
                  throw new IllegalStateException("jane's secret");
                });

    List<Outcome> outcomes =
        InAppProvider.of(Inbox.builder(broken).build())
            .deliver(List.of(message("jane", "1"), message("john", "2")));

    assertThat(outcomes)
        .hasSize(2)
        .allSatisfy(
            outcome -> {
              assertThat(outcome).isInstanceOf(Outcome.Retryable.class);
              assertThat(outcome.cause()).doesNotContain("secret");
            });
  }

  @Test
  void theButtonsOfAPushAreTheItemsActions() {
    PushOptions.Action pay = PushOptions.Action.opening("pay", "Pay", "https://shop.example/pay");
    Content content =
        Content.builder()
            .body("Your bill")
            .push(PushOptions.builder().badge(3).action(pay).build())
            .build();

    provider.deliver(SampleMessages.to(Address.inApp("jane"), content));

    PushOptions kept = inbox.feed("jane", 1).get(0).content().push();
    assertThat(kept).isEqualTo(PushOptions.builder().action(pay).build());
  }

  @Test
  void anItemLeavesWhenItsTimeIsOver() {
    Inbox brief =
        Inbox.builder(MemoryInboxes.of(10, 3))
            .clock(InstantSource.fixed(SampleMessages.CREATED_AT))
            .lifetime(
                message ->
                    message.content().body().equals(Optional.of("offer"))
                        ? Duration.ofHours(1)
                        : Duration.ofDays(1))
            .build();
    InAppProvider.of(brief).deliver(message("jane", "offer"));
    InAppProvider.of(brief).deliver(message("jane", "news"));

    assertThat(brief.feed("jane", 10))
        .extracting(item -> Duration.between(item.receivedAt(), item.expiresAt()))
        .containsExactlyInAnyOrder(Duration.ofHours(1), Duration.ofDays(1));
  }

  @Test
  void everythingOfACategoryIsMarkedAtOnce() {
    deliver("jane", "1");

    assertThat(inbox.markAllRead("jane", "offers")).isZero();
    assertThat(inbox.markAllRead("jane", "general")).isEqualTo(1);
  }

  @Test
  void aStoreWithoutInboxesIsNamed() {
    NotificationStore none =
        (NotificationStore)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {NotificationStore.class},
                (proxy, method, arguments) ->
                    method.getName().equals("toString") ? "TinyStore" : Optional.empty());

    assertThatThrownBy(() -> Inbox.in(none))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("TinyStore keeps no inboxes");
  }

  @Test
  void tooManyIdsAtOnceAreRefused() {
    List<String> ids = IntStream.rangeClosed(0, Inbox.LONGEST_PAGE).mapToObj(i -> "x" + i).toList();

    assertThatThrownBy(() -> inbox.mark("jane", Mark.READ, ids))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("itemIds");
  }

  @Test
  void htmlAndAttachmentsAreLeftOut() {
    Content content =
        Content.builder()
            .body("text")
            .html("<b>text</b>")
            .attach(Attachment.of("a.txt", "text/plain", new byte[1000]))
            .build();
    provider.deliver(SampleMessages.to(Address.inApp("jane"), content));

    assertThat(inbox.feed("jane", 1).get(0).content()).isEqualTo(Content.ofBody("text"));
  }

  @Test
  void whatAnInboxCannotShowIsRefused() {
    assertThat(provider.problemWith(Content.builder().html("<b>only</b>").build()))
        .hasValueSatisfying(problem -> assertThat(problem).contains("neither"));
    assertThat(provider.problemWith(Content.ofBody("x".repeat(InAppProvider.LARGEST)))).isEmpty();
    assertThat(provider.problemWith(Content.ofBody("x".repeat(InAppProvider.LARGEST + 1))))
        .hasValueSatisfying(problem -> assertThat(problem).contains("65537 bytes"));
  }

  @Test
  void aPageHasALimit() {
    for (int limit : new int[] {0, -1, Inbox.LONGEST_PAGE + 1}) {
      assertThatThrownBy(() -> inbox.feed("jane", limit))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("limit");
    }
  }

  @Test
  void propertiesSetItsSize() {
    InAppProviderFactory factory = new InAppProviderFactory();

    try (var built = factory.create(options(Map.of("users", "5", "items-per-user", "1")))) {
      assertThat(built.channel()).isEqualTo(Channel.IN_APP);
    }
    assertThatThrownBy(() -> factory.create(options(Map.of("users", "0"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("notify.inapp.inbox.users");
    assertThatThrownBy(() -> factory.create(options(Map.of("lifetime", "PT0S"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("notify.inapp.inbox.lifetime");
  }

  private static ProviderOptions options(Map<String, String> values) {
    return new ProviderOptions("notify.inapp.inbox", values);
  }

  private static OutboundMessage message(String user, String body) {
    return SampleMessages.to(Address.inApp(user), Content.ofBody(body));
  }

  private String deliver(String user, String body) {
    OutboundMessage message = message(user, body);
    provider.deliver(message);
    return message.reference();
  }

  private static List<String> bodies(List<InboxItem> items) {
    return items.stream().map(item -> item.content().body().orElseThrow()).toList();
  }
}
