package dev.notify.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The project's documentation: every Markdown file of the root and of {@code docs}. */
final class MarkdownPages {

  /**
   * A fenced block.
   *
   * @param page the file, from the project's root
   * @param language the word behind the fence
   * @param line number of its first line, from one
   * @param lines its text
   */
  record Block(Path page, String language, int line, List<String> lines) {
    @Override
    public String toString() {
      return page + ":" + line;
    }
  }

  private MarkdownPages() {}

  /** The project's root: above the folder that the tests of this module run in. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("CHANGELOG.md"))) {
      folder = folder.getParent();
    }
    if (folder == null) {
      throw new AssertionError("no CHANGELOG.md here or above: where is the project's root?");
    }
    return folder;
  }

  static List<Path> all() {
    try (Stream<Path> top = Files.list(root());
        Stream<Path> docs = Files.walk(root().resolve("docs"))) {
      return Stream.concat(top, docs)
          .filter(file -> file.toString().endsWith(".md"))
          .map(root()::relativize)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> lines(Path page) {
    try {
      return Files.readAllLines(root().resolve(page));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All fenced blocks of one page, in their order. */
  static List<Block> blocks(Path page) {
    List<Block> blocks = new ArrayList<>();
    List<String> lines = lines(page);
    for (int start = 0; start < lines.size(); start++) {
      if (lines.get(start).startsWith("```")) {
        int end = start + 1;
        while (!lines.get(end).startsWith("```")) {
          end++;
        }
        String language = lines.get(start).substring(3).strip();
        blocks.add(new Block(page, language, start + 2, lines.subList(start + 1, end)));
        start = end;
      }
    }
    return blocks;
  }

  /** The text of a page without its fenced blocks, whose lines are left empty. */
  static List<String> prose(Path page) {
    List<String> prose = new ArrayList<>(lines(page));
    for (Block block : blocks(page)) {
      for (int i = 0; i < block.lines().size(); i++) {
        prose.set(block.line() - 1 + i, "");
      }
    }
    return prose;
  }
}
