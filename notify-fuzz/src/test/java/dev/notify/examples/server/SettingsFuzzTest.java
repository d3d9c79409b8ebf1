package dev.notify.examples.server;

import dev.notify.fuzz.Canary;
import dev.notify.fuzz.Chance;
import dev.notify.fuzz.Fuzz;
import dev.notify.fuzz.FuzzTargets;
import dev.notify.fuzz.Hostile;
import dev.notify.fuzz.Spoiled;
import dev.notify.fuzz.Trial;
import dev.notify.model.ConfigurationException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;

/** Settings of the server with mistakes in them; nothing is opened. */
class SettingsFuzzTest extends FuzzTargets {

  private static final Map<String, String> VALID =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("notify.server.host", "127.0.0.1"),
              Map.entry("notify.server.port", "0"),
              Map.entry("notify.server.rate", "2000"),
              Map.entry("notify.server.max-body", "1048576"),
              Map.entry("notify.server.idle-timeout", "PT30S"),
              Map.entry("notify.server.public-url", "https://shop.example.com/notify"),
              Map.entry("notify.server.proxies", "10.0.0.0/8,192.0.2.1,2001:db8::/32"),
              Map.entry(
                  "notify.server.api-keys",
                  "key-" + Canary.WORD + ":admin,other-" + Canary.WORD + ":send"),
              Map.entry("notify.server.categories", "news:optional,receipts:transactional"),
              Map.entry("notify.server.jwt.algorithm", "HS256"),
              Map.entry("notify.server.jwt.secret", Canary.WORD.repeat(8)),
              Map.entry("notify.server.jwt.issuer", "https://id.example.com"),
              Map.entry("notify.server.jwt.audience", "notify"),
              Map.entry("notify.server.webhook.twilio.auth-token", Canary.WORD),
              Map.entry(
                  "notify.server.webhook.resend.signing-secret",
                  "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
              Map.entry(
                  "notify.server.links.key", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")));

  private static final List<String> KEYS = List.copyOf(VALID.keySet());

  @Fuzz(share = 20)
  void settings(@ForAll("inputs") Chance chance) {
    Map<String, String> given = new TreeMap<>(VALID);
    for (int changes = chance.below(4); changes > 0; changes--) {
      String key = chance.of(KEYS);
      switch (chance.below(4)) {
        case 0 -> given.remove(key);
        case 1 -> given.put(key, Hostile.text(chance));
        default -> given.put(key, Spoiled.text(chance, given.getOrDefault(key, "")));
      }
    }
    if (chance.oneIn(12)) {
      given.put(Spoiled.text(chance, chance.of(KEYS)), "x");
    }
    Trial.of(
        chance,
        trial -> {
          trial.begins(given.toString().length());
          Settings settings = Settings.of(given);
          trial.require(!settings.toString().contains(Canary.WORD), "shown", "settings");
          settings.number("rate", 1, 1, 10);
          settings.duration("idle-timeout", Duration.ofSeconds(1));
          settings.words("categories");
        },
        ConfigurationException.class);
    part(chance, given, HttpFront::new);
    part(chance, given, settings -> ApiKeys.parse(settings.required("api-keys")));
    part(chance, given, Tokens::of);
    part(chance, given, ClientAddresses::of);
    part(
        chance,
        given,
        settings -> PublicUrl.of(settings, java.net.URI.create("http://localhost:1")));
  }

  /** What is made of settings. */
  private interface Part {
    Object of(Settings settings);
  }

  private static void part(Chance chance, Map<String, String> given, Part part) {
    Trial.of(
        chance,
        trial -> {
          trial.begins(given.toString().length());
          Object made = part.of(Settings.of(given));
          trial.require(!made.toString().contains(Canary.WORD), "shown", made.toString());
        },
        ConfigurationException.class);
  }
}
