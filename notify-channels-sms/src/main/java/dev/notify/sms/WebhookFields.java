package dev.notify.sms;

import dev.notify.http.WebhookProof;
import dev.notify.spi.WebhookRequest;
import java.util.Locale;
import java.util.Map;

/** The fields of a webhook, in its body or in its address. */
final class WebhookFields {

  private WebhookFields() {}

  /** The fields of a form; none if the body is something else. */
  static Map<String, String> form(WebhookRequest request) {
    boolean isForm =
        request
            .header("Content-Type")
            .orElse("")
            .toLowerCase(Locale.ROOT)
            .startsWith("application/x-www-form-urlencoded");
    try {
      return isForm ? request.form() : Map.of();
    } catch (IllegalArgumentException e) {
      throw WebhookProof.malformed("the form has a broken escape");
    }
  }

  /** The fields of the address. */
  static Map<String, String> query(WebhookRequest request) {
    try {
      return request.query();
    } catch (IllegalArgumentException e) {
      throw WebhookProof.malformed("the address has a broken escape");
    }
  }
}
