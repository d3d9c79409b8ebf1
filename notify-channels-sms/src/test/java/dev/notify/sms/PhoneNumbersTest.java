package dev.notify.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.notify.model.Address;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumbersTest {

  @ParameterizedTest
  @CsvSource({
    "0151 555 01234, DE, +4915155501234",
    "(0151) 555-01234, de, +4915155501234",
    "+49 (0)151 55501234, US, +4915155501234",
    "0049 151 55501234, DE, +4915155501234",
    "(415) 555-0142, US, +14155550142",
    "1 415 555 0142, US, +14155550142",
    "011 44 20 7946 0018, US, +442079460018",
    "06 1234 5678, IT, +390612345678",
    "tel:+1-415-555-0142, DE, +14155550142"
  })
  void whatPeopleWriteBecomesAnInternationalNumber(String text, String region, String e164) {
    assertThat(PhoneNumbers.normalised(text, region)).contains(e164);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "none",
        "12",
        "+999 12345678",
        "+1 415 555 01423",
        "(415) 555-0142 ext. 7",
        "1-800-FLOWERS",
        "call Jane at (415) 555-0142",
        "+1 41555",
        "+"
      })
  void whatIsNoNumberIsEmpty(String text) {
    assertThat(PhoneNumbers.normalised(text, "US")).isEmpty();
  }

  @Test
  void aNumberWithoutItsAreaCodeIsNotGuessed() {
    assertThat(PhoneNumbers.normalised("555-0142", "US")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ZZ", "001", "Germany", "+49"})
  void aRegionThatIsNoneIsRefused(String region) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PhoneNumbers.normalised("0151 55501234", region))
        .withMessage("defaultRegion: must be a country in two letters, DE for example");
  }

  @Test
  void whatIsNormalisedIsAnAddress() {
    String number = PhoneNumbers.normalised("0151 555 01234", "DE").orElseThrow();

    assertThat(PhoneNumber.problemWith(Address.sms(number))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+14155550142",
        "+12125550100",
        "+4915155501",
        "+491515550123",
        "+4930123",
        "+18005551212",
        "+442079460018",
        "+390612345678",
        "+6834002",
        "+491234567890123"
      })
  void numbersOfALengthThatTheirCountryHasAreTaken(String number) {
    assertThat(PhoneNumber.problemWith(Address.sms(number))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"+15550142", "+4479460018", "+525512345"})
  void aNumberThatCanBeDialledWithinItsAreaOnlyIsRefused(String number) {
    assertThat(PhoneNumber.problemWith(Address.sms(number)))
        .contains(
            "is no possible phone number: unknown country code, or too short or too long for it");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+1234567", "+141555501423", "+123456789012345", "+4512345", "+99912345678"})
  void numbersThatCannotBeAreRefusedWithoutShowingThem(String number) {
    assertThat(PhoneNumber.problemWith(Address.sms(number)))
        .contains(
            "is no possible phone number: unknown country code, or too short or too long for it");
  }
}
