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

  private Faults() {}

  static Problem problem(Throwable fault) {
    if (fault instanceof Problem problem) {
      return problem;
    }
    if (fault instanceof InvalidNotificationException invalid) {
      return Problem.field(
          NAMES.getOrDefault(invalid.field(), invalid.field()),
          String.valueOf(invalid.getMessage()));
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
