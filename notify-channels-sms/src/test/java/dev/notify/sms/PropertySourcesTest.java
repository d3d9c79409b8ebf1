package dev.notify.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.ConfigurationException;
import dev.notify.routing.ChannelProviders;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Properties as applications really hold them. */
class PropertySourcesTest {

  private static Properties twilio(Properties into) {
    into.setProperty("notify.sms.twilio.account-sid", "AC0123456789abcdef0123456789abcdef");
    into.setProperty("notify.sms.twilio.auth-token", "0123456789abcdef0123456789abcdef");
    into.setProperty("notify.sms.twilio.from", "+12125550100");
    return into;
  }

  @Test
  void defaultsOfPropertiesCountToo() {
    Properties layered = new Properties(twilio(new Properties()));

    assertThat(ChannelProviders.fromProperties(layered)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"notify.sms", "notify.chain", "notify.twilio"})
  void aKeyWithTooFewWordsIsAnErrorToo(String key) {
    Properties properties = twilio(new Properties());
    properties.setProperty(key, "twilio");

    assertThatThrownBy(() -> ChannelProviders.fromProperties(properties))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(key);
  }

  @Test
  void keysOfOtherKindsDoNoHarm() {
    Map<Object, Object> mixed = new HashMap<>(twilio(new Properties()));
    mixed.put(42, "somebody else's");

    assertThat(ChannelProviders.fromProperties(mixed)).hasSize(1);
  }
}
