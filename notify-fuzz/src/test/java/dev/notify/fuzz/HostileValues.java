package dev.notify.fuzz;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values that an application could hand over as data. */
final class HostileValues {

  private HostileValues() {}

  static Object of(Chance chance) {
    return of(chance, 4);
  }

  private static Object of(Chance chance, int depth) {
    return switch (chance.below(depth > 0 ? 16 : 12)) {
      case 0 -> chance.of(true, false);
      case 1 -> chance.of(0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case 2 -> chance.of(Long.MIN_VALUE, Long.MAX_VALUE, 1L << 53);
      case 3 ->
          chance.of(
              Double.NaN, Double.POSITIVE_INFINITY, Double.MIN_VALUE, Double.MAX_VALUE, -0.0, 0.1);
      case 4 -> decimal(chance);
      case 5 ->
          chance.of(
              Instant.MAX,
              Instant.MIN,
              Instant.EPOCH,
              LocalDate.MAX,
              LocalDate.MIN,
              LocalDateTime.MAX,
              OffsetTime.MIN,
              ZonedDateTime.parse("2026-03-29T01:59:59+01:00[Europe/Berlin]"));
      case 6 -> Optional.ofNullable(chance.oneIn(2) ? "x" : null);
      case 7 -> chance.of('\ud800', 'x', Currency.getInstance("JPY"), new StringBuilder("x"));
      case 8 -> new int[] {1, 2};
      case 12 -> list(chance, depth);
      case 13, 14 -> map(chance, depth);
      case 15 -> deep(chance);
      default -> Hostile.text(chance);
    };
  }

  private static Number decimal(Chance chance) {
    return chance.of(
        new BigDecimal("1E+400000"),
        new BigDecimal("1E-2147483647"),
        new BigDecimal("1E+2147483647"),
        new BigDecimal("0E+2147483647"),
        new BigInteger("9".repeat(400)),
        new BigDecimal("12.345"));
  }

  private static List<Object> list(Chance chance, int depth) {
    List<Object> list = new ArrayList<>();
    for (int i = chance.below(6); i > 0; i--) {
      list.add(of(chance, depth - 1));
    }
    return list;
  }

  private static Map<String, Object> map(Chance chance, int depth) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = chance.below(6); i > 0; i--) {
      map.put(
          chance.oneIn(2) ? chance.of("a", "b", "c") : Hostile.text(chance), of(chance, depth - 1));
    }
    return map;
  }

  private static Object deep(Chance chance) {
    Object value = "end";
    for (int i = Hostile.times(chance); i > 0; i--) {
      value = chance.oneIn(2) ? List.of(value) : Map.of("a", value);
    }
    return value;
  }
}
