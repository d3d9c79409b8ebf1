package dev.notify.benchmarks;

/**
 * How much of a kind of work a contestant does in a second.
 *
 * @param shape the work, such as {@code send}
 * @param contestant who does it
 * @param rounds what it did in each round
 */
public record Rate(String shape, String contestant, Series rounds) {

  /** One line for machines. */
  String json() {
    double median = rounds.median();
    return "{\"rate\":\"%s\",\"contestant\":\"%s\",\"value\":%s,\"unit\":\"1/s\"%s}"
        .formatted(
            shape,
            contestant,
            Double.isNaN(median) ? "null" : Figure.number(median),
            Figure.jsonSpread(rounds.lowest(), rounds.highest()));
  }
}
