/**
 * What a user tests with, and the contract suites that every provider and every store must pass.
 */
module dev.notify.test {
  requires transitive dev.notify.core;
  requires transitive org.junit.jupiter.api;
  requires static transitive org.jspecify;

  exports dev.notify.test;
}
