package dev.notify.email;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JDK's keytool, which makes a key and its certificate for this run. */
final class Keytool {

  static final String PASSWORD = "changeit";

  private Keytool() {}

  /** A PKCS #12 store with a new key and a certificate that it signed itself, for two days. */
  static Path keyStore(String alias, String... options) {
    try {
      Path folder = Files.createTempDirectory("notify-keys");
      Path store = folder.resolve(alias + ".p12");
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  alias,
                  "-validity",
                  "2",
                  "-storetype",
                  "PKCS12",
                  "-keystore",
                  store.toString(),
                  "-storepass",
                  PASSWORD));
      command.addAll(List.of(options));
      Process keytool =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (keytool.waitFor() != 0) {
        throw new IllegalStateException("keytool failed");
      }
      folder.toFile().deleteOnExit();
      store.toFile().deleteOnExit();
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
