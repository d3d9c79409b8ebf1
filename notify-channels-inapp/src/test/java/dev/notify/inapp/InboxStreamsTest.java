package dev.notify.inapp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.inapp.InboxEvent.Kind;
import dev.notify.memory.MemoryInboxes;
import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.PushOptions;
import dev.notify.test.SampleMessages;
import dev.notify.test.VirtualClock;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InboxStreamsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration NEVER = Duration.ofHours(1);

  private final MemoryInboxes store = MemoryInboxes.of(100, 2_000);
  private final Inbox inbox = Inbox.builder(store).build();
  private final InAppProvider provider = InAppProvider.of(inbox);
  private InboxStreams streams = InboxStreams.builder(inbox).pollEvery(NEVER).build();

  @AfterEach
  void close() {
    streams.close();
  }

  private void with(InboxStreams.Builder builder) {
    streams.close();
    streams = builder.build();
  }

  private String deliver(String user, String body) {
    var message = SampleMessages.to(Address.inApp(user), Content.ofBody(body));
    provider.deliver(message);
    return message.reference();
  }

  private InboxStream open(String user, RecordingSink sink) {
    return streams.open(user, Optional.empty(), sink).orElseThrow();
  }

  private static JsonNode json(InboxEvent event) {
    try {
      return JSON.readTree(event.json());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> bodies(List<InboxEvent> events) {
    List<String> bodies = new ArrayList<>();
    events.forEach(
        event ->
            json(event).get("items").forEach(item -> bodies.add(item.get("body").textValue())));
    return bodies;
  }

  private static void awaitEvents(RecordingSink sink, int count) {
    await().untilAsserted(() -> assertThat(sink.events()).hasSize(count));
  }

  @Test
  void aNewStreamBeginsWithTheNumbersOnTheBell() {
    deliver("jane", "old");
    deliver("jane", "older");
    RecordingSink sink = RecordingSink.quick();

    open("jane", sink);

    awaitEvents(sink, 1);
    InboxEvent first = sink.events().get(0);
    assertThat(first.kind()).isEqualTo(Kind.INBOX);
    assertThat(first.json()).isEqualTo("{\"items\":[],\"unread\":2,\"unseen\":2}");
    assertThat(first.revision()).isEqualTo(inbox.counts("jane").revision());
  }

  @Test
  void whatComesAndWhatIsDoneIsToldAtOnce() {
    RecordingSink sink = RecordingSink.quick();
    open("jane", sink);
    awaitEvents(sink, 1);

    String id = deliver("jane", "hello");
    awaitEvents(sink, 2);
    inbox.markRead("jane", id);
    awaitEvents(sink, 3);
    deliver("john", "not for jane");

    assertThat(bodies(sink.events())).containsExactly("hello", "hello");
    JsonNode read = json(sink.last());
    assertThat(read.get("items").get(0).get("read").booleanValue()).isTrue();
    assertThat(read.get("unread").intValue()).isZero();
  }

  @Test
  void textStaysTextAndOneLine() {
    RecordingSink sink = RecordingSink.quick();
    open("jane", sink);
    awaitEvents(sink, 1);

    provider.deliver(
        SampleMessages.to(
            Address.inApp("jane"),
            Content.builder()
                .title("<script>alert(1)</script>")
                .body("a\n\nevent: reset\ndata: {}\r\n\"quoted\"")
                .data("k", "v\u2028\"")
                .push(
                    PushOptions.builder()
                        .action(PushOptions.Action.of("ok", "<b>Fine</b>"))
                        .build())
                .build()));

    awaitEvents(sink, 2);
    String sent = new String(sink.last().serverSent(), StandardCharsets.UTF_8);
    assertThat(sent.strip().lines()).hasSize(3);
    JsonNode item = json(sink.last()).get("items").get(0);
    assertThat(item.get("body").textValue()).isEqualTo("a\n\nevent: reset\ndata: {}\r\n\"quoted\"");
    assertThat(item.get("actions").get(0).get("title").textValue()).isEqualTo("<b>Fine</b>");
    assertThat(item.has("metadata")).isFalse();
  }

  @Test
  void aStreamThatComesAgainGoesOnWhereItWas() {
    RecordingSink first = RecordingSink.quick();
    InboxStream stream = open("jane", first);
    awaitEvents(first, 1);
    deliver("jane", "1");
    awaitEvents(first, 2);
    stream.close();
    deliver("jane", "2");
    deliver("jane", "3");

    RecordingSink second = RecordingSink.quick();
    streams.open("jane", Optional.of(first.last().revision()), second);

    awaitEvents(second, 1);
    assertThat(bodies(second.events())).containsExactly("2", "3");
    assertThat(first.isEnded()).isTrue();
    assertThat(first.events()).hasSize(2);
  }

  @Test
  void whoMissedNothingIsToldNothing() {
    deliver("jane", "1");
    RecordingSink again = RecordingSink.quick();
    RecordingSink fresh = RecordingSink.quick();

    streams.open("jane", Optional.of(inbox.counts("jane").revision()), again);
    open("jane", fresh);

    awaitEvents(fresh, 1);
    deliver("jane", "2");
    awaitEvents(again, 1);
    assertThat(bodies(again.events())).containsExactly("2");
  }

  @Test
  void aPlaceThatIsNoneOfThisInboxIsReset() {
    deliver("jane", "1");
    for (long forged : new long[] {Long.MAX_VALUE, inbox.counts("jane").revision() + 1, -7}) {
      RecordingSink sink = RecordingSink.quick();
      streams.open("jane", Optional.of(forged), sink);

      awaitEvents(sink, 1);
      assertThat(sink.last().kind()).isEqualTo(Kind.RESET);
      assertThat(sink.last().revision()).isEqualTo(inbox.counts("jane").revision());
      assertThat(json(sink.last()).get("unread").intValue()).isEqualTo(1);
    }
  }

  @Test
  void whatAClientSaysItKnowsIsReadWithCare() {
    assertThat(InboxStreams.revision(Optional.empty())).isEmpty();
    assertThat(InboxStreams.revision(Optional.of(" "))).isEmpty();
    assertThat(InboxStreams.revision(Optional.of(" 17 "))).contains(17L);
    assertThat(InboxStreams.revision(Optional.of("-1"))).contains(-1L);
    for (String forged : List.of("x", "1e9", "99999999999999999999", "1;DROP")) {
      assertThat(InboxStreams.revision(Optional.of(forged))).contains(Long.MAX_VALUE);
    }
  }

  @Test
  void aSlowClientKeepsNobodyWaitingAndCostsNothing() {
    RecordingSink slow = RecordingSink.slow();
    RecordingSink quick = RecordingSink.quick();
    open("jane", slow);
    open("jane", quick);
    awaitEvents(slow, 1);
    awaitEvents(quick, 1);

    for (int i = 0; i < 120; i++) {
      deliver("jane", "" + i);
    }
    await().untilAsserted(() -> assertThat(bodies(quick.events())).hasSize(120));
    assertThat(slow.events()).as("nothing is queued for it").hasSize(1);

    List<String> told = new ArrayList<>();
    for (int events = 2; told.size() < 120; events++) {
      slow.read();
      awaitEvents(slow, events);
      told.addAll(bodies(List.of(slow.last())));
    }
    assertThat(told).doesNotHaveDuplicates().hasSize(120);
  }

  @Test
  void aClientThatIsGoneIsForgotten() {
    RecordingSink sink = RecordingSink.slow();
    InboxStream stream = open("jane", sink);
    awaitEvents(sink, 1);

    sink.drop();

    assertThat(stream.isClosed()).isTrue();
    assertThat(sink.isEnded()).isTrue();
    assertThat(streams.open()).isZero();
    assertThat(streams.isOpen("jane")).isFalse();
  }

  @Test
  void aClientThatTakesTooLongIsDropped() {
    with(InboxStreams.builder(inbox).pollEvery(NEVER).patience(Duration.ofMillis(50)));
    RecordingSink stuck = RecordingSink.slow();
    RecordingSink quick = RecordingSink.quick();
    open("jane", stuck);
    open("jane", quick);

    await().untilAsserted(() -> assertThat(stuck.isEnded()).isTrue());
    assertThat(quick.isEnded()).isFalse();
    assertThat(streams.open()).isEqualTo(1);
  }

  @Test
  void silenceIsBrokenByHeartbeats() {
    with(InboxStreams.builder(inbox).pollEvery(NEVER).heartbeat(Duration.ofMillis(10)));
    RecordingSink sink = RecordingSink.quick();
    open("jane", sink);

    await()
        .untilAsserted(
            () ->
                assertThat(sink.all())
                    .extracting(InboxEvent::kind)
                    .contains(Kind.HEARTBEAT, Kind.INBOX));
    assertThat(new String(InboxEvent.HEARTBEAT.serverSent(), StandardCharsets.UTF_8))
        .isEqualTo(":\n\n");
  }

  @Test
  void thereAreNoMoreStreamsThanAllowed() {
    with(InboxStreams.builder(inbox).perUser(2).inAll(3));
    InboxStream first = open("jane", RecordingSink.quick());
    open("jane", RecordingSink.quick());

    assertThat(streams.open("jane", Optional.empty(), RecordingSink.quick())).isEmpty();
    open("john", RecordingSink.quick());
    assertThat(streams.open("jo", Optional.empty(), RecordingSink.quick())).isEmpty();
    assertThat(streams.open()).isEqualTo(3);

    first.close();
    first.close();
    assertThat(streams.open()).isEqualTo(2);
    open("jane", RecordingSink.quick());
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> InboxStreams.builder(inbox).perUser(0))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("perUser");
    assertThatThrownBy(() -> InboxStreams.builder(inbox).heartbeat(Duration.ZERO))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("heartbeat");
  }

  @Test
  void whoIsForgottenStartsAnew() {
    deliver("jane", "1");
    RecordingSink sink = RecordingSink.quick();
    open("jane", sink);
    awaitEvents(sink, 1);

    store.forget("jane");

    await().untilAsserted(() -> assertThat(sink.last().kind()).isEqualTo(Kind.RESET));
    assertThat(json(sink.last()).get("unread").intValue()).isZero();
  }

  @Test
  void whatIsAnnouncedIsToldToWhoeverIsThere() {
    with(InboxStreams.builder(inbox));
    RecordingSink jane = RecordingSink.quick();
    RecordingSink john = RecordingSink.quick();
    open("jane", jane);
    open("john", john);
    awaitEvents(jane, 1);
    awaitEvents(john, 1);

    inbox.announce(InboxAnnouncement.of("news", Content.ofBody("to all")).build());

    awaitEvents(jane, 2);
    awaitEvents(john, 2);
    assertThat(bodies(jane.events())).containsExactly("to all");
  }

  @Test
  void aHintThatMetNobodyIsNotTheLast() {
    RecordingSink elsewhere = RecordingSink.quick();
    try (InboxStreams other = InboxStreams.builder(inbox).pollEvery(NEVER).build()) {
      other.open("john", Optional.empty(), elsewhere).orElseThrow();
      awaitEvents(elsewhere, 1);
      InboxStream first = open("jane", RecordingSink.quick());
      announce("1");
      first.close();
      awaitEvents(elsewhere, 2);
      announce("2");
      // A hint takes as long here as there: the first one has been and gone.
      awaitEvents(elsewhere, 3);
    }
    RecordingSink jane = RecordingSink.quick();
    open("jane", jane);
    awaitEvents(jane, 1);

    announce("3");

    awaitEvents(jane, 2);
    assertThat(bodies(jane.events())).containsExactly("3");
  }

  private void announce(String body) {
    var ignored = inbox.announce(InboxAnnouncement.of("news", Content.ofBody(body)).build());
  }

  @Test
  void whoHasAStreamOpenIsPresent() {
    assertThat(inbox.isPresent("jane")).isFalse();

    open("jane", RecordingSink.quick());

    await().untilAsserted(() -> assertThat(inbox.isPresent("jane")).isTrue());
    assertThat(inbox.isPresent("john")).isFalse();
  }

  private static void deliver(Inbox to, String user, String body) {
    InAppProvider.of(to).deliver(SampleMessages.to(Address.inApp(user), Content.ofBody(body)));
  }

  @Test
  void whoClosesTheLastTabIsSoonPresentNoMore() {
    VirtualClock clock = VirtualClock.at("2026-03-02T09:00:00Z");
    Inbox timed = Inbox.builder(store).clock(clock).build();
    BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(100);
    with(InboxStreams.builder(timed).pollEvery(NEVER).executor(work::add));
    InboxStream one = open("jane", RecordingSink.quick());
    InboxStream two = open("jane", RecordingSink.quick());
    drain(work);

    one.close();
    drain(work);
    clock.advance(Duration.ofSeconds(10));
    assertThat(timed.isPresent("jane")).as("with a tab left").isTrue();

    two.close();
    drain(work);
    InboxStream again = open("jane", RecordingSink.quick());
    drain(work);
    clock.advance(Duration.ofSeconds(10));
    assertThat(timed.isPresent("jane")).as("gone to another page").isTrue();

    again.close();
    drain(work);
    assertThat(timed.isPresent("jane")).as("may come again").isTrue();
    clock.advance(Duration.ofSeconds(5));
    assertThat(timed.isPresent("jane")).isFalse();
  }

  @Test
  void whoWasConnectedToANodeThatIsClosedIsSoonPresentNoMore() {
    VirtualClock clock = VirtualClock.at("2026-03-02T09:00:00Z");
    Inbox timed = Inbox.builder(store).clock(clock).build();
    BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(100);
    with(InboxStreams.builder(timed).pollEvery(NEVER).executor(work::add));
    open("jane", RecordingSink.quick());
    open("john", RecordingSink.quick());
    drain(work);
    assertThat(timed.isPresent("jane") && timed.isPresent("john")).isTrue();

    streams.close();
    // Until it is noted, the clock stands.
    drain(work);

    clock.advance(Duration.ofSeconds(5));
    assertThat(timed.isPresent("jane") || timed.isPresent("john")).isFalse();
  }

  @Test
  void whatExpiresIsTakenOffTheBellsOfOpenPages() {
    VirtualClock clock = VirtualClock.at("2026-03-02T09:00:00Z");
    Inbox timed = Inbox.builder(store).clock(clock).lifetime(Duration.ofMinutes(1)).build();
    with(InboxStreams.builder(timed).pollEvery(Duration.ofMillis(10)));
    deliver(timed, "jane", "brief");
    RecordingSink sink = RecordingSink.quick();
    open("jane", sink);
    awaitEvents(sink, 1);
    assertThat(json(sink.last()).get("unread").intValue()).isEqualTo(1);

    clock.advance(Duration.ofMinutes(1));

    awaitEvents(sink, 2);
    assertThat(sink.last().json()).isEqualTo("{\"items\":[],\"unread\":0,\"unseen\":0}");
    assertThat(sink.last().kind()).isEqualTo(Kind.INBOX);
  }

  @Test
  void whoComesAgainAfterBeingErasedIsResetThoughThereIsNews() {
    deliver("jane", "old");
    long known = inbox.counts("jane").revision();
    store.forget("jane");
    deliver("jane", "new");

    RecordingSink sink = RecordingSink.quick();
    streams.open("jane", Optional.of(known), sink);

    awaitEvents(sink, 1);
    assertThat(sink.last().kind()).isEqualTo(Kind.RESET);
    assertThat(sink.last().revision()).isEqualTo(inbox.counts("jane").revision());
  }

  @Test
  void aHintThatIsLostIsMadeUpForByPolling() {
    Inbox deaf = Inbox.builder(Deaf.to(store)).build();
    with(InboxStreams.builder(deaf).pollEvery(Duration.ofMillis(10)));
    RecordingSink sink = RecordingSink.quick();
    open("jane", sink);
    awaitEvents(sink, 1);

    deliver("jane", "1");
    awaitEvents(sink, 2);
    inbox.announce(InboxAnnouncement.of("news", Content.ofBody("2")).build());

    awaitEvents(sink, 3);
    assertThat(bodies(sink.events())).containsExactly("1", "2");
  }

  @Test
  void allTabsOfAUserCostOneLook() {
    AtomicInteger looks = new AtomicInteger();
    Inbox counted = Inbox.builder(Deaf.counting(store, "changes", looks)).build();
    BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(100);
    with(InboxStreams.builder(counted).pollEvery(NEVER).executor(work::add));
    List<RecordingSink> tabs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      tabs.add(RecordingSink.quick());
      open("jane", tabs.get(i));
    }
    drain(work);
    deliver("jane", "1");
    drain(work);

    assertThat(looks).hasValue(1);
    assertThat(tabs).allSatisfy(tab -> assertThat(bodies(tab.events())).containsExactly("1"));
  }

  private static void drain(BlockingQueue<Runnable> work) {
    for (Runnable next = work.poll(); next != null; next = work.poll()) {
      next.run();
    }
  }

  @Test
  void aStoreThatFailsForAWhileCostsNoEvent() {
    AtomicInteger faults = new AtomicInteger(3);
    Inbox shaky = Inbox.builder(Deaf.failing(store, faults)).build();
    with(InboxStreams.builder(shaky).pollEvery(Duration.ofMillis(10)));
    RecordingSink sink = RecordingSink.quick();

    open("jane", sink);
    deliver("jane", "1");

    await().untilAsserted(() -> assertThat(sink.events()).isNotEmpty());
    assertThat(json(sink.last()).get("unread").intValue()).isEqualTo(1);
  }

  /**
   * Tabs that come and go while much happens: at the end each knows exactly what stands in the
   * inbox, and none was told an older state of an item after a newer one.
   */
  @Test
  void nothingIsMissedOrRepeatedWhateverComesBetween() throws Exception {
    for (long seed = 1; seed <= 5; seed++) {
      Random random = new Random(seed);
      String user = "user-" + seed;
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        clients.add(new Client(user, new Random(seed * 100 + i)));
      }
      long ofSeed = seed;
      Thread writer =
          new Thread(
              () -> {
                Random chance = new Random(ofSeed + 1_000);
                List<String> ids = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                  if (ids.isEmpty() || chance.nextInt(3) == 0) {
                    ids.add(deliver(user, "n" + i));
                  } else {
                    String id = ids.get(chance.nextInt(ids.size()));
                    switch (chance.nextInt(4)) {
                      case 0 -> inbox.markRead(user, id);
                      case 1 -> inbox.markUnread(user, id);
                      case 2 -> inbox.moveToArchive(user, id);
                      default -> inbox.restore(user, id);
                    }
                  }
                }
              });
      writer.start();
      while (writer.isAlive()) {
        clients.get(random.nextInt(clients.size())).actByChance();
      }
      writer.join(TimeUnit.SECONDS.toMillis(30));
      String expected = state(user);
      for (Client client : clients) {
        client.settle();
        await("seed " + seed).untilAsserted(() -> assertThat(client.state()).isEqualTo(expected));
        client.assertInOrder();
      }
    }
  }

  private String state(String user) {
    Map<String, String> items = new TreeMap<>();
    inbox.feed(user, 200).forEach(item -> items.put(item.id(), item.isRead() + "/false"));
    inbox.archive(user, 200).forEach(item -> items.put(item.id(), item.isRead() + "/true"));
    return items.toString();
  }

  /** What a page would do: keeps what it was told, and comes again with the last id. */
  private final class Client {
    private final String user;
    private final Random random;
    private final List<InboxEvent> told = new ArrayList<>();
    private RecordingSink sink = RecordingSink.quick();
    private InboxStream stream;

    Client(String user, Random random) {
      this.user = user;
      this.random = random;
      stream = streams.open(user, Optional.of(0L), sink).orElseThrow();
    }

    void actByChance() {
      int what = random.nextInt(10);
      if (what == 0) {
        again(random.nextBoolean() ? RecordingSink.quick() : RecordingSink.slow());
      } else if (what < 4) {
        sink.read();
      } else {
        Thread.onSpinWait();
      }
    }

    private void again(RecordingSink next) {
      stream.close();
      told.addAll(sink.events());
      long last = told.isEmpty() ? 0 : told.get(told.size() - 1).revision();
      sink = next;
      stream = streams.open(user, Optional.of(last), sink).orElseThrow();
    }

    void settle() {
      again(RecordingSink.quick());
    }

    private List<InboxEvent> everything() {
      List<InboxEvent> all = new ArrayList<>(told);
      all.addAll(sink.events());
      return all;
    }

    String state() {
      Map<String, String> items = new TreeMap<>();
      everything()
          .forEach(
              event ->
                  json(event)
                      .get("items")
                      .forEach(
                          item ->
                              items.put(
                                  item.get("id").textValue(),
                                  item.get("read").booleanValue()
                                      + "/"
                                      + item.get("archived").booleanValue())));
      return items.toString();
    }

    void assertInOrder() {
      Map<String, Long> revisions = new LinkedHashMap<>();
      long last = 0;
      for (InboxEvent event : everything()) {
        assertThat(event.kind()).isEqualTo(Kind.INBOX);
        assertThat(event.revision()).isGreaterThan(last);
        for (JsonNode item : json(event).get("items")) {
          long revision = item.get("revision").longValue();
          assertThat(revision).as("told once").isGreaterThan(last);
          Long before = revisions.put(item.get("id").textValue(), revision);
          assertThat(before == null || before < revision).isTrue();
        }
        last = event.revision();
      }
    }
  }
}
