package dev.notify.examples.server;

import dev.notify.NotificationDispatcher;
import dev.notify.WebhookHandler;
import dev.notify.email.MailgunWebhook;
import dev.notify.email.PostmarkWebhook;
import dev.notify.email.ResendWebhook;
import dev.notify.email.SendGridWebhook;
import dev.notify.email.SesWebhook;
import dev.notify.model.ConfigurationException;
import dev.notify.sms.MessageBirdWebhook;
import dev.notify.sms.PlivoWebhook;
import dev.notify.sms.TwilioWebhook;
import dev.notify.sms.VonageWebhook;
import dev.notify.spi.ProviderWebhook;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** The vendors' webhooks that the settings name, {@code notify.server.webhook.PROVIDER.OPTION}. */
final class Webhooks {

  static final String PREFIX = "webhook.";

  private record Kind(List<String> options, Function<List<String>, ProviderWebhook> made) {}

  private static final Map<String, Kind> KINDS =
      new TreeMap<>(
          Map.of(
              "mailgun",
              one("signing-key", key -> MailgunWebhook.builder().signingKey(key).build()),
              "messagebird",
              one("signing-key", key -> MessageBirdWebhook.builder().signingKey(key).build()),
              "plivo",
              one("auth-token", token -> PlivoWebhook.builder().authToken(token).build()),
              "postmark",
              new Kind(
                  List.of("user", "password"),
                  given ->
                      PostmarkWebhook.builder().user(given.get(0)).password(given.get(1)).build()),
              "resend",
              one("signing-secret", key -> ResendWebhook.builder().signingSecret(key).build()),
              "sendgrid",
              one(
                  "verification-key",
                  key -> SendGridWebhook.builder().verificationKey(key).build()),
              "ses",
              one("topic-arn", arn -> SesWebhook.builder().topicArn(arn).build()),
              "twilio",
              one("auth-token", token -> TwilioWebhook.builder().authToken(token).build()),
              "vonage",
              one(
                  "signature-secret",
                  key -> VonageWebhook.builder().signatureSecret(key).build())));

  private Webhooks() {}

  private static Kind one(String option, Function<String, ProviderWebhook> made) {
    return new Kind(List.of(option), given -> made.apply(given.get(0)));
  }

  /** Handlers by the names of their providers. */
  static Map<String, WebhookHandler> of(Settings settings, NotificationDispatcher dispatcher) {
    Map<String, Map<String, String>> given = new TreeMap<>();
    settings
        .below(PREFIX)
        .forEach(
            (key, value) -> {
              String[] words = key.split("\\.", 2);
              String option = words.length == 2 ? words[1] : "";
              given.computeIfAbsent(words[0], name -> new TreeMap<>()).put(option, value);
            });
    Map<String, WebhookHandler> handlers = new TreeMap<>();
    given.forEach((name, options) -> handlers.put(name, dispatcher.webhook(made(name, options))));
    return handlers;
  }

  private static ProviderWebhook made(String name, Map<String, String> options) {
    String prefix = Settings.SERVER + PREFIX + name;
    Kind kind = KINDS.get(name);
    if (kind == null) {
      throw new ConfigurationException(prefix + ": there are webhooks of " + KINDS.keySet());
    }
    if (!options.keySet().equals(Set.copyOf(kind.options()))) {
      throw new ConfigurationException(prefix + ": needs " + kind.options() + " and no more");
    }
    return kind.made()
        .apply(kind.options().stream().map(options::get).map(String::valueOf).toList());
  }
}
