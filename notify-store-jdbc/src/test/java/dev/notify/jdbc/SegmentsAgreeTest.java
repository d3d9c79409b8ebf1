package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.memory.MemoryStore;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Device;
import dev.notify.model.Recipient;
import dev.notify.model.Segment;
import dev.notify.spi.Audience;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.RecipientStore;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A segment names the same people in memory and in every database, whatever is known of them. */
class SegmentsAgreeTest {

  private static final int PEOPLE = 150;
  private static final int SEGMENTS = 400;
  private static final int PAGE = 100;
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456789Z");
  private static final List<String> NAMES =
      List.of("a", "A", "plan", "b.c", "x-y", "in", "locale", "language", "zone");

  private static final List<Object> VALUES =
      List.of(
          "",
          "a",
          "a ",
          "A",
          "ab",
          "\u00e4",
          "a\u0308",
          "stra\u00dfe",
          "STRASSE",
          "\uffff",
          "\ud83d\ude00",
          "%",
          "_",
          "a%",
          "'; DROP TABLE notify_fact; --",
          "\\",
          "\"",
          "0",
          "true",
          "de",
          "de-AT",
          "Europe/Vienna",
          "x".repeat(255),
          "x".repeat(256),
          "\u4e2d".repeat(255),
          0,
          -1,
          1,
          1.5,
          -1.5,
          1e-9,
          1e-10,
          -1e-9,
          1e17,
          1e18,
          -1e17,
          Double.NaN,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          new BigDecimal("999999999999999999.999999999"),
          new BigDecimal("-999999999999999999.999999999"),
          new BigDecimal("0.1234567895"),
          BigInteger.TEN.pow(40),
          255,
          256,
          65_536,
          -256,
          true,
          false,
          NOW,
          NOW.plusNanos(211),
          NOW.minusSeconds(1),
          NOW.atOffset(ZoneOffset.ofHours(5)),
          Instant.EPOCH,
          Instant.EPOCH.minusNanos(1),
          Instant.MIN,
          Instant.MAX,
          Instant.parse("-0100-01-01T00:00:00Z"),
          List.of("a"));

  @ParameterizedTest
  @EnumSource
  void asMemoryDoes(Databases database) throws Exception {
    DataSource source = database.pooled();
    RandomGenerator random = new SplittableRandom(42);
    try (NotificationStore memory = MemoryStore.create();
        NotificationStore tables = JdbcStore.of(source)) {
      RecipientStore here = memory.recipients().orElseThrow();
      RecipientStore there = tables.recipients().orElseThrow();
      for (int i = 0; i < PEOPLE; i++) {
        settle(random, "person-" + i, here, there);
      }
      for (int i = 0; i < SEGMENTS; i++) {
        Segment segment = segment(random, 3);

        assertThat(all(there, segment)).as("%s", segment).isEqualTo(all(here, segment));
      }
    }
  }

  private static void settle(RandomGenerator random, String id, RecipientStore... stores) {
    Recipient.Builder person = Recipient.builder(id);
    for (int i = random.nextInt(6); i > 0; i--) {
      person.attribute(one(random, NAMES), one(random, VALUES));
    }
    if (random.nextBoolean()) {
      person.locale(Locale.forLanguageTag(one(random, List.of("de-AT", "de", "en-GB"))));
    }
    if (random.nextBoolean()) {
      person.zone(ZoneId.of(one(random, List.of("Europe/Vienna", "UTC", "+02:00"))));
    }
    if (random.nextBoolean()) {
      person.email(id + "@example.com");
    }
    Recipient built = person.build();
    boolean hasDevice = random.nextInt(3) == 0;
    boolean follows = random.nextInt(3) == 0;
    for (RecipientStore store : stores) {
      store.save(built);
      if (hasDevice) {
        store.register(id, Device.of(Address.fcm("token-of-" + id), NOW));
      }
      if (follows) {
        store.follow(id, "news", NOW);
      }
    }
  }

  private static List<String> all(RecipientStore store, Segment segment) {
    Audience audience = store.audience("some", segment);
    List<String> ids = new ArrayList<>();
    String cursor = "";
    Audience.Page page;
    do {
      page = audience.page(cursor, PAGE);
      page.members().forEach(member -> ids.add(member.id()));
      cursor = page.next();
    } while (!page.last());
    return ids;
  }

  private static <T> T one(RandomGenerator random, List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static Segment segment(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth == 0 ? 4 : 7)) {
      case 0 -> Segment.attribute(one(random, NAMES)).isKnown();
      case 1 -> Segment.follows(one(random, List.of("news", "nothing")));
      case 2 -> Segment.reachableBy(one(random, List.of(Channel.PUSH, Channel.EMAIL)));
      case 4 -> segment(random, depth - 1).not();
      case 5 -> segment(random, depth - 1).and(segment(random, depth - 1));
      case 6 -> segment(random, depth - 1).or(segment(random, depth - 1));
      default -> test(random);
    };
  }

  /** A comparison with any value that can be compared so. */
  private static Segment test(RandomGenerator random) {
    while (true) {
      Object value = one(random, VALUES);
      Segment.Operator operator = one(random, List.of(Segment.Operator.values()));
      boolean canBe =
          Segment.value(value).isPresent()
              && switch (operator) {
                case EQUAL -> true;
                case STARTS_WITH -> value instanceof String;
                default -> !(value instanceof String) && !(value instanceof Boolean);
              };
      if (canBe) {
        return new Segment.Test(one(random, NAMES), operator, value);
      }
    }
  }
}
