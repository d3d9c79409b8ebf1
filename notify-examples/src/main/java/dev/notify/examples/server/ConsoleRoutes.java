package dev.notify.examples.server;

import dev.notify.AuditLog;
import dev.notify.console.ConsoleAnswer;
import dev.notify.console.ConsoleHandler;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The console, for whoever has logged in with an admin's key or token. */
final class ConsoleRoutes {

  static final String ROOT = "/console";
  private static final String LOGIN = ROOT + "/login";

  /** Where the console's own pages log out. */
  static final String LOGOUT = ROOT + "/logout";

  private static final int LONGEST_FORM = 4_096;

  /** Scripts, styles and pictures of the pages: the same for everybody. */
  private static final Pattern ASSET = Pattern.compile(ROOT + "/assets/[a-z0-9.-]+");

  private final ConsoleHandler console;
  private final AuditLog audit;
  private final Access access;
  private final ConsoleSessions sessions;

  ConsoleRoutes(ConsoleHandler console, AuditLog audit, Access access, ConsoleSessions sessions) {
    this.console = console;
    this.audit = audit;
    this.access = access;
    this.sessions = sessions;
  }

  List<Route> all() {
    List<Route> all = new ArrayList<>();
    all.add(Route.open("GET", LOGIN, call -> page(call.context(), 200, "")));
    all.add(Route.open("POST", LOGIN, this::login));
    all.add(Route.open("POST", LOGOUT, this::logout));
    for (String method : List.of("GET", "POST")) {
      all.add(Route.open(method, ROOT, this::show));
      all.add(Route.open(method, ROOT + "/<path>", this::show));
    }
    return all;
  }

  private void login(Call call) {
    Context request = call.context();
    String form = new String(call.bytes(LONGEST_FORM), StandardCharsets.UTF_8);
    Optional<Caller> caller = key(form).flatMap(key -> access.known(request, key));
    if (caller.isEmpty() || caller.get().role() != Role.ADMIN) {
      page(request, 401, "This is not the key of an admin.");
      return;
    }
    sessions.begin(request, caller.get());
    request.status(303).header("Location", ROOT + "/");
  }

  private void logout(Call call) {
    sessions.end(call.context());
    call.context().status(303).header("Location", LOGIN);
  }

  private static Optional<String> key(String form) {
    try {
      return form.startsWith("key=")
          ? Optional.of(URLDecoder.decode(form.substring(4), StandardCharsets.UTF_8))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      // Percent signs that stand for nothing.
      return Optional.empty();
    }
  }

  private void show(Call call) {
    Context request = call.context();
    Optional<Caller> admin = sessions.of(request);
    if (admin.isEmpty() && !ASSET.matcher(request.path()).matches()) {
      request.status(303).header("Location", LOGIN);
      return;
    }
    byte[] body = call.bytes(ConsoleHandler.LONGEST_BODY);
    String query = request.queryString();
    String target = request.req().getRequestURI() + (query == null ? "" : "?" + query);
    ConsoleAnswer answer =
        audit.inNameOf(
            admin.map(Caller::name).orElse("anybody"),
            "console",
            () ->
                console.handle(
                    request.req().getMethod(), target, EntryRoutes.headers(request), body));
    answer.headers().forEach(request::header);
    Optional.ofNullable(answer.headers().get("Content-Type")).ifPresent(request::contentType);
    request.status(answer.status()).result(answer.body());
  }

  private static void page(Context request, int status, String objection) {
    request.header(
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
            + " frame-ancestors 'none'");
    request
        .status(status)
        .contentType("text/html; charset=utf-8")
        .result(
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Log in - Notify console</title>
            <link rel="stylesheet" href="/console/assets/console.css">
            <main class="card">
            <h1>Notify console</h1>
            <p role="alert">%s</p>
            <form method="post" action="/console/login">
            <p><label for="key">An admin's API key</label></p>
            <p><input id="key" name="key" type="password" autocomplete="current-password" required
              autofocus></p>
            <p><button>Log in</button></p>
            </form>
            </main>
            </html>
            """
                .formatted(objection));
  }
}
