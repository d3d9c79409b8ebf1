package dev.notify.model;

import java.time.Instant;
import java.time.temporal.TemporalAccessor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One version of a template that is kept in a store. What it says never changes: who edits saves
 * the next version.
 *
 * @param draft what it says
 * @param version 1, 2, 3 and so on for each name
 * @param status what it is used for
 * @param savedBy who saved it
 * @param savedAt when
 * @since 0.1
 */
public record StoredTemplate(
    Draft draft, int version, Status status, String savedBy, Instant savedAt) {

  /** The name under which a store keeps all partials and layouts. */
  public static final String PARTIALS = "partials";

  /** What a version is used for. At most one of a name is active. */
  public enum Status {
    /** Saved and never used. */
    DRAFT,
    /** The one that is sent. */
    ACTIVE,
    /** Was used, or will not be; may be activated again. */
    ARCHIVED
  }

  /** Of what kind a variable is. */
  public enum Type {
    /** Text. */
    TEXT,
    /** A number, or a text that reads as one. */
    NUMBER,
    /** True or false. */
    BOOLEAN,
    /** A {@code java.time} value, or a text that reads as one in ISO form. */
    TIME,
    /** Several values. */
    LIST,
    /** Values by name. */
    MAP;

    /** Whether a value is of this kind. */
    public boolean accepts(Object value) {
      return switch (this) {
        case TEXT -> value instanceof String;
        case NUMBER -> value instanceof Number || value instanceof String;
        case BOOLEAN -> value instanceof Boolean;
        case TIME -> value instanceof TemporalAccessor || value instanceof String;
        case LIST -> value instanceof Collection;
        case MAP -> value instanceof Map;
      };
    }
  }

  /**
   * A variable that a template declares.
   *
   * @param name its name, without dots
   * @param type of what kind it is
   * @param required whether the template cannot do without it
   */
  public record Variable(String name, Type type, boolean required) {

    /** Checks the name. */
    public Variable {
      Text.requireToken("variables", name, 128);
    }
  }

  /**
   * What a version of a template says.
   *
   * @param name the template's name, or {@value StoredTemplate#PARTIALS}
   * @param texts by what follows the name in a file tree: {@code email.subject}, {@code
   *     de/email.subject}; of partials {@code layout}, {@code de/layout}
   * @param variables those it uses
   * @param samples values to try it with
   */
  public record Draft(
      String name,
      Map<String, String> texts,
      List<Variable> variables,
      Map<String, Object> samples) {

    private static final Pattern PATH =
        Pattern.compile("([a-z]{2,8}(-([A-Z]{2}|[0-9]{3}))?/)?[a-z0-9][a-z0-9._/-]*");

    private static final int LONGEST_PATH = 200;
    private static final int MOST_TEXTS = 1_000;
    private static final int MOST_CHARACTERS = 4 << 20;

    /** Checks names and paths, and takes immutable copies. */
    public Draft {
      TemplateRef.requireName(name);
      if (name.indexOf('@') >= 0) {
        throw new InvalidNotificationException("template", "a version is given by the store");
      }
      texts = Map.copyOf(texts);
      if (texts.isEmpty() || texts.size() > MOST_TEXTS) {
        throw new InvalidNotificationException(
            "texts", "has " + texts.size() + "; give one to " + MOST_TEXTS);
      }
      long characters = 0;
      for (Map.Entry<String, String> text : texts.entrySet()) {
        String path = text.getKey();
        if (!PATH.matcher(path).matches() || path.length() > LONGEST_PATH || path.contains("..")) {
          throw new InvalidNotificationException(
              "texts", "'" + Text.shown(path) + "' is no path; 'de/email.subject' is one");
        }
        String ignored = Text.requireText("texts." + path, text.getValue(), MOST_CHARACTERS);
        characters += text.getValue().length();
      }
      if (characters > MOST_CHARACTERS) {
        throw new InvalidNotificationException(
            "texts", "have " + characters + " characters; " + MOST_CHARACTERS + " are the most");
      }
      variables = List.copyOf(variables);
      if (variables.stream().map(Variable::name).distinct().count() != variables.size()) {
        throw new InvalidNotificationException("variables", "one is declared twice");
      }
      samples = Variables.snapshot("samples", samples);
    }

    /** A template with a first text. */
    public static Draft of(String name, String path, String text) {
      return new Draft(name, Map.of(path, text), List.of(), Map.of());
    }

    /** With another text, or another one in its place. */
    public Draft text(String path, String text) {
      Map<String, String> more = new LinkedHashMap<>(texts);
      more.put(path, text);
      return new Draft(name, more, variables, samples);
    }

    /** With a variable that it needs, and a value to try it with. */
    public Draft required(String variable, Type type, Object sample) {
      return with(new Variable(variable, type, true), sample);
    }

    /** With a variable that it can do without, and a value to try it with. */
    public Draft optional(String variable, Type type, Object sample) {
      return with(new Variable(variable, type, false), sample);
    }

    private Draft with(Variable variable, Object sample) {
      List<Variable> more = new ArrayList<>(variables);
      more.add(variable);
      Map<String, Object> values = new LinkedHashMap<>(samples);
      values.put(variable.name(), sample);
      return new Draft(name, texts, more, values);
    }

    @Override
    public String toString() {
      return "Draft[" + name + ", " + texts.keySet() + "]";
    }
  }

  /**
   * What was done to a version.
   *
   * @param version to which
   * @param to {@code DRAFT} when it was saved, then what it became
   * @param by who did it
   * @param at when
   */
  public record Change(int version, Status to, String by, Instant at) {}

  /** The template's name. */
  public String name() {
    return draft.name();
  }
}
