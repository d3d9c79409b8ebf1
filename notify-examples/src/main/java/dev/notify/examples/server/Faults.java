package dev.notify.examples.server;

import dev.notify.model.ConfigurationException;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.NotifyException;
import dev.notify.model.RefusedException;
import dev.notify.model.TemplateException;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the library, or the HTTP library, has against a request, as a problem: the one place. */
final class Faults {

  private static final Logger log = LoggerFactory.getLogger(Faults.class);

  /** What the library calls otherwise than the requests do. */
  private static final Map<String, String> NAMES =
      Map.of(
          "recipient", "userId",
          "template", "templateName",
          "content", "body",
          "schedule", "scheduledAt");

  /** Objects of the library's whose parts stand by themselves in a request. */
  private static final Set<String> INSIDE = Set.of("recipient", "device");

  private Faults() {}

  static Problem problem(Throwable fault) {
    if (fault instanceof Problem problem) {
      return problem;
    }
    if (fault instanceof InvalidNotificationException invalid) {
      return invalid(invalid);
    }
    if (fault instanceof TemplateException template) {
      return Problem.field("templateName", String.valueOf(template.getMessage()));
    }
    if (fault instanceof RefusedException refused) {
      return refused(refused);
    }
    if (fault instanceof ConfigurationException || fault instanceof NotifyException) {
      return Problem.conflict(String.valueOf(fault.getMessage()));
    }
    if (fault instanceof HttpResponseException http) {
      return http(http);
    }
    return unexpected(fault);
  }

  /** Under the name that the request has for it. */
  static Problem invalid(InvalidNotificationException invalid) {
    String field = invalid.field();
    String first = field.split("[.\\[]", 2)[0];
    boolean isInside = INSIDE.contains(first) && field.startsWith(first + ".");
    String name =
        isInside
            ? field.substring(first.length() + 1)
            : NAMES.getOrDefault(first, first) + field.substring(first.length());
    return invalid(name, invalid);
  }

  /** Under a name that is known; the message begins with the library's own. */
  static Problem invalid(String name, InvalidNotificationException invalid) {
    String message = String.valueOf(invalid.getMessage());
    return Problem.field(name, message.substring(invalid.field().length() + 2));
  }

  private static Problem refused(RefusedException refused) {
    String message = String.valueOf(refused.getMessage());
    return switch (refused.why()) {
      case KEY_REUSED -> Problem.keyReused(message);
      case QUEUE_FULL -> Problem.unavailable(message, Duration.ofSeconds(1));
      case CLOSED -> Problem.unavailable(message, Duration.ofSeconds(10));
      case STORE_UNAVAILABLE ->
          Problem.unavailable("the store cannot be reached", Duration.ofSeconds(5));
    };
  }

  private static Problem http(HttpResponseException fault) {
    int status = fault.getStatus();
    if (status == 404) {
      return Problem.notFound("there is nothing at this address");
    }
    if (status == 405) {
      return Problem.methodNotAllowed(
          String.valueOf(fault.getDetails().getOrDefault("availableMethods", "")));
    }
    return Problem.ofStatus(status, HttpStatus.forStatus(status).getMessage());
  }

  private static Problem unexpected(Throwable fault) {
    String number = UUID.randomUUID().toString();
    // Its text may hold anything, also what somebody sent.
    log.error("request failed, {}: {}", number, fault.getClass().getName());
    log.debug("request failed, {}", number, fault);
    return Problem.internal(number);
  }
}
