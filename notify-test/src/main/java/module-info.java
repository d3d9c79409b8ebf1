/** What a user or contributor tests with. */
module dev.notify.test {
  requires transitive dev.notify.core;
  requires transitive org.junit.jupiter.api;

  exports dev.notify.test;
}
