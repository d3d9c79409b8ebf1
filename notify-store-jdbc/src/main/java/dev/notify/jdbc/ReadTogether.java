package dev.notify.jdbc;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * Reads at a stroke what several threads ask for at the same moment: who comes first reads for
 * himself, and who comes meanwhile is read for with the others. Many who send to as many people pay
 * a share of a query each. Thread-safe.
 *
 * @param <K> what is asked for
 * @param <V> what is known of it
 */
final class ReadTogether<K, V> {

  private static final int MOST = 200;

  private final Function<K, V> one;
  private final Function<Set<K>, Map<K, V>> several;
  private final Combiner<K, V> combiner;

  /**
   * A reader.
   *
   * @param one reads a single one
   * @param several answers with something for each
   */
  ReadTogether(Function<K, V> one, Function<Set<K>, Map<K, V>> several) {
    this.one = one;
    this.several = several;
    combiner = new Combiner<>(MOST, this::read, Transactions::isAbsence);
  }

  /** What is known, as of now or a little later. Not to be asked within a transaction. */
  V read(K key) {
    return combiner.submit(key);
  }

  private List<V> read(List<K> keys) {
    if (keys.size() == 1) {
      return List.of(one.apply(keys.get(0)));
    }
    Map<K, V> found = several.apply(new LinkedHashSet<>(keys));
    List<V> values = new ArrayList<>(keys.size());
    for (K key : keys) {
      values.add(Objects.requireNonNull(found.get(key)));
    }
    return values;
  }
}
