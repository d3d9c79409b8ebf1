package dev.notify.examples.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.model.InvalidNotificationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * An object of a request, of which each field is asked for by its name and kind. A field that
 * nobody asked for is refused, since a misspelt one would be a wish silently lost; {@code null} is
 * as good as left out. Every fault names the field.
 */
final class Json {

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(64).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final TypeReference<LinkedHashMap<String, Object>> FIELDS =
      new TypeReference<>() {};

  private final JsonNode node;
  private final String place;
  private final Set<String> asked = new HashSet<>();

  private Json(JsonNode node, String place) {
    this.node = node;
    this.place = place;
  }

  /** Reads a body, which must be an object. */
  static <T> T read(byte[] body, Function<Json, T> form) {
    try {
      JsonNode root = MAPPER.readTree(body);
      if (root == null || !root.isObject()) {
        throw Problem.malformed("the body must be a JSON object");
      }
      return new Json(root, "").whole(form);
    } catch (JsonProcessingException e) {
      throw Problem.malformed(
          "the body is not JSON, nests too deep, or names a field twice" + place(e.getLocation()));
    } catch (IOException e) {
      throw Problem.malformed("the body is not JSON in UTF-8");
    }
  }

  private static String place(@Nullable JsonLocation place) {
    return place == null
        ? ""
        : " (line %d, column %d)".formatted(place.getLineNr(), place.getColumnNr());
  }

  /** The fields of an object that somebody else has written. */
  static Map<String, Object> fields(String object) {
    try {
      return MAPPER.readValue(object, FIELDS);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] write(Object value) {
    try {
      return MAPPER.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private <T> T whole(Function<Json, T> form) {
    T made = read(form);
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!asked.contains(name)) {
                throw Problem.field(place + shown(name), "there is no such field here");
              }
            });
    return made;
  }

  /** What others object to has no place yet. */
  private <T> T read(Function<Json, T> form) {
    try {
      return form.apply(this);
    } catch (Problem problem) {
      throw problem.within(place);
    } catch (InvalidNotificationException e) {
      throw Faults.invalid(e).within(place);
    }
  }

  private static String shown(String name) {
    return name.length() <= 64 ? name : name.substring(0, 64) + "...";
  }

  private Optional<JsonNode> value(String field) {
    asked.add(field);
    return Optional.ofNullable(node.get(field)).filter(found -> !found.isNull());
  }

  private Problem wrong(String field, String must) {
    return Problem.field(place + field, "must be " + must);
  }

  boolean has(String field) {
    return value(field).isPresent();
  }

  Problem missing(String field) {
    return Problem.field(place + field, "is missing");
  }

  Optional<String> text(String field) {
    return value(field, JsonNode::isTextual, "a text").map(JsonNode::textValue);
  }

  String requiredText(String field) {
    return text(field).orElseThrow(() -> missing(field));
  }

  Optional<Boolean> flag(String field) {
    return value(field, JsonNode::isBoolean, "true or false").map(JsonNode::booleanValue);
  }

  Optional<Double> number(String field) {
    return value(
            field, found -> found.isNumber() && Double.isFinite(found.doubleValue()), "a number")
        .map(JsonNode::doubleValue);
  }

  Optional<Long> wholeNumber(String field) {
    return value(
            field, found -> found.isIntegralNumber() && found.canConvertToLong(), "a whole number")
        .map(JsonNode::longValue);
  }

  /** A value of one form; what has another is refused, by what it must be. */
  private Optional<JsonNode> value(String field, Predicate<JsonNode> form, String must) {
    Optional<JsonNode> found = value(field);
    if (found.isPresent() && !form.test(found.get())) {
      throw wrong(field, must);
    }
    return found;
  }

  <E extends Enum<E>> Optional<E> oneOf(String field, Class<E> type) {
    return text(field).map(name -> constant(place + field, name, type));
  }

  /** The constant that a text names, in any case. */
  static <E extends Enum<E>> E constant(String field, String name, Class<E> type) {
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(one -> one.name().toLowerCase(Locale.ROOT))
            .toList();
    int place = names.indexOf(name.toLowerCase(Locale.ROOT));
    if (place < 0) {
      throw Problem.field(field, "must be one of " + names);
    }
    return type.getEnumConstants()[place];
  }

  Optional<Instant> moment(String field) {
    return parsed(field, Instant::parse, "a moment such as 2026-12-24T18:00:00Z");
  }

  Optional<Duration> duration(String field) {
    return parsed(field, Duration::parse, "a duration such as PT15M");
  }

  /** A text as something that the JDK can read. */
  <T> Optional<T> parsed(String field, Function<String, T> parser, String must) {
    return text(field)
        .map(
            text -> {
              try {
                return parser.apply(text);
              } catch (DateTimeException | IllegalArgumentException e) {
                throw wrong(field, must);
              }
            });
  }

  List<String> texts(String field, int most) {
    List<String> texts = new ArrayList<>();
    for (JsonNode item : items(field, most)) {
      if (!item.isTextual()) {
        throw wrong(field, "a list of texts");
      }
      texts.add(item.textValue());
    }
    return texts;
  }

  /** Each object of a list, read by a form. */
  <T> List<T> objects(String field, int most, Function<Json, T> form) {
    List<T> made = new ArrayList<>();
    for (JsonNode item : items(field, most)) {
      if (!item.isObject()) {
        throw wrong(field, "a list of objects");
      }
      made.add(new Json(item, place + field + "[" + made.size() + "].").whole(form));
    }
    return made;
  }

  private Iterable<JsonNode> items(String field, int most) {
    Optional<JsonNode> found = value(field);
    if (found.isEmpty()) {
      return List.of();
    }
    if (!found.get().isArray()) {
      throw wrong(field, "a list");
    }
    if (found.get().size() > most) {
      throw Problem.field(place + field, "has more than " + most);
    }
    return found.get();
  }

  /** An object whose fields the caller names, of any kind. */
  Map<String, Object> map(String field) {
    Map<String, Object> map = new LinkedHashMap<>();
    node(field)
        .ifPresent(
            object ->
                object
                    .properties()
                    .forEach(
                        entry -> {
                          Object plain = plain(place + field, entry.getKey(), entry.getValue());
                          map.put(entry.getKey(), plain);
                        }));
    return map;
  }

  private static Object plain(String field, String name, JsonNode value) {
    if (value.isNull()) {
      throw Problem.field(field + "." + shown(name), "must not be null");
    }
    requireFinite(field + "." + shown(name), value);
    return MAPPER.convertValue(value, Object.class);
  }

  /** {@code 1e999} is a number in JSON and none that anybody can reckon with. */
  private static void requireFinite(String field, JsonNode value) {
    if (value.isNumber() && !Double.isFinite(value.doubleValue())) {
      throw Problem.field(field, "is beyond what a number can be here");
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      requireFinite(field + "[" + i + "]", value.get(i));
    }
    if (value.isObject()) {
      value
          .properties()
          .forEach(inner -> requireFinite(field + "." + shown(inner.getKey()), inner.getValue()));
    }
  }

  /** An object whose fields the caller names, all texts. */
  Map<String, String> textMap(String field) {
    Map<String, String> map = new LinkedHashMap<>();
    node(field)
        .ifPresent(
            object ->
                object
                    .properties()
                    .forEach(
                        entry -> {
                          if (!entry.getValue().isTextual()) {
                            throw wrong(field + "." + shown(entry.getKey()), "a text");
                          }
                          map.put(entry.getKey(), entry.getValue().textValue());
                        }));
    return map;
  }

  /** The names of the fields of an object, to read each of them by {@link #inside}. */
  List<String> names(String field) {
    List<String> names = new ArrayList<>();
    node(field).ifPresent(object -> object.fieldNames().forEachRemaining(names::add));
    return names;
  }

  /** An object within this one. */
  <T> Optional<T> inside(String field, Function<Json, T> form) {
    return node(field).map(object -> new Json(object, place + field + ".").whole(form));
  }

  private Optional<JsonNode> node(String field) {
    Optional<JsonNode> found = value(field);
    if (found.isPresent() && !found.get().isObject()) {
      throw wrong(field, "an object");
    }
    return found;
  }
}
