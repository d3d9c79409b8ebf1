package dev.notify.benchmarks.chaos;

import static dev.notify.benchmarks.chaos.Answer.ACCEPTED;
import static dev.notify.benchmarks.chaos.Answer.FAILED;
import static dev.notify.benchmarks.chaos.Answer.TURNED_AWAY;
import static dev.notify.benchmarks.chaos.Answer.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.benchmarks.chaos.Violation.Law;
import java.util.Optional;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.api.Test;

/** Histories that were made up, each with one thing in it that must be found, or excused. */
class CheckerTest {

  private final Story story = new Story().lives("w1.1", 0, 20_000).lives("w2.1", 0, 20_000);

  private ListAssert<Law> assertViolated() {
    return assertThat(story.check().violations().stream().map(Violation::law).toList());
  }

  @Test
  void aHistoryWithoutFaultsIsClean() {
    story
        .accepted("w1.1", 100, "a")
        .called("w1.1", 101, "a", ACCEPTED)
        .written("w1.1", 110, "a", "SENT")
        .isSent("a");

    Verdict verdict = story.check();

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.isClean()).isTrue();
    assertThat(verdict.counts().accepted()).isEqualTo(1);
    assertThat(verdict.counts().calls()).isEqualTo(1);
    assertThat(verdict.counts().duplicates()).isZero();
  }

  @Test
  void whatWasAcceptedAndIsNowhereIsLost() {
    story.accepted("w1.1", 100, "a").isOpen("a", Optional.empty(), "RETRY");

    assertViolated().contains(Law.LOST);
  }

  @Test
  void whatWasTriedAndHasNoRecordIsLost() {
    story.accepted("w1.1", 100, "a").called("w1.1", 101, "a", ACCEPTED);

    assertViolated().contains(Law.LOST);
  }

  @Test
  void whatEndedUntriedForNoReasonThatHoldsIsLost() {
    story.accepted("w1.1", 100, "a").ended("a", "EXPIRED", "EXPIRED", 0);
    assertViolated().containsExactly(Law.LOST);
  }

  @Test
  void whatWasTriedAndGivenUpForNoReasonThatHoldsIsLost() {
    story
        .accepted("w1.1", 100, "a")
        .called("w1.1", 101, "a", FAILED)
        .ended("a", "DEAD", "REJECTED", 1)
        .accepted("w1.1", 200, "b")
        .called("w1.1", 201, "b", FAILED)
        .ended("b", "DEAD", "UNCONFIRMED", 1);

    assertViolated().containsExactly(Law.LOST, Law.LOST);
  }

  @Test
  void whatWasTriedAsOftenAsItMayOrIsInDoubtForGoodIsNotLost() {
    story
        .accepted("w1.1", 100, "a")
        .called("w1.1", 101, "a", FAILED)
        .ended("a", "DEAD", "ATTEMPTS_USED_UP", 12)
        .accepted("w1.1", 200, "b")
        .called("w1.1", 201, "b", UNKNOWN)
        .ended("b", "DEAD", "UNCONFIRMED", 1);

    assertViolated().isEmpty();
  }

  @Test
  void whatExpiredUntriedAsItMayIsNotLost() {
    story
        .accepted("w1.1", 100, "a", "expiresIn", 500)
        .ended("a", "EXPIRED", "EXPIRED", 0)
        .accepted("w1.1", 100, "b")
        .ended("b", "DEAD", "QUARANTINED", 0);

    assertViolated().isEmpty();
  }

  @Test
  void whatWasNotAcceptedMayBeThereOrNot() {
    story
        .note("w1.1", 100, What.INTENT, "send", "send-of-a")
        .note("w1.1", 110, What.INTENT, "send", "send-of-b")
        .called("w1.1", 101, "a", ACCEPTED)
        .isSent("a");

    assertViolated().isEmpty();
  }

  @Test
  void whatIsRecordedAsSentThoughNobodyAcceptedItIsFalse() {
    story.accepted("w1.1", 100, "a").called("w1.1", 101, "a", FAILED).isSent("a");

    assertViolated().containsExactly(Law.FALSELY_SENT);
  }

  @Test
  void aCallAfterOneThatWasAcceptedNeedsAnExcuse() {
    story
        .accepted("w1.1", 100, "a")
        .called("w1.1", 101, "a", ACCEPTED)
        .called("w2.1", 200, "a", ACCEPTED)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aCallAfterOneThatWasRefusedIsARetry() {
    story
        .accepted("w1.1", 100, "a")
        .called("w1.1", 101, "a", FAILED)
        .called("w2.1", 200, "a", TURNED_AWAY)
        .called("w2.1", 300, "a", UNKNOWN)
        .called("w2.1", 400, "a", ACCEPTED)
        .isSent("a");

    Verdict verdict = story.check();

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.counts().retries()).isEqualTo(3);
    assertThat(verdict.counts().askedAgain()).isEqualTo(1);
  }

  @Test
  void aLostAnswerOfAProviderWithoutKeysIsNoReasonToAskAgain() {
    story
        .accepted("w1.1", 100, "a")
        .called("w1.1", 101, "a", UNKNOWN, false, 1_000_000)
        .called("w1.1", 200, "a", ACCEPTED, false, 1_000_000)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aKillExcusesWhatItsProcessHadNotWritten() {
    story
        .lives("w3.1", 0, 900)
        .accepted("w3.1", 800, "a")
        .called("w3.1", 801, "a", ACCEPTED)
        .accepted("w3.1", 802, "b")
        .calledWithoutAnswer("w3.1", 803, "b")
        .killed("w3.1", 1_000)
        .called("w1.1", 3_000, "a", ACCEPTED)
        .called("w1.1", 3_500, "b", ACCEPTED)
        .isSent("a")
        .isSent("b");

    Verdict verdict = story.check();

    assertThat(verdict.violations()).isEmpty();
    assertThat(verdict.counts().duplicates()).isEqualTo(2);
    assertThat(verdict.counts().underWay()).isGreaterThanOrEqualTo(2);
    assertThat(verdict.recoveries()).containsExactly(2_000_000L, 2_500_000L);
  }

  @Test
  void aKillDoesNotExcuseWhatItsProcessHadWritten() {
    story
        .lives("w3.1", 0, 900)
        .accepted("w3.1", 800, "a")
        .called("w3.1", 801, "a", ACCEPTED)
        .written("w3.1", 810, "a", "SENT")
        .killed("w3.1", 1_000)
        .called("w1.1", 3_000, "a", ACCEPTED)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aKillOfAnotherProcessExcusesNothing() {
    story
        .accepted("w1.1", 800, "a")
        .called("w1.1", 801, "a", ACCEPTED)
        .killed("w2.1", 1_000)
        .called("w1.1", 3_000, "a", ACCEPTED)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aKillDoesNotExcuseWhatWasRepeatedBeforeIt() {
    story
        .accepted("w2.1", 800, "a")
        .called("w2.1", 801, "a", ACCEPTED)
        .called("w1.1", 900, "a", ACCEPTED)
        .killed("w2.1", 1_000)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aPausePastTheLeaseExcusesWhatWasNotWritten() {
    silentSince900()
        .paused("w3.1", 1_000, 3_000)
        .note("w3.1", 3_100, What.BEAT, "since", 3_050_000)
        .called("w1.1", 2_700, "a", ACCEPTED)
        .isSent("a");

    assertViolated().isEmpty();
  }

  @Test
  void aPauseShorterThanTheLeaseExcusesNothing() {
    silentSince900()
        .paused("w3.1", 1_000, 1_500)
        .note("w3.1", 1_600, What.BEAT, "since", 1_550_000)
        .note("w3.1", 1_900, What.CLOSED)
        .called("w1.1", 1_700, "a", ACCEPTED)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aPoolThatWasUsedUpPastTheLeaseExcusesWhatWasNotWritten() {
    story
        .lives("w3.1", 0, 900)
        .accepted("w3.1", 950, "a")
        .note("w3.1", 1_000, What.POOL_TAKEN)
        .called("w3.1", 1_100, "a", ACCEPTED)
        .note("w3.1", 2_900, What.POOL_FREE)
        .note("w3.1", 3_000, What.BEAT, "since", 2_950_000)
        .called("w1.1", 2_700, "a", ACCEPTED)
        .isSent("a");

    assertViolated().isEmpty();
  }

  @Test
  void aServerThatWasAwayForAllExcusesNothing() {
    silentSince900()
        .harmed(Kind.RESTART_FAST, "server", 1_000, 3_000)
        .note("w3.1", 3_100, What.BEAT, "since", 3_050_000)
        .called("w1.1", 3_200, "a", ACCEPTED)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  /** Its last heartbeat was at 900; what the provider took at 951 it never wrote down. */
  private Story silentSince900() {
    return story
        .lives("w3.1", 0, 900)
        .accepted("w3.1", 950, "a")
        .called("w3.1", 951, "a", ACCEPTED);
  }

  /** The server was away; another one calls just before the process beats again. */
  private void repeatedAfterAnOutage(long waitedUntil, long beatAgain) {
    silentSince900()
        .harmed(Kind.RESTART_FAST, "server", 1_000, 1_800)
        .note("w3.1", 2_000, What.WAITED, "since", 1_000_000)
        .note("w3.1", waitedUntil, What.WAITED, "since", 2_100_000)
        .note("w3.1", beatAgain, What.BEAT, "since", beatAgain * 1_000 - 50_000)
        .called("w1.1", beatAgain - 30, "a", ACCEPTED)
        .isSent("a");
  }

  @Test
  void aPoolThatDidNotKnowThatTheServerWasBackExcusesWhatWasNotWritten() {
    repeatedAfterAnOutage(3_000, 3_100);

    assertViolated().isEmpty();
  }

  @Test
  void whoIsSilentThoughThePoolHadConnectionsAgainIsNotExcused() {
    repeatedAfterAnOutage(2_400, 4_100);

    assertViolated().containsExactly(Law.REPEATED);
  }

  /** What it waited for afterwards has nothing to do with its lease. */
  @Test
  void whoBeatAtOnceAndHadToWaitThenIsNotExcused() {
    silentSince900()
        .harmed(Kind.RESTART_FAST, "server", 1_000, 2_800)
        .note("w3.1", 2_900, What.BEAT, "since", 2_850_000)
        .note("w3.1", 4_000, What.WAITED, "since", 2_500_000)
        .called("w1.1", 2_890, "a", ACCEPTED)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aPoolThatDoesNotKnowForLongerThanPoolsTakeExcusesNothing() {
    repeatedAfterAnOutage(9_000, 9_100);

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aPoolThatHasNoConnectionThoughTheServerWasNotAwayExcusesNothing() {
    silentSince900()
        .note("w3.1", 3_000, What.WAITED, "since", 1_000_000)
        .note("w3.1", 3_100, What.BEAT, "since", 3_050_000)
        .called("w1.1", 3_020, "a", ACCEPTED)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aHiccupWhileTheServerWasAwayIsNoExcuseEither() {
    silentSince900()
        .harmed(Kind.RESTART_FAST, "server", 1_000, 3_000)
        .note("w3.1", 1_300, What.STALLED, "since", 1_040_000)
        .note("w3.1", 3_100, What.BEAT, "since", 3_050_000)
        .called("w1.1", 3_200, "a", ACCEPTED)
        .isSent("a");

    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void aProcessThatStoodStillByItselfPastItsLeaseIsExcusedAsOneThatWasPaused() {
    silentSince900()
        .note("w3.1", 3_000, What.STALLED, "since", 1_000_000)
        .note("w3.1", 3_100, What.BEAT, "since", 3_050_000)
        .called("w1.1", 2_700, "a", ACCEPTED)
        .isSent("a");

    assertViolated().isEmpty();
  }

  @Test
  void whoWasPausedMayDoWhatItHadDecidedAsSoonAsItGoesOnAndNotLater() {
    story
        .lives("w3.1", 0, 900)
        .accepted("w1.1", 950, "a")
        .accepted("w1.1", 950, "b")
        .paused("w3.1", 1_000, 3_000)
        .note("w3.1", 3_100, What.BEAT, "since", 3_050_000)
        .called("w1.1", 2_700, "a", ACCEPTED)
        .written("w1.1", 2_710, "a", "SENT")
        .called("w1.1", 2_700, "b", ACCEPTED)
        .written("w1.1", 2_710, "b", "SENT")
        .called("w3.1", 3_010, "a", ACCEPTED)
        .isSent("a")
        .isSent("b");
    assertViolated().isEmpty();

    story.called("w3.1", 4_500, "b", ACCEPTED);
    assertViolated().containsExactly(Law.REPEATED);
  }

  @Test
  void whatIsScheduledMustNotComeEarly() {
    story
        .accepted("w1.1", 100, "a", "due", 5_000_000)
        .called("w1.1", 4_500, "a", ACCEPTED)
        .isSent("a");

    assertViolated().containsExactly(Law.EARLY);
  }

  @Test
  void nothingIsSentAfterItsExpiry() {
    story
        .accepted("w1.1", 100, "a", "expiresIn", 900)
        .called("w1.1", 1_500, "a", ACCEPTED, true, 1_000)
        .isSent("a");

    assertViolated().containsExactly(Law.LATE);
  }

  @Test
  void whoLookedAtTheClockBeforeAPauseCannotKnow() {
    story
        .accepted("w1.1", 100, "a", "expiresIn", 900)
        .paused("w1.1", 900, 1_490)
        .called("w1.1", 1_500, "a", ACCEPTED, true, 1_000)
        .isSent("a");

    assertViolated().isEmpty();
  }

  @Test
  void nothingIsTriedMoreOftenThanItMay() {
    story
        .accepted("w1.1", 100, "a")
        .accepted("w1.1", 100, "b")
        .ended("b", "DEAD", "ATTEMPTS_USED_UP", 13);
    story.called("w1.1", 200, "b", FAILED);
    for (int i = 0; i < 13; i++) {
      story.called("w1.1", 200 + i * 10, "a", i < 12 ? FAILED : ACCEPTED);
      story.written("w1.1", 205 + i * 10, "a", i < 12 ? "PENDING" : "SENT");
    }
    story.isSent("a");

    assertViolated().containsExactly(Law.TOO_OFTEN, Law.TOO_OFTEN);
  }

  @Test
  void aKeyStandsForOneNotification() {
    story
        .acceptedAs("k", "w1.1", 100, "a", "key", "k")
        .called("w1.1", 110, "a", ACCEPTED)
        .isSent("a")
        .acceptedAs("k", "w2.1", 200, "b", "key", "k")
        .called("w2.1", 210, "b", ACCEPTED)
        .isSent("b");

    assertViolated().containsExactly(Law.KEY_BROKEN);
  }

  @Test
  void whatIsOpenForEverIsStuck() {
    story
        .hasMessage("a")
        .isOpen("a", Optional.empty(), "")
        .isOpen("b", Optional.empty(), "")
        .hasMessage("c")
        .hasNode(3);

    assertViolated()
        .as("open; open without a message, twice wrong; a message alone; a node")
        .containsExactly(Law.STUCK, Law.STUCK, Law.STUCK, Law.STUCK, Law.STUCK);
  }

  @Test
  void whatIsOpenMustNotHaveEnded() {
    story
        .accepted("w1.1", 100, "a")
        .called("w1.1", 101, "a", ACCEPTED)
        .isSent("a")
        .isOpen("a", Optional.empty(), "");

    assertViolated().containsExactly(Law.STUCK);
  }

  @Test
  void whatAPersonHasToLookAtMayStayOpenIfItMayHaveBeenSentAndNobodyHoldsIt() {
    story
        .accepted("w1.1", 100, "a")
        .called("w1.1", 101, "a", UNKNOWN, false, 1_000_000)
        .isOpen("a", Optional.empty(), "HELD");
    assertViolated().isEmpty();
    assertThat(story.check().counts().held()).isEqualTo(1);

    story
        .accepted("w1.1", 100, "b")
        .called("w1.1", 101, "b", UNKNOWN, false, 1_000_000)
        .isOpen("b", Optional.of(7L), "HELD");
    assertViolated().contains(Law.STUCK);
  }

  @Test
  void recoveryIsCountedWhileSomebodyCouldTakeOver() {
    story
        .lives("w3.1", 0, 900)
        .accepted("w3.1", 800, "a")
        .calledWithoutAnswer("w3.1", 803, "a")
        .killed("w3.1", 1_000)
        .harmed(Kind.RESTART_IMMEDIATE, "server", 1_500, 4_500)
        .called("w1.1", 6_000, "a", ACCEPTED)
        .isSent("a");

    assertThat(story.check().recoveries()).containsExactly(2_000_000L);
  }

  @Test
  void whatIsWrittenOfALaterLeaseIsNotOfTheEarlierCall() {
    silentSince900()
        .paused("w3.1", 1_000, 3_000)
        .called("w1.1", 2_700, "a", FAILED)
        .written("w1.1", 2_710, "a", "PENDING")
        .written("w3.1", 3_500, "a", "PENDING")
        .called("w1.1", 4_000, "a", ACCEPTED)
        .isSent("a");

    assertViolated().isEmpty();
  }

  @Test
  void whatIsPutOffInALaterLeaseOfTheSameProcessIsNotOfItsEarlierCall() {
    silentSince900()
        .paused("w3.1", 1_000, 3_000)
        .note("w3.1", 3_100, What.BEAT, "since", 3_050_000)
        .written("w1.1", 2_900, "a", "PENDING")
        .written("w3.1", 3_200, "a", "PENDING")
        .called("w3.1", 4_000, "a", ACCEPTED)
        .isSent("a");

    assertViolated().isEmpty();
  }
}
