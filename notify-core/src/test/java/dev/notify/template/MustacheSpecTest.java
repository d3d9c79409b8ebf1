package dev.notify.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.TemplateException;
import dev.notify.model.TemplateRef;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The official Mustache specification, every case of every module: the one that mustache.java's own
 * test archive brings, and, where a newer copy is at hand (beside the project, or in the folder
 * that the system property {@code mustache.spec} names), that one too. Every case passes to the
 * letter, or stands in {@link #DEVIATIONS}, where it must really deviate.
 */
class MustacheSpecTest {

  private static final List<String> MODULES =
      List.of(
          "comments",
          "delimiters",
          "interpolation",
          "inverted",
          "partials",
          "sections",
          "~inheritance",
          "~dynamic-names",
          "~lambdas");

  private static final Path NEWER =
      Path.of(System.getProperty("mustache.spec", "../../shared/standards/mustache-spec"));

  private static final String WHITE_SPACE =
      "white space only: mustache.java treats some lines that hold nothing but a tag differently";

  private static final String NAMES_WITH_DOTS =
      "a variable whose name has a dot in it is found by its whole name first";

  private static final String NOT_A_MAP = "variables are a map, never a single value or a list";

  /** Why a case, or a whole module, comes out otherwise than the specification says. */
  private record Deviation(String module, String why, List<String> cases) {

    boolean covers(Case spec) {
      return module.equals(spec.module())
          && (cases.isEmpty() || cases.contains(spec.test().get("name").asText()));
    }

    /** The row of docs/templates.md. */
    String row() {
      String which = cases.isEmpty() ? "all of it" : String.join(", ", cases);
      return "| " + module + " | " + which + " | " + why + " |";
    }
  }

  private static final List<Deviation> DEVIATIONS =
      List.of(
          new Deviation(
              "comments",
              WHITE_SPACE,
              List.of(
                  "Standalone",
                  "Indented Standalone",
                  "Standalone Line Endings",
                  "Standalone Without Previous Line",
                  "Standalone Without Newline",
                  "Multiline Standalone",
                  "Indented Multiline Standalone")),
          new Deviation(
              "delimiters",
              WHITE_SPACE,
              List.of(
                  "Sections",
                  "Inverted Sections",
                  "Partial Inheritence",
                  "Standalone Tag",
                  "Indented Standalone Tag",
                  "Standalone Line Endings",
                  "Standalone Without Previous Line",
                  "Standalone Without Newline")),
          new Deviation(
              "interpolation",
              NOT_A_MAP,
              List.of(
                  "Implicit Iterators - Basic Interpolation",
                  "Implicit Iterators - HTML Escaping",
                  "Implicit Iterators - Triple Mustache",
                  "Implicit Iterators - Ampersand",
                  "Implicit Iterators - Basic Integer Interpolation")),
          new Deviation(
              "interpolation",
              NAMES_WITH_DOTS,
              List.of("Dotted Names are never single keys", "Dotted Names - No Masking")),
          new Deviation(
              "inverted",
              WHITE_SPACE,
              List.of(
                  "Internal Whitespace",
                  "Standalone Without Previous Line",
                  "Standalone Without Newline")),
          new Deviation(
              "partials",
              "a partial that does not exist is an error that names it, and no empty text",
              List.of("Failed Lookup")),
          new Deviation("sections", NOT_A_MAP, List.of("Implicit Iterator - Root-level")),
          new Deviation(
              "sections",
              WHITE_SPACE,
              List.of(
                  "Internal Whitespace",
                  "Standalone Without Previous Line",
                  "Standalone Without Newline")),
          new Deviation(
              "~inheritance",
              WHITE_SPACE,
              List.of(
                  "Inherit",
                  "Standalone parent",
                  "Standalone block",
                  "Block reindentation",
                  "Intrinsic indentation",
                  "Nested block reindentation")),
          new Deviation(
              "~dynamic-names",
              "which text is sent must not hang on a name that came in with the data",
              List.of()),
          new Deviation(
              "~lambdas", "variables are plain data; a function is refused by name", List.of()));

  private record Case(String module, JsonNode test) {

    String name() {
      return module + ": " + test.get("name").asText();
    }

    String expected() {
      return test.get("expected").asText();
    }

    /** What it renders to, or how it fails. */
    String outcome() {
      try {
        return render();
      } catch (TemplateException | IllegalArgumentException e) {
        return e.getClass().getName();
      }
    }

    @SuppressWarnings("unchecked")
    String render() {
      Map<String, Object> data = new ObjectMapper().convertValue(test.get("data"), Map.class);
      Map<String, String> partials = new HashMap<>();
      for (Map.Entry<String, JsonNode> partial : test.path("partials").properties()) {
        partials.put(
            "partials/" + partial.getKey().toLowerCase(Locale.ROOT), partial.getValue().asText());
      }
      PartCompiler compiler =
          new PartCompiler(TemplateSources.of(partials), "spec", List.of(""), Part.HTML);
      StringWriter out = new StringWriter();
      compiler
          .compile("spec/email.html", test.get("template").asText())
          .execute(out, new TemplateRef("spec", data).variables());
      return out.toString();
    }
  }

  @TestFactory
  Stream<DynamicTest> everyCasePassesOrIsListedAndReallyDeviates() throws IOException {
    return cases().stream()
        .filter(spec -> !spec.module().equals("~lambdas"))
        .map(spec -> DynamicTest.dynamicTest(spec.name(), () -> check(spec)));
  }

  private static void check(Case spec) {
    Optional<Deviation> listed =
        DEVIATIONS.stream().filter(deviation -> deviation.covers(spec)).findFirst();
    if (listed.isEmpty()) {
      assertThat(spec.render()).isEqualTo(spec.expected());
    } else if (listed.get().why().equals(WHITE_SPACE)) {
      assertThat(spec.render())
          .isNotEqualTo(spec.expected())
          .isEqualToIgnoringWhitespace(spec.expected());
    } else {
      assertThat(spec.outcome())
          .as("passes, and is no deviation any more")
          .isNotEqualTo(spec.expected());
    }
  }

  /** The cases of that module are programs in other languages; what they need is this. */
  @Test
  void aFunctionIsRefusedByName() {
    assertThatThrownBy(() -> new TemplateRef("spec", Map.of("lambda", (Supplier<String>) () -> "")))
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("variables.lambda");
  }

  @Test
  void theSpecificationIsThereAsAWhole() throws IOException {
    assertThat(cases()).hasSizeGreaterThanOrEqualTo(191);
  }

  @Test
  void everyDeviationStandsInTheDocumentation() throws IOException {
    String page = Files.readString(Path.of("../docs/templates.md"));

    assertThat(page.lines().filter(line -> line.endsWith(" |")))
        .containsAll(DEVIATIONS.stream().map(Deviation::row).toList());
  }

  private static List<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    for (String module : MODULES) {
      try (InputStream in =
          MustacheSpecTest.class.getResourceAsStream("/spec/specs/" + module + ".json")) {
        new ObjectMapper()
            .readTree(in)
            .get("tests")
            .forEach(test -> cases.add(new Case(module, test)));
      }
      Path newer = NEWER.resolve(module + ".json");
      if (Files.exists(newer)) {
        new ObjectMapper()
            .readTree(newer.toFile())
            .get("tests")
            .forEach(test -> cases.add(new Case(module, test)));
      }
    }
    return cases;
  }
}
