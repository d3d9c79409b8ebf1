package dev.notify.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.push.ApnsProvider.Environment;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.spi.ProviderOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApnsConfigurationTest {

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeKey() throws IOException {
    file = folder.resolve("AuthKey_KEY1234567.p8");
    Files.writeString(file, ApnsKeys.p8Text());
  }

  @Test
  void productionIsCalledUnlessTheSandboxIsSaid() {
    try (ApnsProvider production = complete().build();
        ApnsProvider sandbox = complete().environment(Environment.SANDBOX).name("dev").build()) {
      assertThat(production)
          .hasToString("ApnsProvider[apns, com.example.shop at api.push.apple.com]");
      assertThat(sandbox).asString().startsWith("ApnsProvider[dev, ").contains("push.apple.com]");
      assertThat(sandbox.toString()).doesNotContain("api.push.apple.com");
    }
  }

  @Test
  void whatIsMissingIsNamed() {
    ApnsProvider.Builder builder = ApnsProvider.builder();
    refused(builder::build, "signingKey: must be set");
    builder.signingKey(file);
    refused(builder::build, "keyId: must be set");
    builder.keyId(ApnsKeys.KEY_ID);
    refused(builder::build, "teamId: must be set");
    builder.teamId(ApnsKeys.TEAM_ID);
    refused(builder::build, "topic: must be set");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not a key",
        "-----BEGIN PRIVATE KEY-----\nhush-hush\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\naHVzaC1odXNo\n-----END PRIVATE KEY-----"
      })
  void whatIsNoKeyIsRefusedWithoutShowingIt(String text) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () ->
                ApnsProvider.builder()
                    .signingKey(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))))
        .withMessageStartingWith("signingKey: ")
        .withMessageNotContaining("hush")
        .withNoCause();
  }

  @Test
  void theFactoryIsFoundAndBuildsFromProperties() {
    ChannelProviderFactory factory =
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(ApnsProviderFactory.class::isInstance)
            .findFirst()
            .orElseThrow();

    try (ChannelProvider provider =
        factory.create(
            options(
                Map.of(
                    "base-url", "https://localhost:1",
                    "environment", "sandbox",
                    "connections", "2",
                    "connect-timeout", "PT1S",
                    "read-timeout", "PT2S")))) {
      assertThat(factory.channel()).isEqualTo(Channel.PUSH);
      assertThat(factory.provider()).isEqualTo("apns");
      assertThat(provider).hasToString("ApnsProvider[apns, com.example.shop at localhost]");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "signing-key, /nowhere/key.p8",
    "key-id, short",
    "team-id, ten letters",
    "topic, a/b",
    "environment, staging",
    "connections, 0",
    "connections, 101",
    "base-url, http://localhost",
    "base-url, https://localhost/path",
    "base-url, https://user:pw@localhost",
    "connect-timeout, soon",
    "read-timeout, PT0S"
  })
  void aWrongOptionIsNamedByItsKey(String option, String value) {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(() -> new ApnsProviderFactory().create(options(Map.of(option, value))))
        .withMessageStartingWith("notify.push.apns." + option + ": ");
  }

  private ApnsProvider.Builder complete() {
    return ApnsProvider.builder()
        .signingKey(file)
        .keyId(ApnsKeys.KEY_ID)
        .teamId(ApnsKeys.TEAM_ID)
        .topic(ApnsKeys.TOPIC);
  }

  private ProviderOptions options(Map<String, String> more) {
    Map<String, String> values =
        new HashMap<>(
            Map.of(
                "signing-key", file.toString(),
                "key-id", ApnsKeys.KEY_ID,
                "team-id", ApnsKeys.TEAM_ID,
                "topic", ApnsKeys.TOPIC));
    values.putAll(more);
    return new ProviderOptions("notify.push.apns", values);
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatExceptionOfType(ConfigurationException.class).isThrownBy(call).withMessage(message);
  }
}
