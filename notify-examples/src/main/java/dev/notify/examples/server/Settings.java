package dev.notify.examples.server;

import dev.notify.model.ConfigurationException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the server is told: a file of properties, and before that the system's properties. A key
 * that nobody knows is an error, since a misspelt one would be a setting silently lost. {@code
 * toString} shows keys only.
 */
final class Settings {

  static final String SERVER = "notify.server.";
  static final String STORE = "notify.store.";

  private static final String ROOT = "notify.";
  private static final String CONFIG = "notify.config";
  private static final String EXAMPLES = "notify.examples.";

  private static final Set<String> OWN =
      Set.of(
          "host",
          "port",
          "data",
          "node",
          "public-url",
          "proxies",
          "api-keys",
          "rate",
          "max-body",
          "idle-timeout",
          "categories",
          "marketing.sender",
          "marketing.address",
          "links.key",
          "tls.keystore",
          "tls.password",
          "jwt.algorithm",
          "jwt.secret",
          "jwt.public-key",
          "jwt.issuer",
          "jwt.audience");

  private static final Set<String> OF_STORE = Set.of("url", "user", "password");

  private final Map<String, String> all;

  private Settings(Map<String, String> all) {
    this.all = all;
    all.keySet().forEach(Settings::requireKnown);
  }

  /** As {@code -Dnotify.config=FILE} and other system properties say. */
  static Settings ofSystem() {
    Properties system = System.getProperties();
    Map<String, String> all = new TreeMap<>();
    Optional.ofNullable(system.getProperty(CONFIG)).ifPresent(file -> all.putAll(read(file)));
    for (String key : system.stringPropertyNames()) {
      if (key.startsWith(ROOT) && !key.equals(CONFIG) && !key.startsWith(EXAMPLES)) {
        all.put(key, system.getProperty(key));
      }
    }
    return new Settings(all);
  }

  static Settings of(Map<String, String> all) {
    return new Settings(new TreeMap<>(all));
  }

  private static Map<String, String> read(String file) {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of(file))) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(CONFIG + ": '" + file + "' is no file of properties", e);
    }
    Map<String, String> all = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      all.put(key, properties.getProperty(key).strip());
    }
    return all;
  }

  private static void requireKnown(String key) {
    boolean isKnown =
        key.startsWith(SERVER)
            ? OWN.contains(key.substring(SERVER.length()))
                || key.startsWith(SERVER + Webhooks.PREFIX)
            : !key.startsWith(STORE) || OF_STORE.contains(key.substring(STORE.length()));
    if (!isKnown) {
      throw new ConfigurationException(key + ": there is no such setting");
    }
  }

  /** A setting by what follows {@code notify.server.} */
  Optional<String> get(String name) {
    return Optional.ofNullable(all.get(SERVER + name)).filter(value -> !value.isBlank());
  }

  String required(String name) {
    return get(name).orElseThrow(() -> new ConfigurationException(SERVER + name + ": is missing"));
  }

  boolean hasAny(String prefix) {
    return all.keySet().stream().anyMatch(key -> key.startsWith(SERVER + prefix));
  }

  Optional<String> store(String name) {
    return Optional.ofNullable(all.get(STORE + name));
  }

  int number(String name, int usual, int least, int most) {
    String text = get(name).orElse(Integer.toString(usual));
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new ConfigurationException(
        SERVER + name + ": must be a whole number from " + least + " to " + most);
  }

  Duration duration(String name, Duration usual) {
    try {
      Duration duration = get(name).map(Duration::parse).orElse(usual);
      if (!duration.isNegative() && !duration.isZero()) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    throw new ConfigurationException(SERVER + name + ": must be a duration such as PT30S");
  }

  /** The words of a list, without those that are empty. */
  List<String> words(String name) {
    return get(name).stream()
        .flatMap(text -> List.of(text.split(",")).stream())
        .map(String::strip)
        .filter(word -> !word.isEmpty())
        .toList();
  }

  /** The settings whose names begin so, by what follows. */
  Map<String, String> below(String prefix) {
    return all.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(SERVER + prefix))
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().substring((SERVER + prefix).length()),
                Map.Entry::getValue));
  }

  /** What is for the providers. */
  Map<String, String> ofProviders() {
    return all.entrySet().stream()
        .filter(entry -> !entry.getKey().startsWith(SERVER))
        .filter(entry -> !entry.getKey().startsWith(STORE))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  @Override
  public String toString() {
    return "Settings" + all.keySet();
  }
}
