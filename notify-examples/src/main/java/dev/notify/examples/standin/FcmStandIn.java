package dev.notify.examples.standin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.notify.examples.standin.LoopbackHttp.Request;
import dev.notify.examples.standin.LoopbackHttp.Response;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Firebase Cloud Messaging with the token server that a service account asks first. Some devices
 * have uninstalled the app.
 */
public final class FcmStandIn implements AutoCloseable {

  /**
   * A push message that was taken.
   *
   * @param device the registration token
   * @param title the title
   * @param text the text
   */
  public record Push(String device, String title, String text) {}

  private static final String PROJECT = "coffee-shop";
  private static final String ACCESS_TOKEN = "access-token-of-the-stand-in";
  private static final String UNREGISTERED =
      """
      {"error": {"code": 404, "message": "Requested entity was not found.", "status": "NOT_FOUND",
        "details": [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError",
                     "errorCode": "UNREGISTERED"}]}}
      """;

  private final JsonMapper json = new JsonMapper();
  private final Set<String> deadDevices;
  private final List<Push> received = new CopyOnWriteArrayList<>();
  private final LoopbackHttp http;

  /** Starts with these devices gone. */
  FcmStandIn(Set<String> deadDevices) {
    this.deadDevices = deadDevices;
    this.http = LoopbackHttp.answering(this::answer);
  }

  private Response answer(Request request) {
    return switch (request.path()) {
      case "/token" -> accessToken();
      case "/v1/projects/" + PROJECT + "/messages:send" -> send(request);
      default -> new Response(404, "{\"error\": {\"code\": 404, \"status\": \"NOT_FOUND\"}}");
    };
  }

  /** Believes every service account; the real one checks the signature. */
  private static Response accessToken() {
    return new Response(
        200,
        "{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 3599}"
            .formatted(ACCESS_TOKEN));
  }

  private Response send(Request request) {
    if (!request.authorization().equals(Optional.of("Bearer " + ACCESS_TOKEN))) {
      return new Response(401, "{\"error\": {\"code\": 401, \"status\": \"UNAUTHENTICATED\"}}");
    }
    JsonNode message = parsed(request.body()).path("message");
    JsonNode shown = message.path("notification");
    Push push =
        new Push(
            message.path("token").asText(),
            shown.path("title").asText(),
            shown.path("body").asText());
    if (deadDevices.contains(push.device())) {
      return new Response(404, UNREGISTERED);
    }
    received.add(push);
    return new Response(
        200, "{\"name\": \"projects/%s/messages/%d\"}".formatted(PROJECT, received.size()));
  }

  private JsonNode parsed(String body) {
    try {
      return json.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + body, e);
    }
  }

  /** Where it listens. */
  public URI url() {
    return http.url();
  }

  /** A service account, in the form in which the Firebase console hands it out. */
  public InputStream serviceAccount() {
    String account =
        json.valueToTree(
                Map.of(
                    "type",
                    "service_account",
                    "project_id",
                    PROJECT,
                    "private_key_id",
                    "1",
                    "private_key",
                    newPrivateKey(),
                    "client_email",
                    "sender@" + PROJECT + ".iam.gserviceaccount.com",
                    "client_id",
                    "1",
                    "token_uri",
                    url() + "/token"))
            .toString();
    return new ByteArrayInputStream(account.getBytes(StandardCharsets.UTF_8));
  }

  private static String newPrivateKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key);
      return "-----BEGIN PRIVATE KEY-----\n" + lines + "\n-----END PRIVATE KEY-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has RSA", e);
    }
  }

  /** What was taken so far. */
  public List<Push> received() {
    return List.copyOf(received);
  }

  @Override
  public void close() {
    http.close();
  }
}
