package dev.notify.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.model.Address;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.Cost;
import dev.notify.spi.ChainOrder;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.Pricing;
import dev.notify.test.SampleMessages;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmsPricesTest {

  private static final SmsPrices PRICES =
      SmsPrices.in("EUR")
          .perSegment("+1", "0.008")
          .perSegment("+1204", "0.010")
          .perSegment("+49", new BigDecimal("0.075"));

  private static final Address GERMAN = Address.sms("+4915155501234");
  private static final Address AMERICAN = Address.sms("+14155550142");

  @ParameterizedTest
  @CsvSource({"+14155550142, 0.008", "+12045550100, 0.010", "+4915155501234, 0.075"})
  void theLongestPrefixOfTheNumberHasThePrice(String number, BigDecimal price) {
    assertThat(PRICES.estimate(Address.sms(number), "Hi"))
        .contains(new SmsPrices.Estimate(price, Currency.getInstance("EUR"), SmsSegments.of("Hi")));
  }

  @Test
  void everySegmentIsPaidFor() {
    SmsPrices.Estimate cost = PRICES.estimate(GERMAN, "\u4f60".repeat(71)).orElseThrow();

    assertThat(cost.amount()).isEqualByComparingTo("0.150");
    assertThat(cost.segments().count()).isEqualTo(2);
    assertThat(cost.segments().encoding()).isEqualTo(SmsSegments.Encoding.UCS_2);
  }

  @Test
  void aNumberWithoutAPriceHasNoCost() {
    assertThat(PRICES.estimate(Address.sms("+442079460018"), "Hi")).isEmpty();
    assertThat(PRICES.estimate(Address.email("jane@example.com"), "Hi")).isEmpty();
  }

  @Test
  void aLaterPriceForTheSamePrefixTakesThePlaceAndLeavesTheListBeforeAsItWas() {
    SmsPrices raised = PRICES.perSegment("+49", "0.080");

    assertThat(raised.estimate(GERMAN, "Hi").orElseThrow().amount()).isEqualTo("0.080");
    assertThat(PRICES.estimate(GERMAN, "Hi").orElseThrow().amount()).isEqualTo("0.075");
  }

  @Test
  void theCheapestForTheNumberIsAskedFirst() {
    ChainOrder order =
        SmsPrices.asOrder(Map.of("twilio", PRICES, "vonage", PRICES.perSegment("+49", "0.070")));

    assertThat(order.of(to(GERMAN), List.of("twilio", "vonage")))
        .containsExactly("vonage", "twilio");
    assertThat(order.of(to(AMERICAN), List.of("twilio", "vonage")))
        .containsExactly("twilio", "vonage");
  }

  @Test
  void whoHasNoPriceStandsByBehindTheOthers() {
    ChainOrder order =
        SmsPrices.asOrder(
            Map.of("twilio", SmsPrices.in("EUR").perSegment("+1", "0.01"), "vonage", PRICES));

    assertThat(order.of(to(GERMAN), List.of("plivo", "twilio", "vonage")))
        .containsExactly("vonage", "plivo", "twilio");
    assertThat(order.of(to(Address.email("jane@example.com")), List.of("twilio", "vonage")))
        .containsExactly("twilio", "vonage");
  }

  @Test
  void pricesInSeveralCurrenciesAreNotCompared() {
    refused(
        () -> SmsPrices.asOrder(Map.of("twilio", SmsPrices.in("USD"), "vonage", PRICES)),
        "prices: must all be in one currency");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "+", "49", "+0", "+49 1", "0049", "+1234567890123456"})
  void aPrefixThatIsNoneIsRefused(String prefix) {
    refused(
        () -> PRICES.perSegment(prefix, "0.01"),
        "prefix: must be + and the first digits of a number in E.164 form");
  }

  @Test
  void aPriceThatIsNoneIsRefused() {
    refused(() -> PRICES.perSegment("+49", "-0.01"), "price: must not be negative");
    refused(() -> PRICES.perSegment("+49", "0,01"), "price: must be a number, 0.075 for example");
    refused(() -> SmsPrices.in("euro"), "currency: must be an ISO 4217 code, EUR for example");
  }

  @Test
  void theListsOfProvidersArePricesInTheirCurrencies() {
    Pricing pricing =
        SmsPrices.asPricing(
            Map.of("twilio", PRICES, "vonage", SmsPrices.in("USD").perSegment("+49", "0.0700005")));

    assertThat(pricing.of("twilio", to(GERMAN))).contains(Cost.of("0.075", "EUR"));
    assertThat(pricing.of("twilio", SampleMessages.to(GERMAN, Content.ofBody("x".repeat(161)))))
        .as("two segments")
        .contains(Cost.of("0.15", "EUR"));
    assertThat(pricing.of("vonage", to(GERMAN))).contains(Cost.of("0.07", "USD"));
    assertThat(pricing.of("vonage", to(AMERICAN))).isEmpty();
    assertThat(pricing.of("plivo", to(GERMAN))).isEmpty();
    assertThat(pricing.of("twilio", to(Address.email("jane@example.com")))).isEmpty();
  }

  @Test
  void aListShowsItsCurrencyAndSize() {
    assertThat(PRICES).hasToString("SmsPrices[EUR, 3 prefixes]");
  }

  private static OutboundMessage to(Address address) {
    return SampleMessages.to(address, Content.ofBody("Hi"));
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
