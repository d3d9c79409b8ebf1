package dev.notify.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.routing.ChannelProviders;
import dev.notify.spi.ChannelProviderFactory.Option;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Holds the README and the pages under {@code docs} to what the code does. */
class DocumentationTest {

  private static final Path README = Path.of("README.md");
  private static final Path PROVIDERS = Path.of("docs/providers.md");
  private static final Pattern LINK = Pattern.compile("\\[[^]]*]\\(([^)\\s]+)\\)");
  private static final Pattern KEY_ROW = Pattern.compile("\\| `notify\\.[^`]*`.*");

  @TestFactory
  Stream<DynamicTest> everySnippetCompiles(@TempDir Path classes) {
    return MarkdownPages.all().stream()
        .filter(page -> MarkdownPages.blocks(page).stream().anyMatch(Snippets::isJava))
        .map(
            page ->
                DynamicTest.dynamicTest(
                    page.toString(),
                    () -> assertThat(Snippets.faults(page, classes)).as("%s", page).isEmpty()));
  }

  @Test
  void aSnippetThatDoesNotCompileIsReportedWithItsLine(@TempDir Path classes) {
    var wrong =
        new MarkdownPages.Block(
            Path.of("page.md"), "java", 40, List.of("int one = 1;", "dispatcher.sendd(one);"));

    assertThat(Snippets.faults(List.of(wrong), classes))
        .singleElement()
        .asString()
        .startsWith("page.md:41: ")
        .contains("sendd");
  }

  /** A block marked {@code java} and a file's path shows lines of that file, in their order. */
  @Test
  void everyExcerptIsWhatItsFileSays() {
    List<MarkdownPages.Block> excerpts =
        MarkdownPages.all().stream()
            .flatMap(page -> MarkdownPages.blocks(page).stream())
            .filter(block -> block.language().startsWith("java "))
            .toList();

    assertThat(excerpts).isNotEmpty().allSatisfy(DocumentationTest::isWhatItsFileSays);
  }

  private static void isWhatItsFileSays(MarkdownPages.Block excerpt) {
    Path file = Path.of(excerpt.language().substring("java ".length()));
    Iterator<String> left = MarkdownPages.lines(file).stream().map(String::strip).iterator();
    for (String line : excerpt.lines()) {
      boolean found = line.isBlank() || line.strip().equals("// ...");
      while (!found && left.hasNext()) {
        found = left.next().equals(line.strip());
      }
      assertThat(found).as("%s: '%s' in %s", excerpt, line.strip(), file).isTrue();
    }
  }

  @Test
  void everyPropertyKeyIsDocumentedAsItsFactoryDeclaresIt() {
    List<String> declared =
        ChannelProviders.knownKeys().entrySet().stream().map(DocumentationTest::row).toList();
    List<String> documented =
        MarkdownPages.lines(PROVIDERS).stream()
            .filter(line -> KEY_ROW.matcher(line).matches() && !line.contains(".chain`"))
            .toList();

    assertThat(documented)
        .as("the rows of %s should be, in any order:%n%s", PROVIDERS, String.join("\n", declared))
        .containsExactlyInAnyOrderElementsOf(declared);
  }

  private static String row(Map.Entry<String, Option> key) {
    Option option = key.getValue();
    return "| `%s` | %s | %s |"
        .formatted(key.getKey(), option.required() ? "yes" : "", option.description());
  }

  @Test
  void everyRelativeLinkLeadsSomewhere() {
    List<String> broken = new ArrayList<>();
    for (Path page : MarkdownPages.all()) {
      List<String> prose = MarkdownPages.prose(page);
      for (int i = 0; i < prose.size(); i++) {
        for (Matcher link = LINK.matcher(prose.get(i)); link.find(); ) {
          if (!leadsSomewhere(page, link.group(1))) {
            broken.add(page + ":" + (i + 1) + ": " + link.group(1));
          }
        }
      }
    }

    assertThat(broken).isEmpty();
  }

  private static boolean leadsSomewhere(Path page, String target) {
    if (target.matches("[a-z]+:.*")) {
      return true;
    }
    String[] parts = target.split("#", 2);
    Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
    return Files.exists(MarkdownPages.root().resolve(file))
        && (parts.length == 1 || anchors(file).contains(parts[1]));
  }

  /** Headings by the names that hosts of Git repositories give them. */
  private static List<String> anchors(Path page) {
    return MarkdownPages.prose(page).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("#+ *", "").toLowerCase(Locale.ROOT))
        .map(heading -> heading.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
        .toList();
  }

  @Test
  void theQuickstartPrintsWhatTheReadmeShows() {
    List<String> printed = Run.of("quickstart").out().lines().map(DocumentationTest::core).toList();
    List<String> shown =
        MarkdownPages.blocks(README).stream()
            .filter(block -> block.language().equals("text"))
            .flatMap(block -> block.lines().stream())
            .filter(line -> !line.equals("..."))
            .map(DocumentationTest::core)
            .toList();

    assertThat(shown).hasSizeGreaterThan(5);
    assertThat(printed).containsAll(shown);
  }

  @Test
  void theReadmeHasTwoCommands() {
    assertThat(
            MarkdownPages.blocks(README).stream()
                .filter(block -> block.language().equals("sh"))
                .flatMap(block -> block.lines().stream()))
        .containsExactly("mvn -q compile exec:java -pl notify-examples -am", "mvn -B verify");
  }

  /** A line without the width of its columns and the milliseconds, which no test can know. */
  private static String core(String line) {
    return line.strip()
        .replaceAll("\\s+", " ")
        .replaceAll("-{2,}", "--")
        .replaceAll("( \\d+){2}$", "");
  }

  @Test
  void everyModuleIsInTheReadme() throws IOException {
    String readme = String.join("\n", MarkdownPages.lines(README));
    try (Stream<Path> folders = Files.list(MarkdownPages.root())) {
      TreeSet<String> modules =
          folders
              .filter(folder -> Files.exists(folder.resolve("pom.xml")))
              .map(folder -> "`" + folder.getFileName() + "`")
              .collect(Collectors.toCollection(TreeSet::new));

      assertThat(modules).isNotEmpty().allSatisfy(module -> assertThat(readme).contains(module));
    }
  }
}
