package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Device;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Recipient;
import dev.notify.model.RecipientEntry;
import dev.notify.model.Segment;
import dev.notify.spi.Audience;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.RecipientStore;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RecipientStore} must do, as tests. A contributor extends this class once for
 * each kind of store and each database.
 *
 * @since 0.1
 */
public abstract class RecipientStoreContract {

  private static final Instant NOW = SampleMessages.CREATED_AT;
  private static final Address PHONE = Address.fcm("token-of-a-phone");

  private NotificationStore store;
  private RecipientStore people;
  private boolean opened;

  /** An empty store, in which segments may ask for every attribute. */
  protected abstract NotificationStore create() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = create();
    people = store.recipients().orElseThrow();
    opened = true;
  }

  @AfterEach
  void close() {
    if (opened) {
      store.close();
    }
  }

  private static Recipient jane() {
    return Recipient.builder("jane")
        .address(Address.email("jane@example.com").named("Jane \u00c4rm"))
        .sms("+14155550100")
        .locale(Locale.forLanguageTag("de-AT"))
        .zone(ZoneId.of("Europe/Vienna"))
        .attribute("plan", "pro")
        .attribute("visits", 3)
        .attribute("balance", new BigDecimal("12.50"))
        .attribute("beta", true)
        .attribute("joined", NOW)
        .attribute("born", LocalDate.of(1990, 2, 28))
        .attribute("cities", List.of("Wien", "Graz"))
        .build();
  }

  private static Device seen(Address token, Instant at) {
    return Device.of(token, at);
  }

  private List<String> who(Segment segment) {
    Audience.Page page = people.audience("some", segment).page("", 1_000);
    assertTrue(page.last());
    return page.members().stream().map(Audience.Member::id).toList();
  }

  @Test
  public void aPersonIsKeptWithEverythingThatIsSaidOfThem() {
    people.save(jane());

    assertEquals(Optional.of(jane()), people.find("jane"));
    assertEquals(
        Optional.of(new RecipientEntry(jane(), List.of(), Map.of())), people.entry("jane"));
    assertEquals(Optional.empty(), people.find("john"));
  }

  @Test
  public void whoIsExpectedIsFoundAsTheyAre() {
    people.save(jane());

    people.expect(List.of("john", "jane", "john"));

    assertEquals(Optional.of(jane()), people.find("jane"));
    assertEquals(Optional.empty(), people.find("john"));
    people.save(Recipient.builder("john").build());
    assertTrue(people.find("john").isPresent());
  }

  @Test
  public void idsCompareExactly() {
    people.save(Recipient.builder("jane").attribute("n", 1).build());
    people.save(Recipient.builder("Jane").attribute("n", 2).build());
    people.save(Recipient.builder("jane ").attribute("n", 3).build());

    assertEquals(1, people.find("jane").orElseThrow().attributes().get("n"));
    assertEquals(2, people.find("Jane").orElseThrow().attributes().get("n"));
    assertEquals(3, people.find("jane ").orElseThrow().attributes().get("n"));
  }

  @Test
  public void savingReplacesWhatWasSaidAndLeavesDevicesAndTopics() {
    people.save(jane());
    people.register("jane", seen(PHONE, NOW).app("android 14"));
    people.follow("jane", "news", NOW);

    people.save(Recipient.builder("jane").email("new@example.com").build());

    Recipient now = people.find("jane").orElseThrow();
    assertEquals(
        List.of(Address.email("new@example.com"), PHONE.registeredAt(NOW)), now.addresses());
    assertEquals(Map.of(), now.attributes());
    assertEquals(List.of(), who(Segment.attribute("plan").is("pro")));
    assertEquals(List.of("jane"), who(Segment.follows("news")));
    assertEquals(
        List.of(seen(PHONE, NOW).app("android 14")), people.entry("jane").orElseThrow().devices());
  }

  @Test
  public void manyChangesAtTheSameTimeAllCount() {
    IntStream.range(0, 40)
        .parallel()
        .forEach(
            i ->
                people.update(
                    "jane",
                    entry ->
                        entry.with(entry.recipient().toBuilder().attribute("a" + i, i).build())));

    assertEquals(40, people.find("jane").orElseThrow().attributes().size());
  }

  @Test
  public void aChangeThatThrowsChangesNothing() {
    people.save(jane());

    assertThrows(
        InvalidNotificationException.class,
        () -> people.update("jane", entry -> RecipientEntry.of("john")));
    assertThrows(
        InvalidNotificationException.class,
        () -> people.save(Recipient.builder("jane").fcm("token").build()));
    assertThrows(
        IllegalStateException.class,
        () ->
            people.update(
                "jane",
                entry -> {
                  throw new IllegalStateException("the application's fault");
                }));

    assertEquals(Optional.of(jane()), people.find("jane"));
    assertEquals(Optional.empty(), people.find("john"));
  }

  @Test
  public void aDeviceThatIsSeenAgainIsOneDevice() {
    Instant later = NOW.plus(Duration.ofDays(3));
    people.register("jane", seen(PHONE, NOW).app("1.0"));

    List<Device> devices = people.register("jane", seen(PHONE, later).app("2.0"));

    assertEquals(List.of(new Device(PHONE, Optional.of("2.0"), NOW, later)), devices);
    assertEquals(
        Optional.of(later), people.find("jane").orElseThrow().addresses().get(0).registeredAt());
  }

  @Test
  public void aRegistrationThatComesLateDoesNotTurnTimeBack() {
    Instant later = NOW.plus(Duration.ofDays(3));
    people.register("jane", seen(PHONE, later).app("2.0"));

    List<Device> devices = people.register("jane", seen(PHONE, NOW).app("1.0"));

    assertEquals(List.of(new Device(PHONE, Optional.of("2.0"), NOW, later)), devices);
  }

  @Test
  public void aDeviceMovesToWhoeverShowedItLast() {
    people.register("jane", seen(PHONE, NOW));
    people.register("john", seen(PHONE, NOW.plusSeconds(60)));

    assertEquals(List.of(), people.entry("jane").orElseThrow().devices());
    assertEquals(List.of("john"), who(Segment.reachableBy(Channel.PUSH)));
    assertEquals(Optional.of("john"), people.ownerOf(PHONE));

    // What Jane's phone told a minute ago comes only now.
    assertEquals(List.of(), people.register("jane", seen(PHONE, NOW.plusSeconds(30))));
    assertEquals(Optional.of("john"), people.ownerOf(PHONE));

    people.register("jane", seen(PHONE, NOW.plusSeconds(90)));
    assertEquals(Optional.of("jane"), people.ownerOf(PHONE));
    assertEquals(List.of(), people.entry("john").orElseThrow().devices());
  }

  @Test
  public void manyPeopleWhoShowOneDeviceAtOnceLeaveItWithOne() {
    IntStream.range(0, 16)
        .parallel()
        .forEach(i -> people.register("p" + i, seen(PHONE, NOW.plusSeconds(i))));

    assertEquals(Optional.of("p15"), people.ownerOf(PHONE));
    assertEquals(List.of("p15"), who(Segment.reachableBy(Channel.PUSH)));
  }

  @Test
  public void aDeviceThatSignsOutIsNobodys() {
    people.register("jane", seen(PHONE, NOW));

    assertTrue(people.unregister(PHONE));
    assertFalse(people.unregister(PHONE));
    assertEquals(Optional.empty(), people.ownerOf(PHONE));
    assertEquals(Optional.of(Recipient.builder("jane").build()), people.find("jane"));
  }

  @Test
  public void ofTooManyDevicesThoseSeenLastStay() {
    for (int i = 0; i < RecipientEntry.MOST_DEVICES + 2; i++) {
      people.register("jane", seen(Address.fcm("token" + i), NOW.plusSeconds(i)));
    }

    assertEquals(RecipientEntry.MOST_DEVICES, people.entry("jane").orElseThrow().devices().size());
    assertEquals(Optional.empty(), people.ownerOf(Address.fcm("token0")));
    assertEquals(Optional.empty(), people.ownerOf(Address.fcm("token1")));
    assertEquals(Optional.of("jane"), people.ownerOf(Address.fcm("token2")));
  }

  @Test
  public void devicesThatWereNotSeenForLongArePrunedAndPeopleStay() {
    Address old = Address.apns("0123456789abcdef");
    people.register("jane", seen(PHONE, NOW));
    people.register("jane", seen(old, NOW.minus(RecipientStore.STALE).minusSeconds(1)));
    people.register("john", seen(Address.fcm("tablet"), NOW.minus(Duration.ofDays(400))));

    assertEquals(2, people.pruneDevices(NOW.minus(RecipientStore.STALE)));

    assertEquals(Optional.empty(), people.ownerOf(old));
    assertEquals(Optional.of("jane"), people.ownerOf(PHONE));
    assertTrue(people.find("john").isPresent());
    assertEquals(List.of("jane"), who(Segment.reachableBy(Channel.PUSH)));
    assertEquals(0, people.pruneDevices(NOW.minus(RecipientStore.STALE)));
  }

  @Test
  public void whoIsDeletedLeavesNothing() {
    people.save(jane());
    people.register("jane", seen(PHONE, NOW));
    people.follow("jane", "news", NOW);

    assertTrue(people.delete("jane"));

    assertFalse(people.delete("jane"));
    assertEquals(Optional.empty(), people.entry("jane"));
    assertEquals(Optional.empty(), people.ownerOf(PHONE));
    assertEquals(List.of(), who(Segment.everyone()));
    assertEquals(List.of(), who(Segment.follows("news")));
  }

  @Test
  public void whoIsForgottenLeavesNothing() {
    people.save(jane());
    people.register("jane", seen(PHONE, NOW));

    assertTrue(store.forget("jane").recipient());

    assertFalse(store.forget("jane").recipient());
    assertEquals(Optional.empty(), people.entry("jane"));
    assertEquals(Optional.empty(), people.ownerOf(PHONE));
    people.save(jane());
    assertEquals(Optional.of(jane()), people.find("jane"));
  }

  @Test
  public void topicsAreFollowedSinceTheFirstTime() {
    people.follow("jane", "news", NOW);
    people.follow("jane", "news", NOW.plusSeconds(9));
    people.follow("jane", "team/42", NOW);
    people.follow("john", "team/42", NOW);

    assertEquals(Map.of("news", NOW, "team/42", NOW), people.entry("jane").orElseThrow().topics());
    assertEquals(List.of("jane", "john"), who(Segment.follows("news", "team/42")));
    people.unfollow("jane", "team/42");
    people.unfollow("nobody", "team/42");
    assertEquals(List.of("john"), who(Segment.follows("team/42")));
    assertEquals(Optional.empty(), people.entry("nobody"));
  }

  @Test
  public void everyFactCanBeAskedFor() {
    people.save(jane());
    people.save(Recipient.builder("john").build());
    people.register("jane", seen(PHONE, NOW));

    for (String text :
        List.of(
            "plan = 'pro'",
            "plan starts with 'pr'",
            "plan in ('free', 'pro')",
            "visits = 3.0",
            "visits > 2.999999999",
            "balance <= 12.5",
            "beta = true",
            "joined >= time '" + NOW + "'",
            "joined < time '" + NOW.plusSeconds(1) + "'",
            "has plan",
            "locale = 'de-AT'",
            "language = 'de'",
            "zone starts with 'Europe/'",
            "reachable by 'email' and reachable by 'sms' and reachable by 'push'")) {
      assertEquals(List.of("jane"), who(Segment.parse(text)), text);
      assertEquals(List.of("john"), who(Segment.parse("not (" + text + ")")), text);
    }
    for (String text :
        List.of(
            "plan = 'Pro'",
            "plan = 'pro '",
            "plan = 3",
            "visits = '3'",
            "visits > 3",
            "has born",
            "has cities",
            "reachable by 'pager'",
            "nobody")) {
      assertEquals(List.of(), who(Segment.parse(text)), text);
    }
  }

  @Test
  public void anAudienceIsReadInPagesWithoutLosingOrRepeatingAnybody() {
    for (int i = 0; i < 25; i++) {
      people.save(Recipient.builder("p" + i).attribute("even", i % 2 == 0).build());
    }
    Audience even = people.audience("even", Segment.attribute("even").is(true));
    List<String> found = new ArrayList<>();
    String cursor = "";
    Audience.Page page;
    do {
      page = even.page(cursor, 4);
      assertTrue(page.members().size() <= 4);
      page.members().forEach(member -> found.add(member.id()));
      cursor = page.next();
    } while (!page.last());

    assertEquals("even", even.name());
    assertEquals(
        IntStream.range(0, 25).filter(i -> i % 2 == 0).mapToObj(i -> "p" + i).toList(), found);
    assertEquals(List.of(), even.page(cursor, 4).members());
  }

  @Test
  public void whatLooksLikeSqlIsOnlyText() {
    String evil = "'; DROP TABLE notify_recipient; -- \\' \" ? :x {d '1'} %_";
    people.save(Recipient.builder(evil).attribute("note", evil).build());
    people.save(Recipient.builder("john").attribute("note", "x").build());

    assertEquals(List.of(evil), who(Segment.attribute("note").is(evil)));
    assertEquals(List.of(evil), who(Segment.attribute("note").startsWith("';")));
    assertEquals(List.of(), who(Segment.attribute("note").startsWith("%")));
    assertEquals(List.of(evil, "john"), who(Segment.attribute("note").is(evil).or(has("note"))));
    assertTrue(people.delete(evil));
  }

  private static Segment has(String name) {
    return Segment.attribute(name).isKnown();
  }
}
