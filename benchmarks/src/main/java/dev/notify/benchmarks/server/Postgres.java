package dev.notify.benchmarks.server;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A PostgreSQL of this run's own, whose commits are commits. */
final class Postgres implements AutoCloseable {

  /** A temporary folder may be memory, where fsync costs nothing. */
  private static final Path DATA = Path.of("benchmarks/target/server-postgresql");

  private static final Map<String, String> SETTINGS =
      Map.of(
          "fsync", "on",
          "synchronous_commit", "on",
          "full_page_writes", "on",
          "shared_buffers", "512MB",
          "max_wal_size", "4GB");

  private final EmbeddedPostgres postgres;

  Postgres() throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder().setDataDirectory(DATA).setCleanDataDirectory(true);
    SETTINGS.forEach(builder::setServerConfig);
    postgres = builder.start();
  }

  String url() {
    return postgres.getJdbcUrl("postgres", "postgres");
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
