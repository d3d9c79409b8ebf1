package dev.notify.examples.standin;

import dev.notify.examples.standin.LoopbackHttp.Request;
import dev.notify.examples.standin.LoopbackHttp.Response;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** One account at Twilio: takes text messages, and is out of order for some numbers. */
public final class TwilioStandIn implements AutoCloseable {

  /**
   * A text message that was taken.
   *
   * @param from the sender
   * @param to the phone number
   * @param body the text
   */
  public record Sms(String from, String to, String body) {}

  private final String accountSid;
  private final String authToken;
  private final Set<String> downFor;
  private final List<Sms> received = new CopyOnWriteArrayList<>();
  private final LoopbackHttp http;

  /** Opens an account that answers 503 when a message is for one of these numbers. */
  TwilioStandIn(String accountSid, String authToken, Set<String> downFor) {
    this.accountSid = accountSid;
    this.authToken = authToken;
    this.downFor = downFor;
    this.http = LoopbackHttp.answering(this::answer);
  }

  private Response answer(Request request) {
    if (!request.path().equals("/2010-04-01/Accounts/" + accountSid + "/Messages.json")) {
      return error(404, 20404, "The requested resource was not found");
    }
    if (!request.authorization().equals(Optional.of(basic()))) {
      return error(401, 20003, "Authenticate");
    }
    Map<String, String> form = form(request.body());
    Sms sms =
        new Sms(
            form.getOrDefault("From", ""),
            form.getOrDefault("To", ""),
            form.getOrDefault("Body", ""));
    if (downFor.contains(sms.to())) {
      return error(503, 20503, "Service unavailable");
    }
    received.add(sms);
    return new Response(
        201, "{\"sid\": \"SM%032x\", \"status\": \"queued\"}".formatted(received.size()));
  }

  private static Response error(int status, int code, String message) {
    return new Response(
        status,
        "{\"code\": %d, \"message\": \"%s\", \"status\": %d}".formatted(code, message, status));
  }

  private String basic() {
    byte[] login = (accountSid + ":" + authToken).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(login);
  }

  private static Map<String, String> form(String body) {
    return Arrays.stream(body.split("&"))
        .map(field -> field.split("=", 2))
        .collect(Collectors.toMap(field -> decoded(field[0]), field -> decoded(field[1])));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /** Where it listens. */
  public URI url() {
    return http.url();
  }

  /** The account. */
  public String accountSid() {
    return accountSid;
  }

  /** The account's secret. */
  public String authToken() {
    return authToken;
  }

  /** What was taken so far. */
  public List<Sms> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    http.close();
  }
}
