package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every reply that relays document, over the wire, at the moment it comes. */
class ReplyTableTest {

  @ParameterizedTest(name = "{0}: {1} is {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # success
          RCPT    | 251 2.1.5 will forward                                   | Accepted       |
          RCPT    | 252 2.1.5 cannot verify                                  | Accepted       |
          .       | 250 ok                                                   | Accepted       |
          .       | 251 taken                                                | Accepted       |

          # the relay itself
          CONNECT | 421 4.7.0 too many connections                           | Throttled      |
          CONNECT | 450 4.3.2 try later                                      | Retryable      | PT5M
          CONNECT | 454 4.7.0 try later                                      | Retryable      |
          CONNECT | 554 5.7.1 your host is blocked                           | Misconfigured  |
          CONNECT | 554 no SMTP service here                                 | Misconfigured  |
          EHLO    | 421 4.3.2 shutting down                                  | Throttled      |

          # log-in
          AUTH    | 535 5.7.8 Authentication credentials invalid             | Misconfigured  |
          AUTH    | 534 5.7.9 mechanism too weak                             | Misconfigured  |
          AUTH    | 538 5.7.11 encryption required                           | Misconfigured  |
          AUTH    | 504 5.5.4 mechanism not known                            | Misconfigured  |
          AUTH    | 454 4.7.0 Temporary authentication failure               | Retryable      |
          AUTH    | 421 4.7.0 try later                                      | Retryable      |
          AUTH    | 451 4.3.0 try later                                      | Retryable      |
          AUTH    | 451 Authentication failed: Maximum credits exceeded      | Misconfigured  |
          AUTH    | 454 Throttling failure: Maximum sending rate exceeded.   | Throttled      |

          # sender
          MAIL    | 550 5.7.1 sender not allowed                             | Misconfigured  |
          MAIL    | 550 no                                                   | Misconfigured  |
          MAIL    | 553 5.1.8 sender's domain unknown                        | Misconfigured  |
          MAIL    | 501 5.1.7 bad sender syntax                              | Misconfigured  |
          MAIL    | 550 5.1.1 no such user                                   | Misconfigured  |
          MAIL    | 530 5.7.0 Authentication required                        | Misconfigured  |
          MAIL    | 530 Must issue a STARTTLS command first                  | Misconfigured  |
          MAIL    | 551 no                                                   | Rejected       |
          MAIL    | 552 5.3.4 message too big                                | Rejected       |
          MAIL    | 503 5.5.1 bad sequence                                   | Rejected       |
          MAIL    | 554 Access denied                                        | Misconfigured  |
          MAIL    | 421 4.3.0 closing                                        | Throttled      |
          MAIL    | 451 4.3.0 local error                                    | Retryable      |
          MAIL    | 451 4.7.0 slow down                                      | Throttled      |
          MAIL    | 452 4.3.1 out of storage                                 | Retryable      |
          MAIL    | 454 Throttling failure: Maximum sending rate exceeded.   | Throttled      |
          MAIL    | 454 Throttling failure: Daily message quota exceeded.    | Throttled      | PT1H

          # address: reply codes
          RCPT    | 421 4.3.2 closing                                        | Throttled      |
          RCPT    | 450 4.2.0 Greylisted, try again later                    | Retryable      | PT5M
          RCPT    | 450 mailbox busy                                         | Retryable      | PT5M
          RCPT    | 450 4.7.1 come back later                                | Retryable      | PT5M
          RCPT    | 450 4.7.28 mail flood                                    | Throttled      |
          RCPT    | 451 4.7.1 Greylisting in action                          | Retryable      | PT5M
          RCPT    | 451 4.3.0 local error                                    | Retryable      |
          RCPT    | 451 4.7.0 slow down                                      | Throttled      |
          RCPT    | 451 too many messages                                    | Throttled      |
          RCPT    | 451 rate limited                                         | Throttled      |
          RCPT    | 452 4.2.2 mailbox full                                   | Retryable      |
          RCPT    | 452 4.5.3 too many recipients                            | Retryable      |
          RCPT    | 454 4.3.0 not now                                        | Retryable      |
          RCPT    | 454 4.7.1 relay access denied                            | Throttled      |
          RCPT    | 455 not now                                              | Retryable      |
          RCPT    | 499 4.7.5 policy                                         | Throttled      |
          RCPT    | 500 5.5.1 what                                           | Rejected       |
          RCPT    | 501 5.5.2 what                                           | Rejected       |
          RCPT    | 502 what                                                 | Rejected       |
          RCPT    | 503 what                                                 | Rejected       |
          RCPT    | 504 what                                                 | Rejected       |
          RCPT    | 530 5.7.0 log in first                                   | Misconfigured  |
          RCPT    | 535 5.7.8 who are you                                    | Misconfigured  |
          RCPT    | 550 mailbox unavailable                                  | Rejected       |
          RCPT    | 550 5.0.0 no such user                                   | InvalidAddress |
          RCPT    | 550 relaying denied                                      | Rejected       |
          RCPT    | 550 blocked, see spamhaus                                | Rejected       |
          RCPT    | 550 User jane unknown                                    | InvalidAddress |
          RCPT    | 550 Invalid recipient                                    | InvalidAddress |
          RCPT    | 550 That account does not exist                          | InvalidAddress |
          RCPT    | 551 user not local                                       | Rejected       |
          RCPT    | 552 mailbox over quota                                   | Retryable      |
          RCPT    | 553 mailbox name not allowed                             | InvalidAddress |
          RCPT    | 554 transaction failed                                   | Rejected       |
          RCPT    | 554 Message rejected: Email address is not verified.     | Rejected       |
          RCPT    | 555 parameters not recognised                            | Rejected       |
          RCPT    | 556 domain takes no mail                                 | InvalidAddress |

          # address: enhanced status codes
          RCPT    | 550 5.1.0 other                                          | InvalidAddress |
          RCPT    | 550 5.1.1 User unknown                                   | InvalidAddress |
          RCPT    | 550 5.1.2 bad domain                                     | InvalidAddress |
          RCPT    | 501 5.1.3 bad syntax                                     | InvalidAddress |
          RCPT    | 550 5.1.4 ambiguous                                      | Rejected       |
          RCPT    | 550 5.1.5 valid                                          | Rejected       |
          RCPT    | 550 5.1.6 moved                                          | InvalidAddress |
          RCPT    | 550 5.1.7 bad sender syntax                              | Misconfigured  |
          RCPT    | 550 5.1.8 bad sender system                              | Misconfigured  |
          RCPT    | 550 5.1.9 not compliant                                  | Rejected       |
          RCPT    | 556 5.1.10 null MX                                       | InvalidAddress |
          RCPT    | 550 5.2.0 other                                          | Rejected       |
          RCPT    | 550 5.2.1 mailbox disabled                               | InvalidAddress |
          RCPT    | 552 5.2.2 mailbox full                                   | Retryable      |
          RCPT    | 552 5.2.3 message exceeds limit                          | Rejected       |
          RCPT    | 550 5.2.4 list expansion                                 | Rejected       |
          RCPT    | 550 5.3.0 other                                          | Rejected       |
          RCPT    | 552 5.3.4 too big                                        | Rejected       |
          RCPT    | 550 5.4.1 no answer from host                            | Rejected       |
          RCPT    | 550 5.4.4 unable to route                                | Rejected       |
          RCPT    | 550 5.4.7 expired                                        | Rejected       |
          RCPT    | 550 5.5.3 too many recipients                            | Rejected       |
          RCPT    | 550 5.6.0 media                                          | Rejected       |
          RCPT    | 550 5.7.1 refused by policy, user unknown                | Rejected       |
          RCPT    | 550 5.7.8 credentials invalid                            | Misconfigured  |
          RCPT    | 550 5.7.25 no reverse DNS                                | Rejected       |
          RCPT    | 550 5.7.26 unauthenticated mail                          | Rejected       |
          RCPT    | 450 5.1.1 class and reply disagree                       | Retryable      | PT5M
          RCPT    | 550 4.1.1 class and reply disagree                       | Rejected       |

          # content
          DATA    | 451 4.3.0 not now                                        | Retryable      |
          DATA    | 554 5.5.1 no valid recipients                            | Rejected       |
          DATA    | 550 5.1.1 late word on the address                       | Rejected       |
          .       | 421 4.3.0 closing                                        | Throttled      |
          .       | 450 4.2.0 greylisted                                     | Retryable      | PT5M
          .       | 451 4.7.0 Our system has detected an unusual rate        | Throttled      |
          .       | 452 4.3.1 out of storage                                 | Retryable      |
          .       | 550 5.1.1 no such user                                   | InvalidAddress |
          .       | 550 5.2.1 mailbox disabled                               | InvalidAddress |
          .       | 550 5.7.1 looks like spam                                | Rejected       |
          .       | 550 refused                                              | Rejected       |
          .       | 552 5.3.4 too big                                        | Rejected       |
          .       | 552 Message is too long.                                 | Rejected       |
          .       | 552 mailbox is full                                      | Retryable      |
          .       | 553 no                                                   | Rejected       |
          .       | 554 transaction failed                                   | Rejected       |
          .       | 554 5.7.1 spam                                           | Rejected       |
          .       | 554 Message rejected: Email address is not verified.     | Rejected       |
          .       | 554 Access denied                                        | Rejected       |
          .       | 556 domain takes no mail                                 | Rejected       |

          # nonsense
          MAIL    | 354 go on                                                | Retryable      |
          DATA    | 250 ok                                                   | Retryable      |
          .       | 354 go on                                                | Unknown        |
          .       | 999 what                                                 | Unknown        |
          .       | 25                                                       | Unknown        |
          """)
  void aReplyMeansOneThing(String moment, String reply, String expected, String retryAfter)
      throws Exception {
    try (ScriptedRelay relay = new ScriptedRelay().answer(moment, withAddress(reply));
        SmtpProvider provider =
            Mails.plain(relay.port()).username(Mails.USERNAME).password(Mails.PASSWORD).build()) {

      Outcome outcome = provider.deliver(Mails.message());

      assertThat(outcome.getClass().getSimpleName()).as(outcome.cause()).isEqualTo(expected);
      assertThat(retryAfter(outcome))
          .isEqualTo(Optional.ofNullable(retryAfter).map(Duration::parse));
      assertThat(outcome.cause()).doesNotContain("jane");
    }
  }

  @ParameterizedTest(name = "EHLO: {0} is {1}")
  @CsvSource({"500 what, Accepted", "502 what, Accepted", "550 5.7.1 blocked, Accepted"})
  void aRelayThatKnowsNoEhloIsGreetedTheOldWay(String reply, String expected) throws Exception {
    try (ScriptedRelay relay = new ScriptedRelay().answer("EHLO", reply);
        SmtpProvider provider = Mails.plain(relay.port()).build()) {
      assertThat(provider.deliver(Mails.message()).getClass().getSimpleName()).isEqualTo(expected);
      assertThat(relay.count("HELO")).isOne();
    }
  }

  @Test
  void anAnswerOfSeveralLinesMeansWhatItsFirstLineSays() throws Exception {
    String reply = "550-5.1.1 The account that you tried to reach\r\n550 5.1.1 does not exist";
    try (ScriptedRelay relay = new ScriptedRelay().answer("RCPT", reply);
        SmtpProvider provider = Mails.plain(relay.port()).build()) {
      assertThat(provider.deliver(Mails.message()))
          .isEqualTo(Outcome.invalidAddress("RCPT TO was answered with 550 5.1.1"));
    }
  }

  @Test
  void theTextOfARefusalIsKeptEvenIfTheConnectionBreaksRightAfterIt() throws Exception {
    try (ScriptedRelay relay =
            new ScriptedRelay().answer(".", "554 5.7.1 spam").answer("RSET", ScriptedRelay.CUT);
        SmtpProvider provider = Mails.plain(relay.port()).build()) {
      assertThat(provider.deliver(Mails.message())).isInstanceOf(Outcome.Rejected.class);
    }
  }

  /** Relays repeat the address in what they say; it must not come through. */
  private static String withAddress(String reply) {
    return reply.length() > 3 ? reply + " <jane.doe@example.org>" : reply;
  }

  private static Optional<Duration> retryAfter(Outcome outcome) {
    if (outcome instanceof Outcome.Throttled throttled) {
      return throttled.retryAfter();
    }
    return outcome instanceof Outcome.Retryable retryable
        ? retryable.retryAfter()
        : Optional.empty();
  }
}
