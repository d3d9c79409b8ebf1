package dev.notify.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {

  private final Ledger ledger = new Ledger(2);

  private void sentInTheEnd(int number) {
    ledger.accepted(number);
    ledger.called(number);
    ledger.called(number);
    ledger.taken(number);
    ledger.sent(number);
  }

  @Test
  void whatIsSentAfterARetryIsInOrder() {
    sentInTheEnd(0);
    ledger.accepted(1);
    ledger.called(1);
    ledger.dead(1);

    assertThat(ledger.isSettled()).isTrue();
    assertThat(ledger.balance()).isEqualTo(new Ledger.Balance(2, 1, 1, 0, 0, 1));
  }

  @Test
  void whatWasAcceptedAndDidNotEndIsLost() {
    ledger.accepted(1);
    ledger.called(1);

    assertThat(ledger.isSettled()).isFalse();
    assertThat(ledger.balance().lost()).isEqualTo(1);
    assertThat(ledger.balance().isClean()).isFalse();
  }

  @Test
  void whatIsToldToBeSentButWasNotTakenIsLost() {
    ledger.accepted(0);
    ledger.sent(0);

    assertThat(ledger.balance().lost()).isEqualTo(1);
  }

  @Test
  void whatTheProviderTookTwiceIsRepeated() {
    sentInTheEnd(0);
    ledger.taken(0);

    assertThat(ledger.balance().repeated()).isEqualTo(1);
    assertThat(ledger.balance().isClean()).isFalse();
  }

  @Test
  void whatEndedTwiceIsRepeated() {
    sentInTheEnd(0);
    ledger.dead(0);

    assertThat(ledger.balance().repeated()).isEqualTo(1);
  }

  @Test
  void anEndThatNobodyAskedForIsALoss() {
    ledger.accepted(0);
    ledger.endedOtherwise(0);

    assertThat(ledger.isSettled()).isTrue();
    assertThat(ledger.balance().lost()).isEqualTo(1);
  }

  @Test
  void aCallKnowsHowManyWereBefore() {
    assertThat(ledger.called(0)).isZero();
    assertThat(ledger.called(0)).isEqualTo(1);
    assertThat(ledger.called(1)).isZero();
  }
}
