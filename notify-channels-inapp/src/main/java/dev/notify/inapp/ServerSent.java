package dev.notify.inapp;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What both adapters of server-sent events say. */
final class ServerSent {

  static final String LAST_EVENT_ID = "Last-Event-ID";
  static final String RETRY_AFTER = "10";

  /** Nobody on the way is to keep it, or to wait for more of it. */
  static final Map<String, String> HEADERS =
      Map.of(
          "Content-Type", "text/event-stream;charset=utf-8",
          "Cache-Control", "no-store",
          "X-Accel-Buffering", "no",
          "X-Content-Type-Options", "nosniff");

  /** Clients that lost the connection come again after two seconds. */
  static final byte[] BEGINNING = "retry: 2000\n\n".getBytes(StandardCharsets.UTF_8);

  private ServerSent() {}
}
