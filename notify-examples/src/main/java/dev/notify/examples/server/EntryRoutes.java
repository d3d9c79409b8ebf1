package dev.notify.examples.server;

import dev.notify.LinkAnswer;
import dev.notify.LinkHandler;
import dev.notify.WebhookAnswer;
import dev.notify.WebhookHandler;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where vendors and people's mail programs come in. They have no key: signatures tell who it is.
 */
final class EntryRoutes {

  private final Map<String, WebhookHandler> webhooks;
  private final Optional<LinkHandler> links;
  private final PublicUrl publicUrl;

  EntryRoutes(
      Map<String, WebhookHandler> webhooks, Optional<LinkHandler> links, PublicUrl publicUrl) {
    this.webhooks = webhooks;
    this.links = links;
    this.publicUrl = publicUrl;
  }

  List<Route> all() {
    List<Route> all = new ArrayList<>();
    all.add(Route.open("POST", "/api/v1/webhooks/{provider}", this::webhook));
    for (String method : List.of("GET", "POST", "PUT")) {
      all.add(Route.open(method, "/u/{kind}/{token}", this::link));
    }
    return all;
  }

  private void webhook(Call call) {
    WebhookHandler handler =
        Optional.ofNullable(webhooks.get(call.path("provider")))
            .orElseThrow(() -> Problem.notFound("there is no webhook of this provider"));
    byte[] body = call.bytes(WebhookHandler.LONGEST_BODY);
    WebhookAnswer answer = handler.handle(calledUrl(call.context()), headers(call.context()), body);
    if (answer.status() != 200) {
      throw Problem.ofStatus(answer.status(), "The report was not taken");
    }
    call.believe();
    call.answer(Map.of("recorded", answer.recorded(), "unknown", answer.unknown()));
  }

  /** As the vendor knows it, which is what it signs. */
  private String calledUrl(Context request) {
    String query = request.queryString();
    return publicUrl.text() + request.path() + (query == null ? "" : "?" + query);
  }

  static Map<String, List<String>> headers(Context request) {
    Map<String, List<String>> headers = new LinkedHashMap<>();
    for (String name : Collections.list(request.req().getHeaderNames())) {
      headers.put(name, Collections.list(request.req().getHeaders(name)));
    }
    return headers;
  }

  private void link(Call call) {
    LinkHandler handler =
        links.orElseThrow(() -> Problem.notFound("there is nothing at this address"));
    Context request = call.context();
    byte[] body = call.bytes(LinkHandler.LONGEST_BODY);
    LinkAnswer answer =
        handler.handle(request.req().getMethod(), request.path(), headers(request), body);
    answer.headers().forEach(request::header);
    request.status(answer.status()).result(answer.body());
    Optional.ofNullable(answer.headers().get("Content-Type")).ifPresent(request::contentType);
  }
}
