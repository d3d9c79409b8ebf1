package dev.notify.examples;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Where the examples' own files are: in this module's folder, wherever Maven was started. */
final class ExampleFiles {

  private static final String HOME = "notify.examples.home";

  private ExampleFiles() {}

  /** A file or folder of this module, for example {@code quickstart/audience.json}. */
  static Path find(String path) {
    // Without Maven, from an IDE: the repository's root or the module's folder.
    return Stream.of(System.getProperty(HOME, "notify-examples"), "notify-examples", "")
        .map(home -> Path.of(home, path))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(
            () -> new InputException(path + ": not found; set -D" + HOME + " to notify-examples"));
  }
}
