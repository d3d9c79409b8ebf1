package dev.notify.push;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import java.util.Optional;
import java.util.regex.Pattern;

/** What FCM cannot carry, said before it is asked. */
final class FcmLimits {

  /** Bytes of a message as the device gets it. */
  static final int PAYLOAD_BYTES = 4096;

  /** Tokens are opaque: no length or alphabet is promised beyond what a header could carry. */
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]+");

  private FcmLimits() {}

  static Optional<String> problemWith(Address address) {
    if (!address.channel().equals(Channel.PUSH)) {
      return Optional.of("FCM carries push messages, not " + address.channel());
    }
    Optional<String> otherType =
        address.type().filter(type -> !type.equals(FcmProvider.ADDRESS_TYPE));
    if (otherType.isPresent()) {
      return Optional.of(
          "the token's type is another provider's; FCM takes '" + FcmProvider.ADDRESS_TYPE + "'");
    }
    return TOKEN.matcher(address.value()).matches()
        ? Optional.empty()
        : Optional.of("a registration token has no spaces and no letters beyond ASCII");
  }

  static Optional<String> problemWith(Content content) {
    if (content.title().isEmpty() && content.body().isEmpty() && content.data().isEmpty()) {
      return Optional.of("a push message needs a title, a body or data");
    }
    Optional<String> reserved =
        content.data().keySet().stream().filter(FcmLimits::isReserved).sorted().findFirst();
    if (reserved.isPresent()) {
      return Optional.of("data key '" + reserved.get() + "' is reserved; choose another name");
    }
    int bytes = FcmMessage.payloadBytes(content);
    return bytes <= PAYLOAD_BYTES
        ? Optional.empty()
        : Optional.of("has " + bytes + " bytes as delivered, FCM carries at most " + PAYLOAD_BYTES);
  }

  private static boolean isReserved(String key) {
    return key.equals("from")
        || key.equals("message_type")
        || key.startsWith("google")
        || key.startsWith("gcm")
        || key.equals(FcmProvider.REFERENCE_KEY)
        || key.equals(FcmProvider.LINK_KEY)
        || key.equals(FcmProvider.ACTIONS_KEY);
  }
}
