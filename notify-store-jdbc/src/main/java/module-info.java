/** Durability in the database that the application already has. */
module dev.notify.jdbc {
  requires transitive dev.notify.core;
  requires transitive java.sql;
  requires com.github.benmanes.caffeine;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static transitive org.jspecify;
  requires static org.postgresql.jdbc;

  exports dev.notify.jdbc;
}
