package dev.notify.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Styles and scripts, from the class path and nowhere else. */
final class Assets {

  static final String CHARTS = "chart.js";

  private static final String CHARTS_FILE =
      "META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

  private static final Map<String, String> TYPES =
      Map.of(
          "console.css",
          "text/css; charset=utf-8",
          "theme.js",
          "text/javascript; charset=utf-8",
          "app.js",
          "text/javascript; charset=utf-8",
          "overview.js",
          "text/javascript; charset=utf-8",
          "sandbox.js",
          "text/javascript; charset=utf-8",
          "templates.js",
          "text/javascript; charset=utf-8",
          CHARTS,
          "text/javascript; charset=utf-8",
          "icon.svg",
          "image/svg+xml");

  private final Map<String, Asset> read = new ConcurrentHashMap<>();

  /**
   * A file.
   *
   * @param type its media type
   * @param bytes what is in it
   * @param tag changes with the bytes
   */
  record Asset(String type, byte[] bytes, String tag) {}

  Optional<Asset> find(String name) {
    String type = TYPES.get(name);
    return type == null
        ? Optional.empty()
        : Optional.of(read.computeIfAbsent(name, one -> read(one, type)));
  }

  private static Asset read(String name, String type) {
    try (InputStream in = open(name)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + name);
      }
      byte[] bytes = in.readAllBytes();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new Asset(type, bytes, '"' + HexFormat.of().formatHex(digest, 0, 8) + '"');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static @org.jspecify.annotations.Nullable InputStream open(String name) {
    return name.equals(CHARTS)
        ? Assets.class.getClassLoader().getResourceAsStream(CHARTS_FILE)
        : Assets.class.getResourceAsStream(name);
  }
}
