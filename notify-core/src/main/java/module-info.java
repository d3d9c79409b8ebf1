/**
 * Sends notifications from the application's own process: the dispatcher, its contracts, and an
 * in-memory store.
 */
module dev.notify.core {
  requires com.cronutils;
  requires com.github.benmanes.caffeine;
  requires com.github.mustachejava;
  requires dev.failsafe.core;
  requires io.github.bucket4j.core;
  requires org.apache.commons.statistics.distribution;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.notify;
  exports dev.notify.memory;
  exports dev.notify.model;
  exports dev.notify.policy;
  exports dev.notify.routing;
  exports dev.notify.spi;
  exports dev.notify.template;

  uses dev.notify.spi.ChannelProviderFactory;
}
