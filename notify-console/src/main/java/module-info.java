/** The console: see in a browser what is sent, and try without any vendor's account. */
module dev.notify.console {
  requires transitive dev.notify.core;
  requires chart.js;
  requires com.fasterxml.jackson.databind;
  requires jdk.httpserver;
  requires org.slf4j;
  requires static transitive org.jspecify;

  exports dev.notify.console;
}
