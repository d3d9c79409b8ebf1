package dev.notify.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is a program by its name. */
class MachinesTest {

  private static Optional<String> sign(String agent) {
    return Machines.sign(false, agent, "", Optional.of(Duration.ofMinutes(5)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mozilla/5.0 (Linux; Android 9; CUBOT POWER Build/PPR1) AppleWebKit/537.36 Chrome/120.0",
        "Mozilla/5.0 (Linux; Android 10; CUBOT_X18_Plus) AppleWebKit/537.36 Chrome/120.0",
        "Mozilla/5.0 (Linux; Android 11; CUBOT)",
        "Mozilla/5.0 (Linux; Android 4.4; M Bot 60) Chrome/81.0",
        "Mozilla/5.0 (Linux; Android 8.1; Power_Bot_Senior) Chrome/81.0",
        "Mozilla/5.0 (Windows NT 10.0) Firefox/128.0 Scania-Intranet",
        "Mozilla/5.0 (Linux; Android 9; Bothnia) Chrome/81.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Mobile Safari/604.1"
      })
  void aPersonsPhoneIsNoProgram(String agent) {
    assertThat(sign(agent)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "AdsBot-Google",
        "TelegramBot (like TwitterBot)",
        "Mozilla/5.0 (compatible; some_bot_2)",
        "bot",
        "Mozilla/5.0 (compatible; bots)",
        "urlscan/2.0",
        "Acme Mail Scanner",
        "link-scanning",
        "Baiduspider/2.0",
        "facebookexternalhit/1.1 preview",
        "python-requests/2.31",
        "curl/8.5.0",
        "Mozilla/5.0",
        " "
      })
  void aProgramSaysSo(String agent) {
    assertThat(sign(agent)).contains("a program by its name");
  }
}
