package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Outcome;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one device's answer may do to the others, and to itself. */
class OneDeviceAndAllTest {

  @Test
  void aSubscriptionMadeWithAnotherKeyStopsNobodyElseAtMozillaEither() {
    // autopush-rs: VapidError::KeyMismatch, which is 401 and errno 109.
    Answer answer =
        new Answer(
            401,
            Optional.empty(),
            "{\"code\":401,\"errno\":109,\"error\":\"Unauthorized\","
                + "\"message\":\"VAPID public key mismatch\"}");

    assertThat(WebPushErrors.outcome(answer, true, "reference"))
        .isInstanceOf(Outcome.Rejected.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 500, 502, 504, 520})
  void whoeverBrokeOffAfterTheRequestLeftMayHaveSentIt(int status) {
    Answer answer = new Answer(status, Optional.empty(), "<html>Bad gateway</html>");

    assertThat(FcmErrors.outcome(answer)).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void aWrongProjectRetiresNoToken() {
    // No FcmError: it is the project that was not found.
    Answer answer =
        new Answer(
            404,
            Optional.empty(),
            "{\"error\":{\"code\":404,\"message\":\"Requested entity was not found.\","
                + "\"status\":\"NOT_FOUND\"}}");

    assertThat(FcmErrors.outcome(answer)).isNotInstanceOf(Outcome.InvalidAddress.class);
  }
}
