package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.spi.RollupStore;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message costs, in whole millionths. */
class CostTest {

  @ParameterizedTest
  @CsvSource({
    "0.075,     EUR, 75000,         0.075 EUR",
    "0,         EUR, 0,             0.00 EUR",
    "1,         USD, 1000000,       1.00 USD",
    "1.50,      USD, 1500000,       1.50 USD",
    "120,       JPY, 120000000,     120 JPY",
    "0.5,       JPY, 500000,        0.5 JPY",
    "0.0025,    KWD, 2500,          0.0025 KWD",
    "0.000001,  EUR, 1,             0.000001 EUR",
    "0.0000005, EUR, 0,             0.00 EUR",
    "0.0000015, EUR, 2,             0.000002 EUR",
    "1e6,       EUR, 1000000000000, 1000000.00 EUR",
    "1e-3,      XXX, 1000,          0.001 XXX"
  })
  void isKeptInMillionthsAndShownWithTheDecimalsOfItsCurrency(
      String units, String currency, long micros, String shown) {
    Cost cost = Cost.of(units, currency);

    assertThat(cost.micros()).isEqualTo(micros);
    assertThat(cost).hasToString(shown);
    assertThat(Cost.of(cost.amount(), cost.currency())).isEqualTo(cost);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-0.01", "1000000.000001", "1e19", "1e999999999", "-1e-30"})
  void aMistakeIsRefusedBeforeItCouldOverflowASum(String units) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> Cost.of(units, "EUR"))
        .withMessage("cost: must not be negative, nor above 1000000");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1_000_000_000_001L, Long.MAX_VALUE, Long.MIN_VALUE})
  void soAreMillionths(long micros) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new Cost(micros, Currency.getInstance("EUR")))
        .withMessageContaining("cost: ");
  }

  @Test
  @Timeout(10)
  void nothingIsComputedOfABillionDecimals() {
    assertThat(Cost.of("1e-999999999", "EUR").micros()).isZero();
    assertThat(Cost.of("0e-999999999", "EUR").micros()).isZero();
    assertThat(Cost.of("0e999999999", "EUR").micros()).isZero();
  }

  @Test
  void whatIsNoNumberAndNoCurrencyIsRefused() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> Cost.of("0,075", "EUR"))
        .withMessage("cost: must be a number, 0.075 for example");
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> Cost.of(BigDecimal.ONE, "euro"))
        .withMessage("currency: must be an ISO 4217 code, EUR for example");
  }

  @Test
  void everyCurrencyHasAMeasureOfItsOwnThatFitsItsColumn() {
    Set<Integer> measures = new HashSet<>();
    for (Currency currency : Currency.getAvailableCurrencies()) {
      int measure = RollupStore.cost(currency);
      assertThat(measures.add(measure)).isTrue();
      assertThat(measure).isBetween(RollupStore.COST, (int) Short.MAX_VALUE);
      assertThat(RollupStore.currency(measure)).contains(currency);
    }
  }

  @Test
  void noOtherMeasureIsMoney() {
    assertThat(RollupStore.currency(Stage.SENT.code())).isEmpty();
    assertThat(RollupStore.currency(RollupStore.TO_DELIVERED + RollupStore.SLOTS)).isEmpty();
    assertThat(RollupStore.currency(RollupStore.COST)).as("AAA").isEmpty();
    assertThat(RollupStore.currency(Short.MAX_VALUE)).isEmpty();
  }
}
