package dev.notify.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.spi.ChannelProvider;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which providers there are, and who is asked first. */
class ProviderChainsTest {

  private static final Map<String, String> ALL =
      Map.of(
          "notify.sms.alpha.token", "a",
          "notify.sms.beta.token", "b",
          "notify.email.mail.token", "m");

  @BeforeEach
  void nothingIsClosedYet() {
    SampleFactory.CLOSED.clear();
  }

  @Test
  void aChainIsAskedInItsOrder() {
    assertThat(names(with(ALL, "notify.sms.chain", "beta,alpha")))
        .containsExactlyInAnyOrder("beta", "alpha", "mail")
        .containsSubsequence("beta", "alpha");
    assertThat(names(with(ALL, "notify.sms.chain", " alpha , beta ,")))
        .containsSubsequence("alpha", "beta");
  }

  @Test
  void keysOfOthersAreLeftAlone() {
    Map<String, String> properties =
        with(with(ALL, "notify.server.web.port", "9"), "server.port", "80");

    assertThat(names(properties)).hasSize(3);
  }

  @ParameterizedTest(name = "{0}={1}: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          notify.emial.smtp.host | x          | no provider for channel 'emial'; there are providers for [email, sms]
          notify.sms.gamma.token | x          | no provider 'gamma' for channel 'sms'; there are [alpha, beta]
          notify.sms.alpha.tokn  | x          | notify.sms.alpha.tokn: unknown; alpha has [base-url, token]
          notify.sms.alpha       | x          | notify.sms.alpha: unknown
          notify.sms.alpha.token | ' '        | notify.sms.alpha.token: must be set
          notify.sms.alpha.token | broken     | notify.sms.alpha.token: is no token
          notify.sms.chain       | gamma      | notify.sms.chain: no provider 'sms.gamma'
          notify.sms.chain       | beta       | notify.sms.chain: leaves out 'sms.alpha'
          notify.sms.chain       | beta,alpha,beta | notify.sms.chain: names 'sms.beta' twice
          notify.sms.chain.order | x          | notify.sms.chain.order
          """)
  void everyMistakeNamesItsKey(String key, String value, String message) {
    assertThatThrownBy(() -> ChannelProviders.fromProperties(with(ALL, key, value)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message);
  }

  @Test
  void anErrorNeverShowsASecret() {
    assertThatThrownBy(
            () ->
                ChannelProviders.fromProperties(
                    with(ALL, "notify.sms.alpha.secret-key", "hemlock")))
        .hasMessageNotContaining("hemlock");
  }

  @Test
  void whatWasBuiltBeforeAMistakeIsClosed() {
    Map<String, String> properties = with(ALL, "notify.sms.beta.token", "broken");

    assertThatThrownBy(() -> ChannelProviders.fromProperties(properties))
        .isInstanceOf(ConfigurationException.class);
    assertThat(SampleFactory.CLOSED).containsExactly("mail", "alpha");
  }

  @Test
  void everyKeyThereIsCanBeListed() {
    assertThat(ChannelProviders.knownKeys())
        .containsKeys("notify.sms.alpha.token", "notify.sms.alpha.base-url")
        .hasSize(6);
    assertThat(ChannelProviders.knownKeys().get("notify.email.mail.token").required()).isTrue();
  }

  @Test
  void providersAreAskedInTheOrderTheyAreGivenAndNamesAreUnique() {
    ProviderChains chains = new ProviderChains(List.of(sms("b"), mail("m"), sms("a")));

    assertThat(chains.of(Channel.SMS)).extracting(ChannelProvider::name).containsExactly("b", "a");
    assertThat(chains.of(Channel.PUSH)).isEmpty();
    assertThat(chains.channels()).containsExactlyInAnyOrder(Channel.SMS, Channel.EMAIL);
    assertThat(chains.find(Channel.SMS, "m")).isEmpty();
    assertThat(chains.find(Channel.EMAIL, "m")).isPresent();
    assertThatThrownBy(() -> new ProviderChains(List.of(sms("a"), mail("a"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'a'");
  }

  @Test
  void anAddressOrContentIsRefusedOnlyIfNoProviderTakesIt() {
    Address address = Address.sms("+4930123");
    Content content = Content.ofBody("Hello");
    ProviderChains one = new ProviderChains(List.of(sms("a").refusing("too long"), sms("b")));
    ProviderChains none =
        new ProviderChains(List.of(sms("a").refusing("too long"), sms("b").refusing("no plus")));

    assertThat(one.problemWith(address)).isEmpty();
    assertThat(one.problemWith(Channel.SMS, content)).isEmpty();
    assertThat(none.problemWith(address)).contains("too long");
    assertThat(none.problemWith(Channel.SMS, content)).contains("too long");
    assertThat(none.problemWith(Address.email("a@b.example")))
        .hasValueSatisfying(why -> assertThat(why).contains("no provider for channel 'email'"));
  }

  private static SampleProvider sms(String name) {
    return new SampleProvider(name, Channel.SMS);
  }

  private static SampleProvider mail(String name) {
    return new SampleProvider(name, Channel.EMAIL);
  }

  private static List<String> names(Map<String, String> properties) {
    return ChannelProviders.fromProperties(properties).stream().map(ChannelProvider::name).toList();
  }

  private static Map<String, String> with(Map<String, String> base, String key, String value) {
    Map<String, String> more = new java.util.HashMap<>(base);
    more.put(key, value);
    return more;
  }
}
