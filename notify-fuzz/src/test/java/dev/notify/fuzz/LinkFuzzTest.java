package dev.notify.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.notify.LinkAnswer;
import dev.notify.model.DeliveryId;
import dev.notify.tracking.LinkTokens;
import dev.notify.tracking.LinkTokens.Kind;
import dev.notify.tracking.LinkTokens.Said;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.lifecycle.AfterContainer;

/** The links of mails: tokens of anybody's, and of ours that say anything. */
class LinkFuzzTest extends FuzzTargets {

  private static final int INPUTS_OF_A_WORLD = 1_000;
  private static final LinkTokens TOKENS = new LinkTokens(List.of(World.LINK_KEY));

  private static final List<String> FORMS =
      List.of(
          "complete=1&on.email.news=1&quiet=own&hours.0.start=22%3A00&hours.0.end=07%3A00&hours.0.MONDAY=1"
              + "&pause=7&order.0=sms&order.1=email",
          "complete=1&quiet=usual&pause=none", "List-Unsubscribe=One-Click");

  private static final List<String> DOCUMENTS =
      List.of(
          """
          {"categories":[{"name":"news","channels":{"email":true,"sms":false}}],
           "quietHours":[{"start":"22:00","end":"07:00","days":["MONDAY"]}],
           "quietHoursOn":{"sms":[{"start":"22:00","end":"07:00"}]},
           "pausedUntil":"2026-05-05T12:00:00Z","channelOrder":["sms","email"]}
          """,
          "{\"quietHours\":null,\"pausedUntil\":null}");

  private static World world = new World();
  private static int inputs;

  @AfterContainer
  static void end() {
    world.close();
  }

  @Fuzz(share = 60)
  void links(@ForAll("inputs") Chance chance) {
    if (++inputs % INPUTS_OF_A_WORLD == 0) {
      world.close();
      world = new World();
    }
    String token = TOKENS.sign(said(chance));
    String path =
        "/n/"
            + chance.of("o", "c", "u", "p")
            + "/"
            + (chance.oneIn(6) ? Spoiled.text(chance, token) : token);
    String asked = chance.oneIn(6) ? path + "?" + Hostile.text(chance) : path;
    Map<String, List<String>> headers = headers(chance);
    byte[] body = body(chance, headers);
    String verb =
        chance.oneIn(20) ? Hostile.text(chance) : chance.of("GET", "HEAD", "POST", "PUT", "DELETE");
    Trial.of(
        chance,
        trial -> {
          trial.begins(asked.length() + body.length + headers.toString().length());
          LinkAnswer answer = world.dispatcher().links().handle(verb, asked, headers, body);
          if (answer.status() >= 400) {
            trial.refused();
          }
          trial.require(
              answer.status() >= 200 && answer.status() < 500,
              "status",
              "answered " + answer.status());
          answer
              .headers()
              .forEach(
                  (name, value) ->
                      trial.require(
                          value.chars().allMatch(c -> c >= ' ' && c < 0x7f),
                          "header",
                          name + ": " + value));
        });
  }

  private static Said said(Chance chance) {
    Kind kind = chance.of(Kind.values());
    String text =
        switch (kind) {
          case OPEN -> "";
          case CLICK -> "https://example.com/a?b=" + Canary.WORD + "&c=%20d#e";
          case UNSUBSCRIBE -> chance.of("jane", Canary.WORD) + "\0news\0email";
          case PREFERENCES -> chance.of("jane", Canary.WORD);
        };
    DeliveryId delivery =
        chance.oneIn(4)
            ? new DeliveryId(new UUID(chance.number(), chance.number()))
            : world.delivery("ses");
    Optional<Instant> until =
        switch (chance.below(6)) {
          case 0 -> Optional.of(Instant.MAX);
          case 1 -> Optional.of(Instant.MIN);
          case 2 -> Optional.of(Instant.EPOCH);
          case 3 -> Optional.of(Instant.parse("2026-05-05T12:00:00Z"));
          default -> Optional.empty();
        };
    return new Said(kind, delivery, until, Spoiled.text(chance, text));
  }

  private static Map<String, List<String>> headers(Chance chance) {
    Map<String, List<String>> headers = new HashMap<>();
    put(chance, headers, "Accept-Language", "de-DE,de;q=0.9,en;q=0.8,*;q=0.1");
    put(
        chance,
        headers,
        "User-Agent",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Firefox/128.0");
    put(chance, headers, "Accept", chance.of("text/html", "application/json"));
    put(chance, headers, "Purpose", "prefetch");
    return headers;
  }

  private static void put(
      Chance chance, Map<String, List<String>> headers, String name, String value) {
    if (chance.oneIn(2)) {
      headers.put(name, List.of(chance.oneIn(3) ? Spoiled.text(chance, value) : value));
    }
  }

  private static byte[] body(Chance chance, Map<String, List<String>> headers) {
    if (chance.oneIn(3)) {
      return new byte[0];
    }
    if (chance.oneIn(2)) {
      headers.put("Content-Type", List.of("application/json"));
      return Spoiled.json(chance, chance.of(DOCUMENTS));
    }
    headers.put("Content-Type", List.of("application/x-www-form-urlencoded"));
    return Spoiled.bytes(chance, Spoiled.text(chance, chance.of(FORMS)).getBytes(UTF_8));
  }
}
