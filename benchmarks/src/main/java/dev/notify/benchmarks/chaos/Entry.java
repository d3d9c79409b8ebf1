package dev.notify.benchmarks.chaos;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A line of a journal.
 *
 * @param at microseconds since the run began, by the stopwatch that all processes of a machine
 *     share: no clock that is set can change it
 * @param what what happened
 * @param fields and to what
 */
record Entry(long at, What what, Map<String, String> fields) {

  /**
   * An entry with these fields.
   *
   * @param pairs names and values in turn
   */
  static Entry of(long at, What what, Object... pairs) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(pairs[i].toString(), pairs[i + 1].toString());
    }
    return new Entry(at, what, fields);
  }

  static Entry parse(String line) {
    String[] words = line.split(" ", -1);
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 2; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      fields.put(words[i].substring(0, equals), words[i].substring(equals + 1));
    }
    return new Entry(Long.parseLong(words[0]), What.valueOf(words[1]), fields);
  }

  Optional<String> find(String field) {
    return Optional.ofNullable(fields.get(field));
  }

  String get(String field) {
    return find(field).orElseThrow(() -> new IllegalArgumentException(field + " in " + this));
  }

  Optional<Long> findTime(String field) {
    return find(field).map(Long::valueOf);
  }

  /** The line, without its end. */
  String line() {
    StringBuilder line = new StringBuilder().append(at).append(' ').append(what);
    fields.forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
    return line.toString();
  }
}
