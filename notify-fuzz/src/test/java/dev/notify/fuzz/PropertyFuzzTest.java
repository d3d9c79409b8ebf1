package dev.notify.fuzz;

import dev.notify.model.ConfigurationException;
import dev.notify.routing.ChannelProviders;
import dev.notify.spi.ChannelProvider;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;

/** Configuration with mistakes in it: each names its key, and none shows a secret. */
class PropertyFuzzTest extends FuzzTargets {

  private static final List<String> KEYS = List.copyOf(ChannelProviders.knownKeys().keySet());
  private static final List<String> CHOSEN =
      Providers.PROPERTIES.keySet().stream()
          .map(PropertyFuzzTest::provider)
          .distinct()
          .sorted()
          .toList();

  private static String provider(String key) {
    return key.substring(0, key.lastIndexOf('.') + 1);
  }

  @Fuzz(share = 20)
  void providersFromProperties(@ForAll("inputs") Chance chance) {
    String provider = chance.of(CHOSEN);
    Map<String, Object> given = new TreeMap<>();
    Providers.PROPERTIES.forEach(
        (key, value) -> {
          if (key.startsWith(provider) && !chance.oneIn(30)) {
            given.put(key, chance.oneIn(5) ? Spoiled.text(chance, value) : value);
          }
        });
    List<String> others = KEYS.stream().filter(key -> key.startsWith(provider)).toList();
    for (int more = chance.below(4); more > 0; more--) {
      given.put(
          chance.oneIn(12) ? Spoiled.text(chance, chance.of(KEYS)) : chance.of(others),
          Hostile.text(chance));
    }
    if (chance.oneIn(10)) {
      given.put(
          chance.of("notify.email.chain", "notify.sms.chain", "notify."), Hostile.text(chance));
    }
    given.keySet().removeIf(key -> key.toLowerCase(Locale.ROOT).contains(Canary.WORD));
    Trial.of(
        chance,
        trial -> {
          trial.begins(given.toString().length());
          List<ChannelProvider> built = ChannelProviders.fromProperties(given);
          for (ChannelProvider one : built) {
            trial.require(!one.toString().contains(Canary.WORD), "shown", one.name());
            one.close();
          }
        },
        ConfigurationException.class);
  }
}
