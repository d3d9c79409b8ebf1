package dev.notify.sms;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** When a vendor says that something happened. */
final class VendorMoment {

  private VendorMoment() {}

  /**
   * A moment with its offset (ISO 8601).
   *
   * @param otherwise the present, in case the vendor says nothing that can be read
   */
  static Instant of(String text, Instant otherwise) {
    try {
      // In an address a plus that was not escaped is read as a space.
      return OffsetDateTime.parse(text.strip().replace(' ', '+')).toInstant();
    } catch (DateTimeException e) {
      return otherwise;
    }
  }
}
