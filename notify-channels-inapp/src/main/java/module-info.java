/** In-app: the inbox inside the application, and its live streams. */
module dev.notify.inapp {
  requires transitive dev.notify.core;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static transitive jakarta.servlet;
  requires static transitive jakarta.websocket;
  requires static transitive jdk.httpserver;
  requires static transitive org.jspecify;

  exports dev.notify.inapp;

  provides dev.notify.spi.ChannelProviderFactory with
      dev.notify.inapp.InAppProviderFactory;
}
