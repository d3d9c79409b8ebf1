package dev.notify.push;

import com.eatthepath.pushy.apns.PushNotificationResponse;
import dev.notify.model.Outcome;
import java.time.Instant;
import java.util.Optional;

/** What came of a call. */
sealed interface ApnsReply {

  /**
   * APNs answered.
   *
   * @param status HTTP status
   * @param reason Apple's word for what is wrong; empty if there is none
   * @param since when the token died, where APNs tells
   * @param id the {@code apns-id}; empty if there is none
   */
  record Answer(int status, String reason, Optional<Instant> since, String id)
      implements ApnsReply {

    static Answer of(PushNotificationResponse<ApnsPush> response) {
      return new Answer(
          response.getStatusCode(),
          response.getRejectionReason().orElse(""),
          response.getTokenInvalidationTimestamp(),
          response.getApnsId() == null ? "" : response.getApnsId().toString());
    }

    boolean isSuccess() {
      return status == 200;
    }
  }

  /**
   * No answer came.
   *
   * @param outcome retryable if the request surely never left, else unknown
   */
  record Silence(Outcome outcome) implements ApnsReply {}
}
