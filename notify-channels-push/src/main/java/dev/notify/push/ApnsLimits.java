package dev.notify.push;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What APNs cannot carry, said before it is asked. */
final class ApnsLimits {

  /** Bytes of a payload. */
  static final int PAYLOAD_BYTES = 4096;

  /** 64 digits today; Apple promises no length. */
  private static final Pattern TOKEN = Pattern.compile("([0-9a-fA-F]{2}){8,256}");

  private static final Set<String> RESERVED =
      Set.of(
          "aps",
          ApnsProvider.REFERENCE_KEY,
          ApnsProvider.LINK_KEY,
          ApnsProvider.IMAGE_KEY,
          ApnsProvider.ACTIONS_KEY);

  private ApnsLimits() {}

  static Optional<String> problemWith(Address address) {
    if (!address.channel().equals(Channel.PUSH)) {
      return Optional.of("APNs carries push messages, not " + address.channel());
    }
    if (address.type().filter(type -> !type.equals(ApnsProvider.ADDRESS_TYPE)).isPresent()) {
      return Optional.of(
          "the token's type is another provider's; APNs takes '" + ApnsProvider.ADDRESS_TYPE + "'");
    }
    return TOKEN.matcher(address.value()).matches()
        ? Optional.empty()
        : Optional.of("a device token has hexadecimal digits only");
  }

  static Optional<String> problemWith(Content content) {
    if (!Traits.isAlert(content)
        && content.data().isEmpty()
        && ApplePayload.isBackground(content)) {
      return Optional.of("a push message needs a title, a body, data, a badge or a sound");
    }
    Optional<String> reserved =
        content.data().keySet().stream().filter(RESERVED::contains).sorted().findFirst();
    if (reserved.isPresent()) {
      return Optional.of("data key '" + reserved.get() + "' is reserved; choose another name");
    }
    int bytes = ApnsPush.payloadBytes(content);
    return bytes <= PAYLOAD_BYTES
        ? Optional.empty()
        : Optional.of("has " + bytes + " bytes as sent, APNs carries at most " + PAYLOAD_BYTES);
  }
}
