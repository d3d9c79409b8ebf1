package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.InvalidAddress;
import dev.notify.model.Outcome.Retryable;
import dev.notify.model.Outcome.Throttled;
import dev.notify.spi.OutboundMessage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies on the envelope: whatever becomes of them, the outcome is about the recipient. */
class CopiesTest {

  private static final String JANE = "RCPT TO:<jane.doe@example.org>";
  private static final String CAROL = "RCPT TO:<carol@example.org>";
  private static final String BOB = "RCPT TO:<bob@example.org>";

  private final ScriptedRelay relay = new ScriptedRelay();

  @AfterEach
  void close() throws Exception {
    relay.close();
  }

  @Test
  void allStandOnOneEnvelopeTheRecipientFirst() {
    Outcome outcome = deliver();

    assertThat(outcome).isInstanceOf(Accepted.class);
    assertThat(relay.commands)
        .startsWith(
            "EHLO app.example.com", "MAIL FROM:<shop@example.com>", JANE, CAROL, BOB, "DATA");
    assertThat(relay.mails).singleElement().asString().contains("Cc: Carol <carol@example.org>");
    assertThat(relay.mails.get(0)).doesNotContain("bob");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "550 5.1.1 unknown",
        "550 no",
        "554 5.7.1 spam",
        "450 4.2.0 greylisted",
        "452 4.5.3 too many recipients",
        "503 bad sequence"
      })
  void aRefusedCopyIsLeftOut(String reply) {
    relay.answer(CAROL, reply);

    Outcome outcome = deliver();

    assertThat(outcome).isInstanceOf(Accepted.class);
    assertThat(relay.mails).hasSize(1);
    assertThat(relay.commands).contains(BOB, "DATA");
  }

  @Test
  void allCopiesMayBeRefused() {
    relay.answer(CAROL, "550 5.1.1 unknown").answer(BOB, "550 5.1.1 unknown");

    assertThat(deliver()).isInstanceOf(Accepted.class);
    assertThat(relay.mails).hasSize(1);
  }

  @Test
  void aRefusedRecipientEndsTheMailForAll() {
    relay.answer(JANE, "550 5.1.1 unknown");

    assertThat(deliver()).isInstanceOf(InvalidAddress.class);
    assertThat(relay.mails).isEmpty();
    assertThat(relay.commands).doesNotContain(CAROL, BOB, "DATA");
  }

  @Test
  void aFailoverSendsNoCopyTwice() throws Exception {
    relay.answer(JANE, "451 4.3.0 local error");
    try (ScriptedRelay second = new ScriptedRelay()) {

      assertThat(deliver()).isInstanceOf(Retryable.class);
      assertThat(deliver(second)).isInstanceOf(Accepted.class);

      assertThat(relay.mails).isEmpty();
      assertThat(second.mails).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({"554 5.7.1 spam, Rejected", "451 4.3.0 local error, Retryable"})
  void aRefusalOfTheContentIsAboutTheRecipientToo(String reply, String expected) {
    relay.answer(CAROL, "550 5.1.1 unknown").answer(".", reply);

    assertThat(deliver().getClass().getSimpleName()).isEqualTo(expected);
  }

  @Test
  void aRelayThatLeavesAtACopyHasTakenNothing() {
    relay.answer(CAROL, "421 4.7.0 too much");
    assertThat(deliver()).isInstanceOf(Throttled.class);

    relay.answer(CAROL, ScriptedRelay.CUT);
    assertThat(deliver()).isInstanceOf(Retryable.class);

    assertThat(relay.mails).isEmpty();
  }

  @Test
  void theNextMailOfAConnectionKnowsNothingOfTheLastOnesCopies() {
    relay.answer(CAROL, "550 5.1.1 unknown");
    try (SmtpProvider provider = Mails.plain(relay.port()).build()) {
      provider.deliver(message());
      provider.deliver(Mails.message());
    }

    assertThat(relay.connections).hasValue(1);
    assertThat(relay.commands.stream().filter(CAROL::equals)).hasSize(1);
    assertThat(relay.commands.stream().filter(JANE::equals)).hasSize(2);
  }

  @Test
  void nobodyIsNamedTwice() {
    EmailOptions options =
        EmailOptions.builder()
            .cc(Address.email("Jane.Doe@Example.ORG"))
            .cc(Address.email("carol@example.org"))
            .bcc(Address.email("CAROL@example.org"))
            .build();

    try (SmtpProvider provider = Mails.plain(relay.port()).build()) {
      provider.deliver(Mails.message(Mails.content().toBuilder().email(options).build()));
    }

    assertThat(relay.count("RCPT")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nobody", "a@b@example.org", "x y@example.org", "jöhn@example.org"})
  void aCopyThatIsNoAddressIsSaidBeforeAnythingIsSent(String address) {
    Content content =
        Mails.content().toBuilder()
            .email(EmailOptions.builder().bcc(Address.email(address)).build())
            .build();

    try (SmtpProvider provider = Mails.plain(relay.port()).build()) {
      assertThat(provider.problemWith(content))
          .hasValueSatisfying(
              text -> assertThat(text).startsWith("email.bcc: ").doesNotContain(address));
    }
  }

  private Outcome deliver() {
    return deliver(relay);
  }

  private static Outcome deliver(ScriptedRelay relay) {
    try (SmtpProvider provider = Mails.plain(relay.port()).build()) {
      return provider.deliver(message());
    }
  }

  private static OutboundMessage message() {
    EmailOptions options =
        EmailOptions.builder()
            .cc(Address.email("carol@example.org").named("Carol"))
            .bcc(Address.email("bob@example.org"))
            .build();
    return Mails.message(Mails.content().toBuilder().email(options).build());
  }
}
