package dev.notify.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A device, or a browser, that a person uses the application on. {@code toString} masks the token.
 *
 * @param address its token; one of the push channel. Its {@code registeredAt} is {@code seenAt}:
 *     that the application shows a token proves that it was alive then
 * @param app what the application wants to remember of it, its platform and version for example;
 *     one line of at most 128 characters
 * @param since when the person's use of it began
 * @param seenAt when the application on it last showed its token
 * @since 0.1
 */
public record Device(Address address, Optional<String> app, Instant since, Instant seenAt) {

  /** Checks the channel and the times. */
  public Device {
    Text.present("device", address);
    Text.present("device.since", since);
    Text.present("device.seenAt", seenAt);
    if (!address.channel().equals(Channel.PUSH)) {
      throw new InvalidNotificationException(
          "device", "must have an address of the channel push, not " + address.channel());
    }
    app.ifPresent(text -> Text.requireToken("device.app", text, 128));
    if (since.isAfter(seenAt)) {
      throw new InvalidNotificationException("device.since", "is later than seenAt");
    }
    // As databases count, so that what is asked of them and what is read is the same.
    since = since.truncatedTo(ChronoUnit.MICROS);
    seenAt = seenAt.truncatedTo(ChronoUnit.MICROS);
    address = address.registeredAt(seenAt);
  }

  /** A device that shows its token at this moment. */
  public static Device of(Address token, Instant seenAt) {
    return new Device(token, Optional.empty(), seenAt, seenAt);
  }

  /** The same with what the application wants to remember of it. */
  public Device app(String platformAndVersion) {
    return new Device(address, Optional.of(platformAndVersion), since, seenAt);
  }

  /** Whether it is the one with this token. */
  public boolean has(Address token) {
    return address.channel().equals(token.channel()) && address.value().equals(token.value());
  }

  /** This device after another showing of its token; an earlier one changes only the beginning. */
  Device seenAgain(Device shown) {
    Device later = shown.seenAt.isBefore(seenAt) ? this : shown;
    Instant first = shown.since.isBefore(since) ? shown.since : since;
    return new Device(later.address, later.app.or(() -> app), first, later.seenAt);
  }
}
