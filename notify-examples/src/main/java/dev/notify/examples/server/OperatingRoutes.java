package dev.notify.examples.server;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Health;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What operators and tools ask: how it stands, in numbers, and what can be called. */
final class OperatingRoutes {

  private final NotificationDispatcher dispatcher;
  private final Metrics metrics;

  OperatingRoutes(NotificationDispatcher dispatcher, Metrics metrics) {
    this.dispatcher = dispatcher;
    this.metrics = metrics;
  }

  List<Route> all() {
    return List.of(
        Route.open("GET", "/healthz", this::health),
        Route.open("GET", "/metrics", call -> call.text(Metrics.CONTENT_TYPE, metrics.text())),
        Route.open(
            "GET", "/openapi.json", call -> call.text("application/json", OpenApi.document())));
  }

  /** Reasons name providers and channels and nothing personal; details are for the log. */
  private void health(Call call) {
    Health health = dispatcher.health();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("status", health.state().name());
    fields.put("reasons", health.reasons());
    call.answer(health.state() == Health.State.DOWN ? 503 : 200, fields);
  }

  /** The description of this interface, which a test holds to what the server does. */
  static final class OpenApi {

    private OpenApi() {}

    static byte[] document() {
      try (InputStream in = OpenApi.class.getResourceAsStream("openapi.json")) {
        if (in == null) {
          throw new IllegalStateException("openapi.json is not on the class path");
        }
        return in.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
