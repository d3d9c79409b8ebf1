package dev.notify.template;

import dev.notify.model.ConfigurationException;
import dev.notify.spi.TemplateSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The places templates usually live in. Files end in {@code .mustache} and are UTF-8.
 *
 * @since 0.1
 */
public final class TemplateSources {

  private static final String ENDING = ".mustache";

  private TemplateSources() {}

  /**
   * Files below a folder of the class path, found by the calling thread's context class loader. In
   * a named module the folder's name must not be that of a package, or the package must be open.
   */
  public static TemplateSource classpath(String folder) {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context != null ? context : TemplateSources.class.getClassLoader();
    return path -> {
      try (InputStream in = loader.getResourceAsStream(folder + "/" + path + ENDING)) {
        return in == null
            ? Optional.empty()
            : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read template " + path, e);
      }
    };
  }

  /**
   * Files below a directory.
   *
   * @throws ConfigurationException if there is no such directory
   */
  public static TemplateSource directory(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new ConfigurationException("templates: " + directory + " is not a directory");
    }
    Path root = directory.toAbsolutePath().normalize();
    return path -> {
      Path file = root.resolve(path + ENDING).normalize();
      if (!file.startsWith(root) || !Files.isRegularFile(file)) {
        return Optional.empty();
      }
      try {
        return Optional.of(Files.readString(file));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read template " + path, e);
      }
    };
  }

  /** Texts by path, {@code order-shipped/email.subject} for example. */
  public static TemplateSource of(Map<String, String> texts) {
    Map<String, String> copy = Map.copyOf(texts);
    return path -> Optional.ofNullable(copy.get(path));
  }
}
