package dev.notify.examples.server;

import dev.notify.NotificationDispatcher;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import io.javalin.http.HttpResponseException;
import java.util.List;

/**
 * The way of every request: headers that keep browsers careful, who calls, how often, whether they
 * may, whether we speak the same form; then the work; then, for whatever it threw, a problem.
 */
final class Pipeline {

  private final NotificationDispatcher dispatcher;
  private final Access access;
  private final RateLimits limits;
  private final int longestBody;
  private final boolean isSecure;
  private final Crowds crowds = new Crowds();

  Pipeline(
      NotificationDispatcher dispatcher,
      Access access,
      RateLimits limits,
      int longestBody,
      boolean isSecure) {
    this.dispatcher = dispatcher;
    this.access = access;
    this.limits = limits;
    this.longestBody = longestBody;
    this.isSecure = isSecure;
  }

  void install(RoutesConfig server, List<Route> routes) {
    server.before(this::careful);
    for (Route route : routes) {
      serve(server, route.method(), route);
      if (route.isReading()) {
        serve(server, "HEAD", route.isFinite() ? route : route.withoutHead());
      }
    }
    server.exception(Exception.class, Pipeline::tell);
    // Javalin has an own, more particular one for these.
    server.exception(HttpResponseException.class, Pipeline::tell);
  }

  private void serve(RoutesConfig server, String method, Route route) {
    server.addHttpHandler(
        HandlerType.findOrCreate(method), route.path(), request -> run(route, request));
  }

  private void careful(Context request) {
    request.header("X-Content-Type-Options", "nosniff");
    request.header("Cache-Control", "no-store");
    request.header("Referrer-Policy", "no-referrer");
    request.header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    request.header("Cross-Origin-Resource-Policy", "same-origin");
    if (isSecure) {
      request.header("Strict-Transport-Security", "max-age=31536000");
    }
  }

  private void run(Route route, Context request) throws Exception {
    try {
      Caller caller = admitted(route, request);
      work(caller, route, new Call(request, caller, longestBody, door(route, request, caller)));
    } catch (Error e) {
      // Javalin would answer with nothing, and nobody could tell which request it was.
      tell(e, request);
    }
  }

  /** Strangers and people, of whom nobody knows how they behave; programs have a key. */
  private Crowds.Door door(Route route, Context request, Caller caller) {
    if (caller.role() != Role.USER) {
      return Crowds.Door.WIDE_OPEN;
    }
    return crowds.door(route.isOpen() ? stranger(request) : caller.name());
  }

  private String stranger(Context request) {
    return "address:" + access.address(request);
  }

  private void work(Caller caller, Route route, Call call) throws Exception {
    if (route.isReading() || route.isOpen()) {
      route.work().answer(call);
    } else {
      inNameOf(caller, route, call);
    }
  }

  /** Who calls, if they may. */
  Caller admitted(Route route, Context request) {
    if (route.isOpen()) {
      limits.count(stranger(request));
      return Caller.key("anybody", Role.USER);
    }
    Caller caller = access.caller(request);
    limits.count(caller.name());
    Access.require(caller, route, request.pathParamMap().getOrDefault("id", ""));
    requireAcceptable(request, route.type());
    return caller;
  }

  private static void requireAcceptable(Context request, String type) {
    String accept = request.header("Accept");
    if (accept != null && !accept.isBlank() && !Accept.takes(accept, type)) {
      throw Problem.notAcceptable(type);
    }
  }

  /** What is changed is logged by the library as the caller's doing. */
  private void inNameOf(Caller caller, Route route, Call call) throws Exception {
    Exception[] fault = new Exception[1];
    dispatcher
        .audit()
        .inNameOf(
            caller.name(),
            "rest api",
            () -> {
              try {
                route.work().answer(call);
              } catch (Exception e) {
                fault[0] = e;
              }
              return true;
            });
    if (fault[0] != null) {
      throw fault[0];
    }
  }

  private static void tell(Throwable fault, Context request) {
    Problem problem = Faults.problem(fault);
    problem.headers().forEach(request::header);
    request
        .status(problem.status())
        .contentType(Problem.CONTENT_TYPE)
        .result(Json.write(problem.fields()));
  }
}
