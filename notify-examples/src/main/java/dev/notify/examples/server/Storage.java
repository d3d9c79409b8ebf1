package dev.notify.examples.server;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.jdbc.JdbcSchema;
import dev.notify.jdbc.JdbcStore;
import dev.notify.jdbc.JdbcStoreBuilder;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.NotificationStore;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/** Where everything is kept: an H2 file in a folder of our own, or the database that is named. */
final class Storage implements AutoCloseable {

  private static final String USUAL_FOLDER = "target/notify-server";
  private static final int POOL = 8;
  private static final int LINK_KEY = 32;

  private final HikariDataSource pool;
  private final JdbcStore store;
  private final Optional<Path> folder;

  private Storage(HikariDataSource pool, JdbcStore store, Optional<Path> folder) {
    this.pool = pool;
    this.store = store;
    this.folder = folder;
  }

  static Storage open(Settings settings) {
    Optional<String> url = settings.store("url");
    Optional<Path> folder = url.isPresent() ? Optional.empty() : Optional.of(folder(settings));
    HikariDataSource pool = pool(url.orElseGet(() -> embedded(folder.orElseThrow())), settings);
    try {
      JdbcSchema.migrate(pool);
      JdbcStoreBuilder store = JdbcStore.builder(pool);
      // An embedded database has one process; with a name, it takes up its own work at once.
      settings.get("node").or(() -> folder.map(own -> "server")).ifPresent(store::nodeName);
      return new Storage(pool, store.build(), folder);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  private static Path folder(Settings settings) {
    Path folder = Path.of(settings.get("data").orElse(USUAL_FOLDER)).toAbsolutePath();
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new ConfigurationException(Settings.SERVER + "data: " + folder + " cannot be made", e);
    }
  }

  private static String embedded(Path folder) {
    // The server closes the database after the dispatcher; H2 on its own would do so before.
    return "jdbc:h2:file:" + folder.resolve("notify") + ";DB_CLOSE_ON_EXIT=FALSE";
  }

  private static HikariDataSource pool(String url, Settings settings) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    settings.store("user").ifPresent(config::setUsername);
    settings.store("password").ifPresent(config::setPassword);
    config.setMaximumPoolSize(POOL);
    config.setPoolName("notify");
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw new ConfigurationException(
          Settings.STORE
              + "url: the database cannot be opened; does another process have it, or is a driver"
              + " missing? "
              + e.getClass().getSimpleName(),
          e);
    }
  }

  NotificationStore store() {
    return store;
  }

  /** The key of links in mails, as it was made at the first start; empty without a folder. */
  Optional<byte[]> linkKey() {
    return folder.map(own -> linkKey(own.resolve("links.key")));
  }

  private static byte[] linkKey(Path file) {
    try {
      byte[] key = new byte[LINK_KEY];
      new SecureRandom().nextBytes(key);
      try {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
          Files.createFile(
              file,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
          Files.createFile(file);
        }
        Files.writeString(file, Base64.getEncoder().encodeToString(key));
        return key;
      } catch (FileAlreadyExistsException e) {
        return Base64.getDecoder().decode(Files.readString(file).strip());
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigurationException(file + ": holds no key of links", e);
    }
  }

  /** After the dispatcher, which closes the store. */
  @Override
  public void close() {
    pool.close();
  }
}
