package dev.notify.examples.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.model.Address;
import dev.notify.model.InvalidNotificationException;
import java.io.IOException;
import java.util.regex.Pattern;

/** Addresses as requests say them. What cannot be one is refused here, and not found out later. */
final class AddressForm {

  private static final Pattern EMAIL = Pattern.compile("[^\\s@<>,;\"]{1,64}@[^\\s@<>,;\"]{1,190}");
  private static final Pattern PHONE = Pattern.compile("\\+[1-9][0-9]{6,14}");
  private static final Pattern APNS = Pattern.compile("[0-9a-fA-F]{64,200}");
  private static final Pattern FCM = Pattern.compile("[!-~]{8,4096}");
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private AddressForm() {}

  private enum Kind {
    FCM,
    APNS,
    WEBPUSH
  }

  static Address email(String text) {
    return Address.email(matching("email", EMAIL, text, "an e-mail address"));
  }

  static Address phone(String text) {
    return Address.sms(matching("phone", PHONE, text, "in E.164 form, such as +14155550142"));
  }

  private static String matching(String field, Pattern pattern, String text, String must) {
    if (!pattern.matcher(text).matches()) {
      throw Problem.field(field, "must be " + must);
    }
    return text;
  }

  /** A device's token, by {@code type} and {@code token}. */
  static Address token(Json json) {
    Kind kind = json.oneOf("type", Kind.class).orElseThrow(() -> json.missing("type"));
    String token = json.requiredText("token");
    boolean isOne =
        switch (kind) {
          case FCM -> FCM.matcher(token).matches();
          case APNS -> APNS.matcher(token).matches();
          case WEBPUSH -> isSubscription(token);
        };
    if (!isOne) {
      throw noToken();
    }
    try {
      return switch (kind) {
        case FCM -> Address.fcm(token);
        case APNS -> Address.apns(token);
        case WEBPUSH -> Address.webPush(token);
      };
    } catch (InvalidNotificationException e) {
      throw noToken();
    }
  }

  private static Problem noToken() {
    return Problem.field("token", "is no token of this type");
  }

  /** As browsers give it: an https endpoint and two keys. */
  private static boolean isSubscription(String text) {
    try {
      JsonNode json = MAPPER.readTree(text);
      return json.path("endpoint").asText().startsWith("https://")
          && json.at("/keys/p256dh").isTextual()
          && json.at("/keys/auth").isTextual();
    } catch (IOException e) {
      return false;
    }
  }
}
