package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FcmConfigurationTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeServiceAccount() throws IOException {
    file = folder.resolve("account.json");
    Files.write(file, ServiceAccounts.json(URI.create("http://localhost")).readAllBytes());
  }

  @Test
  void theProjectIsTheServiceAccountsUnlessItIsSaid() {
    try (FcmProvider own = FcmProvider.builder().serviceAccount(file).build();
        FcmProvider other =
            FcmProvider.builder()
                .projectId("other-1")
                .serviceAccount(file)
                .name("fcm.other")
                .build()) {
      assertThat(own).hasToString("FcmProvider[fcm, project shop-4711]");
      assertThat(other).hasToString("FcmProvider[fcm.other, project other-1]");
    }
  }

  @Test
  void withoutAServiceAccountThereIsNoProvider() {
    refused(() -> FcmProvider.builder().build(), "serviceAccount: must be set");
  }

  @Test
  void credentialsThatKnowNoProjectNeedOneSaid() {
    GoogleCredentials bare = GoogleCredentials.create(new AccessToken("t", new Date()));

    refused(() -> FcmProvider.builder().serviceAccount(bare).build(), "projectId: must be set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "not json",
        "{\"type\":\"service_account\",\"private_key\":\"hush-hush\"}",
        "{\"type\":\"x\"}"
      })
  void whatIsNoServiceAccountIsRefusedWithoutShowingIt(String text) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () ->
                FcmProvider.builder()
                    .serviceAccount(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
        .withMessageStartingWith("serviceAccount: ")
        .withMessageNotContaining("hush")
        .withNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "../x", "UPPER", "a b"})
  void aProjectIdThatWouldChangeTheAddressIsRefused(String projectId) {
    refused(
        () -> FcmProvider.builder().projectId(projectId),
        "projectId: must be a Firebase project id");
  }

  @Test
  void theFactoryIsFoundAndBuildsFromProperties() {
    ChannelProviderFactory factory =
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(FcmProviderFactory.class::isInstance)
            .findFirst()
            .orElseThrow();

    try (ChannelProvider provider =
        factory.create(
            options(
                Map.of(
                    "base-url",
                    "http://localhost:1",
                    "connect-timeout",
                    "PT1S",
                    "read-timeout",
                    "PT2S")))) {
      assertThat(factory.channel()).isEqualTo(Channel.PUSH);
      assertThat(factory.provider()).isEqualTo("fcm");
      assertThat(factory.options())
          .extracting(ChannelProviderFactory.Option::name)
          .containsExactly(
              "service-account", "project-id", "base-url", "connect-timeout", "read-timeout");
      assertThat(provider).hasToString("FcmProvider[fcm, project shop-4711]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "service-account, /nowhere/account.json",
    "project-id, NOT/A/PROJECT",
    "base-url, nonsense",
    "base-url, https://user:pw@localhost",
    "connect-timeout, soon",
    "read-timeout, PT0S"
  })
  void aWrongOptionIsNamedByItsKey(String option, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new FcmProviderFactory().create(options(Map.of(option, value))))
        .withMessageStartingWith("notify.push.fcm." + option + ": ");
  }

  @Test
  void aMissingServiceAccountIsNamedByItsKey() {
    refused(
        () -> new FcmProviderFactory().create(new ProviderOptions("notify.push.fcm", Map.of())),
        "notify.push.fcm.service-account: must be set");
  }

  private ProviderOptions options(Map<String, String> more) {
    Map<String, String> values = new HashMap<>(Map.of("service-account", file.toString()));
    values.putAll(more);
    return new ProviderOptions("notify.push.fcm", values);
  }

  private static void refused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
