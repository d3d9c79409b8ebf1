/** In-app: the inbox inside the application. */
module dev.notify.inapp {
  requires transitive dev.notify.core;
  requires com.github.benmanes.caffeine;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.notify.inapp;

  provides dev.notify.spi.ChannelProviderFactory with
      dev.notify.inapp.InAppProviderFactory;
}
