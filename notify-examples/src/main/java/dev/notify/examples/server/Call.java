package dev.notify.examples.server;

import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A request as a route sees it: who calls, what they gave, and where the answer goes. */
final class Call {

  private static final String JSON = "application/json";
  private static final String ID = "id";
  private static final Instant END_OF_TIME = Instant.parse("9999-01-01T00:00:00Z");
  private static final Duration LONGEST_READ = Duration.ofSeconds(30);

  private final Context context;
  private final Caller caller;
  private final int longestBody;
  private final Crowds.Door door;

  Call(Context context, Caller caller, int longestBody, Crowds.Door door) {
    this.context = context;
    this.caller = caller;
    this.longestBody = longestBody;
    this.door = door;
  }

  /** A stranger has shown by a signature who it is. */
  void believe() {
    door.believe();
  }

  Caller caller() {
    return caller;
  }

  Context context() {
    return context;
  }

  /** What the address names as {@code {id}}. */
  String id() {
    return context.pathParam(ID);
  }

  String path(String name) {
    return context.pathParam(name);
  }

  /** What the address names, as a type of the library's; nobody has what cannot be one. */
  <T> T path(String name, Function<String, T> parser) {
    try {
      return parser.apply(path(name));
    } catch (RuntimeException e) {
      throw Problem.notFound("there is none of this id");
    }
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(context.header(name));
  }

  /** Refuses parameters of the address beside these. */
  void expectQuery(String... known) {
    for (Map.Entry<String, List<String>> parameter : context.queryParamMap().entrySet()) {
      if (!List.of(known).contains(parameter.getKey())) {
        throw Problem.field(parameter.getKey(), "there is no such parameter here");
      }
      if (parameter.getValue().size() > 1) {
        throw Problem.field(parameter.getKey(), "is given twice");
      }
    }
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(context.queryParam(name));
  }

  <T> Optional<T> query(String name, Function<String, T> parser, String must) {
    return query(name)
        .map(
            text -> {
              try {
                return parser.apply(text);
              } catch (Problem problem) {
                throw problem;
              } catch (RuntimeException e) {
                throw Problem.field(name, "must be " + must);
              }
            });
  }

  /** A moment that databases can keep, and from which one can reckon. */
  static Instant moment(String text) {
    Instant moment = Instant.parse(text);
    if (moment.isBefore(Instant.EPOCH) || !moment.isBefore(END_OF_TIME)) {
      throw new IllegalArgumentException();
    }
    return moment;
  }

  int limit(int usual, int most) {
    int limit = query("limit", Integer::parseInt, "a whole number").orElse(usual);
    if (limit < 1 || limit > most) {
      throw Problem.field("limit", "must be from 1 to " + most);
    }
    return limit;
  }

  /** The body as a form reads it. */
  <T> T body(Function<Json, T> form) {
    requireJson();
    return Json.read(bytes(longestBody), form);
  }

  private void requireJson() {
    String type = Optional.ofNullable(context.contentType()).orElse("");
    String bare = type.split(";", 2)[0].strip();
    if (!bare.equalsIgnoreCase(JSON)) {
      throw Problem.unsupportedType(JSON);
    }
  }

  /** The body, at most so long. Never more than that is held, whatever its header says. */
  byte[] bytes(int most) {
    if (context.req().getContentLengthLong() > most) {
      throw Problem.tooLarge(most);
    }
    if (!hasBody()) {
      return new byte[0];
    }
    // What is done with it is not counted: only whoever sends can make that slow.
    door.enter();
    try {
      return bytes(context.req().getInputStream(), most);
    } catch (IOException e) {
      throw tooSlow();
    } finally {
      door.leave();
    }
  }

  private boolean hasBody() {
    return context.req().getContentLengthLong() > 0 || context.header("Transfer-Encoding") != null;
  }

  /** Who sends a byte now and then never comes to the connection's own time-out. */
  private static byte[] bytes(InputStream in, int most) throws IOException {
    long deadline = System.nanoTime() + LONGEST_READ.toNanos();
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    byte[] some = new byte[8_192];
    for (int count = in.read(some); count >= 0; count = in.read(some)) {
      if (body.size() + count > most) {
        throw Problem.tooLarge(most);
      }
      if (System.nanoTime() > deadline) {
        throw tooSlow();
      }
      body.write(some, 0, count);
    }
    return body.toByteArray();
  }

  private static Problem tooSlow() {
    return Problem.ofStatus(408, "The request did not come to its end in time")
        .with("Connection", "close");
  }

  void answer(Object json) {
    answer(200, json);
  }

  void answer(int status, Object json) {
    context.status(status).contentType(JSON).result(Json.write(json));
  }

  void text(String type, byte[] body) {
    context.status(200).contentType(type).result(body);
  }

  void noContent() {
    context.status(204);
  }
}
