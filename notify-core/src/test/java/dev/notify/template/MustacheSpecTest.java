package dev.notify.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.model.TemplateRef;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The public Mustache specification, where a copy of it is at hand: beside the project, or in the
 * folder that the system property {@code mustache.spec} names. White space is not compared:
 * mustache.java keeps the empty line that a comment or a change of delimiters leaves.
 */
class MustacheSpecTest {

  private static final Path FOLDER =
      Path.of(System.getProperty("mustache.spec", "../../shared/standards/mustache-spec"));

  /** A missing partial is an error here, and a key that has dots in it is found by its name. */
  private static final Set<String> DIFFERENT =
      Set.of(
          "partials: Failed Lookup",
          "interpolation: Dotted Names are never single keys",
          "interpolation: Dotted Names - No Masking");

  @TestFactory
  Stream<DynamicTest> comments() throws IOException {
    return module("comments");
  }

  @TestFactory
  Stream<DynamicTest> delimiters() throws IOException {
    return module("delimiters");
  }

  @TestFactory
  Stream<DynamicTest> interpolation() throws IOException {
    return module("interpolation");
  }

  @TestFactory
  Stream<DynamicTest> inverted() throws IOException {
    return module("inverted");
  }

  @TestFactory
  Stream<DynamicTest> partials() throws IOException {
    return module("partials");
  }

  @TestFactory
  Stream<DynamicTest> sections() throws IOException {
    return module("sections");
  }

  @TestFactory
  Stream<DynamicTest> inheritance() throws IOException {
    return module("~inheritance");
  }

  private static Stream<DynamicTest> module(String name) throws IOException {
    Path file = FOLDER.resolve(name + ".json");
    assumeTrue(Files.exists(file), "no copy of the Mustache specification in " + FOLDER);
    JsonNode tests = new ObjectMapper().readTree(file.toFile()).get("tests");
    return StreamSupport.stream(tests.spliterator(), false)
        // Data that is not a map has no place in a template's variables.
        .filter(test -> test.get("data").isObject())
        .filter(test -> !DIFFERENT.contains(name + ": " + test.get("name").asText()))
        .map(
            test ->
                DynamicTest.dynamicTest(
                    test.get("name").asText() + ": " + test.get("desc").asText(),
                    () ->
                        assertThat(render(test))
                            .isEqualToIgnoringWhitespace(test.get("expected").asText())));
  }

  @SuppressWarnings("unchecked")
  private static String render(JsonNode test) {
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
