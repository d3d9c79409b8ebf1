package dev.notify.push;

import dev.notify.model.ConfigurationException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Paths of key files, as they stand in properties. */
final class KeyFiles {

  private KeyFiles() {}

  static Path path(String option, String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new ConfigurationException(option + ": is no path");
    }
  }
}
