package dev.notify.http;

import dev.notify.http.Reply.Silence;
import dev.notify.model.Outcome;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;

/**
 * Puts silence into words. Never an exception's own message: it can hold the address called, and
 * that can hold an account.
 */
final class Silences {

  /**
   * HTTP/2's word that a request was not looked at (RFC 9113, 8.7). OkHttp says it only in this
   * message; its exception's class is internal.
   */
  private static final String REFUSED_STREAM = "stream was reset: REFUSED_STREAM";

  private Silences() {}

  static Silence failed(Departure departure, Throwable fault) {
    if (REFUSED_STREAM.equals(fault.getMessage())) {
      return new Silence(Outcome.retryable("the server was not ready for the request"));
    }
    return departure.callOff()
        ? new Silence(Outcome.retryable("not sent: " + whyNotSent(fault)))
        : new Silence(Outcome.unknown("sent, but " + whyNotAnswered(fault)));
  }

  static Silence interrupted(boolean calledOff) {
    return new Silence(
        calledOff
            ? Outcome.retryable("not sent: interrupted")
            : Outcome.unknown("sent, but interrupted before the answer"));
  }

  private static String whyNotSent(Throwable fault) {
    if (fault instanceof UnknownHostException) {
      return "host not found";
    }
    if (fault instanceof ConnectException) {
      return "no connection";
    }
    if (fault instanceof SSLException) {
      return "no secure connection";
    }
    return fault instanceof InterruptedIOException
        ? "no connection in time"
        : fault.getClass().getSimpleName();
  }

  private static String whyNotAnswered(Throwable fault) {
    return fault instanceof InterruptedIOException
        ? "no answer in time"
        : "the answer broke off (" + fault.getClass().getSimpleName() + ")";
  }
}
