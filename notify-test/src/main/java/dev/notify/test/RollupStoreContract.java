package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Cost;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.Digest;
import dev.notify.model.Labels;
import dev.notify.model.Lane;
import dev.notify.model.Notification;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.model.Stage;
import dev.notify.model.Statistics;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.NotificationStore.Held;
import dev.notify.spi.NotificationStore.Submission;
import dev.notify.spi.RollupStore;
import dev.notify.spi.RollupStore.Amount;
import dev.notify.spi.RollupStore.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RollupStore} must do, as tests: above all, count exactly what a recount of the
 * stored deliveries and events finds. A contributor extends this class once for each kind of store
 * and each database.
 *
 * @since 0.1
 */
public abstract class RollupStoreContract {

  private static final Instant NOW = SampleMessages.CREATED_AT;
  private static final Instant HOUR = Statistics.hourOf(NOW);
  private static final Duration A_DAY = Duration.ofDays(1);
  private static final List<Channel> CHANNELS = List.of(Channel.EMAIL, Channel.SMS);

  private static final List<Optional<String>> SEGMENTS =
      List.of(Optional.empty(), Optional.of("pro"), Optional.of("new in town"));

  private final SampleSubmissions samples = new SampleSubmissions();
  private final List<NotificationStore> nodes = new ArrayList<>();
  private final List<NotificationId> accepted = new ArrayList<>();
  private int messageIds;

  /** An empty store. */
  protected abstract NotificationStore create() throws Exception;

  /** Another process on the same store; the same one, where there can be only one. */
  protected NotificationStore another(NotificationStore first) throws Exception {
    return first;
  }

  @BeforeEach
  void open() throws Exception {
    nodes.add(create());
  }

  @AfterEach
  void close() {
    nodes.forEach(NotificationStore::close);
  }

  @Test
  public void whatIsCountedIsWhatARecountFinds() throws Exception {
    nodes.add(another(nodes.get(0)));
    Random chance = new Random(20261121);
    List<Delivery> known = new ArrayList<>();
    for (int step = 0; step < 400; step++) {
      NotificationStore node = nodes.get(chance.nextInt(2));
      Instant now = NOW.plus(Duration.ofMinutes(step));
      switch (chance.nextInt(12)) {
        case 0, 1, 2 -> known.add(accept(node, random(chance, now)));
        case 3, 4, 5 -> work(node, chance, now);
        case 6, 7, 8, 9 -> tell(node, chance, known, now);
        case 10 -> cancel(node, chance, known, now);
        default -> restartOrForget(chance);
      }
      if (step % 100 == 99) {
        assertEquals(recount(), counted(nodes.get(0)), "after step " + step);
      }
    }
    assertTrue(recount().keySet().stream().map(Count::measure).distinct().count() > 10);
  }

  @Test
  public void hoursComeApartIfAskedForAndEndWhereTheyShould() {
    for (int hour = 0; hour < 3; hour++) {
      accept(nodes.get(0), samples.due(HOUR.plus(Duration.ofHours(hour)).plusSeconds(59 * 60)));
      sendAll(nodes.get(0), HOUR.plus(Duration.ofHours(hour)).plusSeconds(59 * 60 + 30));
    }

    List<Amount> two =
        rollups().amounts(HOUR.plusSeconds(1800), HOUR.plus(Duration.ofHours(2)), true);

    assertEquals(
        List.of(HOUR, HOUR.plus(Duration.ofHours(1))),
        two.stream()
            .filter(one -> one.measure() == Stage.SENT.code())
            .map(Amount::time)
            .sorted()
            .toList());
    assertEquals(
        2,
        rollups().amounts(HOUR, HOUR.plus(Duration.ofHours(2)), false).stream()
            .filter(one -> one.measure() == Stage.SENT.code())
            .mapToLong(Amount::amount)
            .sum());
    assertEquals(
        2,
        rollups().amounts(HOUR, HOUR.plus(Duration.ofHours(2)), false).stream()
            .filter(one -> one.measure() == RollupStore.TO_SENT + slot(Duration.ofSeconds(30)))
            .mapToLong(Amount::amount)
            .sum());
  }

  @Test
  public void whatADeliveryCostsIsStoredAndCountedOnceHoweverOftenItIsToldOf() {
    Currency euro = Currency.getInstance("EUR");
    for (long micros : new long[] {75_000, 1, 1_000_000_000_000L}) {
      Delivery delivery = accept(nodes.get(0), samples.due(NOW));
      Held held = claim(nodes.get(0), 1, NOW).get(0);
      Optional<Cost> cost = Optional.of(new Cost(micros, euro));
      Delivery sent =
          held.delivery().costing(cost).sent("smtp", "id" + ++messageIds, NOW.plusSeconds(1));
      assertTrue(nodes.get(0).update(sent, List.of()).isPresent());
      for (Type type : List.of(Type.DELIVERED, Type.DELIVERED, Type.OPENED)) {
        Optional<Delivery> ignored = nodes.get(0).record(event(delivery, type));
      }
      assertEquals(cost, nodes.get(0).find(delivery.id()).orElseThrow().cost());
      assertEquals(Optional.empty(), nodes.get(0).update(sent, List.of()));
    }

    assertEquals(
        1_000_000_075_001L,
        rollups().amounts(NOW, NOW.plusSeconds(1), false).stream()
            .filter(one -> one.measure() == RollupStore.cost(euro))
            .mapToLong(Amount::amount)
            .sum());
  }

  private static DeliveryEvent event(Delivery delivery, Type type) {
    return new DeliveryEvent(
        delivery.notificationId(),
        delivery.id(),
        delivery.recipientId(),
        delivery.lane(),
        type,
        NOW.plusSeconds(2),
        Optional.of("smtp"),
        Optional.empty());
  }

  @Test
  public void whatIsOnlyCollectedForADigestIsNotCounted() {
    Submission item =
        SampleSubmissions.with(
            samples.due(NOW),
            delivery -> on(delivery, Digest.CHANNEL, Address.of(Digest.CHANNEL, "jane")));
    accept(nodes.get(0), item);
    assertEquals(Map.of(), counted(nodes.get(0)));

    nodes
        .get(0)
        .cancel(
            item.deliveries().get(0), DeliveryStatus.CANCELLED, Reason.of(Reason.CANCELLED), NOW);

    assertEquals(Map.of(), counted(nodes.get(0)));
  }

  @Test
  public void whatADeliveryIsCountedUnderIsDecidedAtItsAcceptanceForAllProcesses()
      throws Exception {
    Labels labels = new Labels("news", Optional.of("t"), 3, Optional.of("Größte Kunden"));
    Submission one =
        SampleSubmissions.with(samples.due(NOW), delivery -> delivery.labelled(labels));
    Delivery accepted = accept(nodes.get(0), one);
    NotificationStore other = another(nodes.get(0));
    if (other != nodes.get(0)) {
      nodes.add(other);
    }

    assertEquals(labels, other.find(one.id()).orElseThrow().deliveries().get(0).labels());
    assertEquals(List.of(labels), labelsCounted(Stage.OPEN));
    for (Held held : claim(other, 10, NOW.plusSeconds(1))) {
      assertEquals(labels, held.delivery().labels());
      other.update(held.delivery().sent("smtp", "id1", NOW.plusSeconds(2)), List.of());
    }
    assertEquals(List.of(labels), labelsCounted(Stage.SENT));
    assertEquals(
        labels,
        nodes.get(0).find(accepted.notificationId()).orElseThrow().deliveries().get(0).labels());
  }

  private List<Labels> labelsCounted(Stage stage) {
    return rollups().amounts(HOUR, HOUR.plus(A_DAY), true).stream()
        .filter(one -> one.measure() == stage.code())
        .map(one -> one.tuple().labels())
        .toList();
  }

  @Test
  public void twoThousandDeliveriesOfManyKindsAreToldApart() {
    List<Submission> page = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      Labels labels = new Labels("c" + i % 10, Optional.of("t" + i % 7), i % 3, Optional.empty());
      Submission one =
          SampleSubmissions.with(samples.due(NOW), delivery -> delivery.labelled(labels));
      page.add(one);
      accepted.add(one.id());
    }
    assertTrue(nodes.get(0).acceptAll(page).stream().allMatch(Optional::isEmpty));
    sendAll(nodes.get(0), NOW.plusSeconds(1));

    Map<Count, Long> counted = counted(nodes.get(0));

    assertEquals(recount(), counted);
    assertEquals(
        200,
        counted.keySet().stream().filter(one -> one.measure() == Stage.SENT.code()).count(),
        "each has a counter of its own");
  }

  private static int slot(Duration time) {
    return RollupStore.slot(time);
  }

  private RollupStore rollups() {
    return nodes.get(0).rollups().orElseThrow();
  }

  private Delivery accept(NotificationStore node, Submission submission) {
    assertEquals(Optional.empty(), node.accept(submission));
    accepted.add(submission.id());
    return submission.deliveries().get(0);
  }

  private Submission random(Random chance, Instant now) {
    Notification notification =
        SampleSubmissions.notification().build().forRecipient("person" + chance.nextInt(20));
    Labels labels =
        new Labels(
            "c" + chance.nextInt(2),
            chance.nextBoolean() ? Optional.of("t") : Optional.empty(),
            chance.nextInt(2),
            SEGMENTS.get(chance.nextInt(3)));
    Channel channel = CHANNELS.get(chance.nextInt(2));
    int kind = chance.nextInt(5);
    Submission plain =
        kind == 0
            ? samples.later(now, Duration.ofMinutes(chance.nextInt(200)))
            : samples.of(notification, now);
    Submission labelled =
        SampleSubmissions.with(
            plain,
            delivery ->
                on(delivery, channel, Address.of(channel, address(channel))).labelled(labels));
    return kind == 1
        ? SampleSubmissions.with(
            labelled,
            delivery -> delivery.ended(DeliveryStatus.SUPPRESSED, Reason.of(Reason.OPTED_OUT), now))
        : labelled;
  }

  private static String address(Channel channel) {
    return channel.equals(Channel.EMAIL) ? "jane@example.com" : "+4915112345678";
  }

  private static Delivery on(Delivery one, Channel channel, Address address) {
    return one.toBuilder()
        .to(one.recipientId(), address)
        .lane(new Lane(channel, Priority.NORMAL))
        .build();
  }

  private void sendAll(NotificationStore node, Instant now) {
    for (Held held : claim(node, 200, now)) {
      node.update(held.delivery().sent("smtp", "id" + ++messageIds, now), List.of());
    }
  }

  private static List<Held> claim(NotificationStore node, int most, Instant now) {
    Map<Lane, Integer> room = new HashMap<>();
    CHANNELS.forEach(channel -> room.put(new Lane(channel, Priority.NORMAL), most));
    return node.claim(room, now).held();
  }

  private void work(NotificationStore node, Random chance, Instant now) {
    for (Held held : claim(node, 3, now)) {
      Delivery mine = held.delivery();
      String provider = "p" + chance.nextInt(2);
      Reason why = Reason.of("TEST");
      if (chance.nextInt(4) == 0) {
        // It is told of before its outcome is written.
        tell(node, chance, List.of(mine), now);
      }
      Delivery next =
          switch (chance.nextInt(6)) {
            case 0 ->
                mine.attempted(provider)
                    .postponed(DeliveryStatus.PENDING, now.plusSeconds(90), why, now);
            case 1 -> mine.unconfirmed(provider, now.plusSeconds(600), why, now);
            case 2 -> mine.attempted(provider).ended(DeliveryStatus.DEAD, why, now);
            default ->
                mine.attempted(provider)
                    .costing(cost(chance))
                    .sent(provider, "id" + ++messageIds, now);
          };
      assertTrue(node.update(next, List.of()).isPresent());
      if (chance.nextInt(3) == 0 && !next.status().isOpen()) {
        assertEquals(Optional.empty(), node.update(next, List.of()), "it is written once");
      }
    }
  }

  private static Optional<Cost> cost(Random chance) {
    int kind = chance.nextInt(4);
    return kind == 0
        ? Optional.empty()
        : Optional.of(
            new Cost(
                kind == 1 ? 0 : chance.nextLong(1, 1_000_000_000_000L),
                Currency.getInstance(chance.nextBoolean() ? "EUR" : "ZWL")));
  }

  /** The times are few and in no order, so that much is told twice. */
  private void tell(NotificationStore node, Random chance, List<Delivery> known, Instant now) {
    if (known.isEmpty()) {
      return;
    }
    Delivery delivery = known.get(chance.nextInt(known.size()));
    Type[] types = {
      Type.DELIVERED,
      Type.BOUNCED,
      Type.UNDELIVERED,
      Type.OPENED,
      Type.OPENED,
      Type.READ,
      Type.CLICKED,
      Type.CONVERTED,
      Type.COMPLAINED,
      Type.UNSUBSCRIBED
    };
    Instant at = now.minus(Duration.ofMinutes(now.getEpochSecond() / 60 % 3));
    Optional<Reason> why =
        chance.nextInt(4) == 0 ? Optional.of(Reason.of(Reason.MACHINE)) : Optional.empty();
    DeliveryEvent event =
        new DeliveryEvent(
            delivery.notificationId(),
            delivery.id(),
            delivery.recipientId(),
            delivery.lane(),
            types[chance.nextInt(types.length)],
            at,
            Optional.of("teller"),
            why);
    for (int times = 0; times <= chance.nextInt(2); times++) {
      Optional<Delivery> ignored = node.record(event);
    }
  }

  private static void cancel(
      NotificationStore node, Random chance, List<Delivery> known, Instant now) {
    if (!known.isEmpty()) {
      Delivery any = known.get(chance.nextInt(known.size()));
      var ignored = node.cancel(any, DeliveryStatus.CANCELLED, Reason.of(Reason.CANCELLED), now);
    }
  }

  private void restartOrForget(Random chance) throws Exception {
    if (chance.nextInt(3) == 0) {
      var ignored = nodes.get(1).forget("person" + chance.nextInt(20));
    } else if (nodes.get(0) != nodes.get(1)) {
      nodes.remove(1).close();
      nodes.add(another(nodes.get(0)));
    }
  }

  /** What is counted together. */
  private record Count(Instant hour, Tuple tuple, int measure) {}

  private static Map<Count, Long> counted(NotificationStore store) {
    Map<Count, Long> counted = new HashMap<>();
    Instant until = NOW.plus(A_DAY);
    for (Amount one : store.rollups().orElseThrow().amounts(NOW, until, true)) {
      if (one.measure() < RollupStore.TO_SENT || one.measure() >= RollupStore.TO_DELIVERED) {
        assertTrue(one.amount() > 0);
        counted.merge(new Count(one.time(), one.tuple(), one.measure()), one.amount(), Long::sum);
      }
    }
    return counted;
  }

  private Map<Count, Long> recount() {
    Map<Count, Long> found = new HashMap<>();
    for (NotificationId id : accepted) {
      NotificationRecord record = nodes.get(0).find(id).orElseThrow();
      for (Delivery delivery : record.deliveries()) {
        Instant hour = Statistics.hourOf(delivery.createdAt());
        boolean open = delivery.status().isOpen();
        Tuple tuple =
            new Tuple(
                delivery.channel(),
                delivery.labels(),
                delivery.assignment(),
                open ? Optional.empty() : delivery.provider());
        List<Integer> measures = new ArrayList<>();
        DeliveryStatus status = delivery.status();
        measures.add(
            (open ? Stage.OPEN : status.isSent() ? Stage.SENT : Stage.valueOf(status.name()))
                .code());
        if (status.isSent() && status != DeliveryStatus.SENT) {
          measures.add(Stage.valueOf(status.name()).code());
        }
        if (status == DeliveryStatus.DELIVERED) {
          Duration taken = Duration.between(delivery.createdAt(), delivery.updatedAt());
          measures.add(RollupStore.TO_DELIVERED + slot(taken));
        }
        if (status.isSent()) {
          delivery
              .cost()
              .filter(cost -> cost.micros() > 0)
              .ifPresent(
                  cost ->
                      found.merge(
                          new Count(hour, tuple, RollupStore.cost(cost.currency())),
                          cost.micros(),
                          Long::sum));
        }
        measures.forEach(measure -> found.merge(new Count(hour, tuple, measure), 1L, Long::sum));
        record.events().stream()
            .filter(event -> event.deliveryId().equals(delivery.id()) && !event.isByMachine())
            .filter(event -> event.type().status().isEmpty())
            .map(event -> event.type() == Type.READ ? "OPENED" : event.type().name())
            .distinct()
            .forEach(
                stage ->
                    found.merge(
                        new Count(
                            hour,
                            new Tuple(
                                delivery.channel(),
                                delivery.labels(),
                                delivery.assignment(),
                                Optional.of("teller")),
                            Stage.valueOf(stage).code()),
                        1L,
                        Long::sum));
      }
    }
    return found;
  }
}
