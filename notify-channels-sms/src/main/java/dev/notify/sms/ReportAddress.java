package dev.notify.sms;

import dev.notify.model.ConfigurationException;
import dev.notify.spi.WebhookRequest;
import java.net.URI;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * Where a vendor that keeps no reference of ours reports: it comes back as a query parameter, so
 * that the webhook knows the message even if it is faster than the answer to the send.
 */
final class ReportAddress {

  static final String PARAMETER = "notify-reference";

  private ReportAddress() {}

  /** Checks an option. */
  static HttpUrl checked(String option, URI value) {
    HttpUrl url = value.getHost() == null ? null : HttpUrl.parse(value.toString());
    if (url == null) {
      throw new ConfigurationException(option + ": must be an absolute http or https address");
    }
    return url;
  }

  /** The address for one message. */
  static String of(HttpUrl url, String reference) {
    return url.newBuilder().addQueryParameter(PARAMETER, reference).build().toString();
  }

  /** The reference that came back. */
  static Optional<String> reference(WebhookRequest request) {
    return Optional.ofNullable(WebhookFields.query(request).get(PARAMETER));
  }
}
