package dev.notify.examples;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeSet;

/**
 * What is wrong with a JSON file, in its reader's words: {@code people.json:8:15: people[0].zone:
 * ...}. Jackson speaks of Java's types, and loses the place of a field that should not be there.
 */
final class JsonFault {

  private static final Map<Class<?>, String> KINDS =
      Map.of(boolean.class, "true or false", long.class, "a whole number", String.class, "a text");

  private JsonFault() {}

  static InputException of(Path file, JacksonException e) {
    if (!(e instanceof JsonMappingException wrong) || e.getCause() instanceof StreamReadException) {
      return fault(file, e.getLocation(), "is not JSON: " + e.getOriginalMessage());
    }
    if (wrong instanceof UnrecognizedPropertyException unknown) {
      TreeSet<Object> known = new TreeSet<>(unknown.getKnownPropertyIds());
      return at(file, pointer(wrong), "is no field; there are " + known);
    }
    if (wrong.getOriginalMessage().startsWith("Missing ")) {
      return at(file, pointer(wrong), "is missing");
    }
    return fault(file, wrong.getLocation(), field(pointer(wrong)) + problem(wrong));
  }

  /** A fault of this field, at its place, or where there is none, that of what it belongs to. */
  static InputException at(Path file, JsonPointer field, String problem) {
    return fault(file, placeOf(field, file), field(field) + problem);
  }

  private static InputException fault(Path file, JsonLocation place, String problem) {
    return new InputException(
        "%s:%d:%d: %s".formatted(file, place.getLineNr(), place.getColumnNr(), problem));
  }

  private static String problem(JsonMappingException e) {
    if (e instanceof InvalidNullException) {
      return "must not be null";
    }
    return e instanceof MismatchedInputException other
            && e.getOriginalMessage().startsWith("Cannot")
        ? "must be " + kindOf(other.getTargetType())
        : e.getOriginalMessage();
  }

  private static String kindOf(Class<?> type) {
    return Collection.class.isAssignableFrom(type)
        ? "a list, in [ ]"
        : KINDS.getOrDefault(type, "an object, in { }");
  }

  private static JsonPointer pointer(JsonMappingException e) {
    JsonPointer pointer = JsonPointer.empty();
    for (Reference step : e.getPath()) {
      pointer =
          step.getFieldName() == null
              ? pointer.appendIndex(step.getIndex())
              : pointer.appendProperty(step.getFieldName());
    }
    return pointer;
  }

  /** As people write it: {@code people[2].zone: }. Nothing for the file as a whole. */
  private static String field(JsonPointer pointer) {
    String dotted = pointer.toString().replaceAll("/(\\d+)", "[$1]").replace('/', '.');
    return dotted.isEmpty() ? "" : dotted.substring(1) + ": ";
  }

  private static JsonLocation placeOf(JsonPointer field, Path file) {
    JsonLocation nearest = JsonLocation.NA;
    try (JsonParser in = new JsonMapper().createParser(file.toFile())) {
      JsonPointer owner = field.head();
      while (in.nextToken() != null) {
        JsonPointer here = in.getParsingContext().pathAsPointer();
        if (here.equals(field)) {
          return in.currentTokenLocation();
        }
        if (here.equals(owner) && nearest == JsonLocation.NA) {
          nearest = in.currentTokenLocation();
        }
      }
      return nearest;
    } catch (IOException e) {
      throw new UncheckedIOException("was readable a moment ago: " + file, e);
    }
  }
}
