package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.http.Reply.Answer;
import dev.notify.model.Address;
import dev.notify.model.Outcome;
import dev.notify.test.SampleMessages;
import java.util.Optional;
import okhttp3.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A refusal that is about us retires no address, and one about an address stops nobody else. */
class WhoIsToBlameTest {

  private static Outcome rcpt(String line) {
    return at(Step.RCPT, line);
  }

  private static Outcome at(Step step, String line) {
    return ReplyVerdict.of(
        step,
        Reply.parse(Integer.parseInt(line.substring(0, 3)), line).orElseThrow(),
        "Jane@example.org");
  }

  @ParameterizedTest
  @CsvSource({
    "jane@example.org, Rejected",
    "shop@example.com, Misconfigured",
    "'shop@example.com, jane@example.org', Misconfigured",
    "not-jane@example.org, Misconfigured",
  })
  void anUnverifiedIdentityIsOursUnlessItIsTheRecipientsAlone(String named, String expected) {
    Outcome outcome =
        at(
            Step.END,
            "554 Message rejected: Email address is not verified. The following identities failed"
                + " the check in region EU-WEST-1: "
                + named);

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"450 4.2.1 busy", "452 4.2.2 full", "451 greylisted", "552 5.2.2 full"})
  void aMailboxThatCannotTakeItNowDoesNotCountAgainstTheRelay(String line) {
    assertThat(rcpt(line)).isEqualTo(rcpt(line).ofThisAddressOnly());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Exim's own words for a refused sender, a deny without a message, and its example of a
        // blocked host.
        "550 Sender verify failed",
        "550 Administrative prohibition",
        "550 rejected because 192.0.2.1 is in a black list at bl.example.net",
        "550 Verification failed for <shop@example.com>",
        "550 Your IP address has been rejected",
        "550 No reverse DNS for your host",
        "550 Invalid HELO",
        "550 Too many recipients",
      })
  void aBare550ThatSpeaksOfUsRetiresNoAddress(String line) {
    assertThat(rcpt(line)).isNotInstanceOf(Outcome.InvalidAddress.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Postfix' words for a recipient that an access table refuses.
        "554 5.7.1 <jane@example.org>: Recipient address rejected: Access denied",
        // The SMTP entrance of SES in its sandbox; its HTTP entrance is Rejected for the same.
        "554 Message rejected: Email address is not verified. The following identities failed the"
            + " check in region EU-WEST-1: jane@example.org",
      })
  void aRefusedRecipientIsNoMisconfiguration(String line) {
    assertThat(rcpt(line)).isNotInstanceOf(Outcome.Misconfigured.class);
  }

  @Test
  void aPermanentRefusalIsNotTriedAgain() {
    // Exchange Online for a recipient whom its directory does not know (RFC 5321, 4.2.1: do not
    // repeat).
    assertThat(rcpt("550 5.4.1 Recipient address rejected: Access denied"))
        .isNotInstanceOf(Outcome.Retryable.class);
  }

  @Test
  void aRecipientWhoseAddressEndsInOursIsStillTheRecipient() throws Exception {
    Letter letter =
        Letter.of(
            SampleMessages.to(Address.email("my-shop@example.com"), Mails.content()),
            new Sender(
                MailAddresses.configured("from", "Shop <shop@example.com>"),
                Optional.empty(),
                Optional.empty()));
    Answer answer =
        new Answer(
            400,
            Optional.empty(),
            "{\"message\":\"Email address is not verified. The following identities failed the check"
                + " in region EU-WEST-1: my-shop@example.com\"}",
            Headers.of("x-amzn-ErrorType", "MessageRejected"));

    assertThat(SesErrors.outcome(answer, letter)).isInstanceOf(Outcome.Rejected.class);
  }

  @Test
  void anotherBodyUnderTheSameKeyLeavesTheFirstInDoubt() {
    // Resend keeps a key only of a request that it took.
    Answer answer = new Answer(409, Optional.empty(), "{\"name\":\"invalid_idempotent_request\"}");

    assertThat(ResendErrors.outcome(answer)).isInstanceOf(Outcome.Unknown.class);
  }
}
