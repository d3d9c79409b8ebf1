package dev.notify.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class QuickstartTest {

  @TempDir private Path folder;

  @Test
  void everyAddressOfTheAudienceGetsItsRow() {
    Run run = Run.of("quickstart");

    assertThat(run.err()).isEmpty();
    assertThat(run.exit()).isZero();
    assertThat(run.rows())
        .containsExactly(
            "jane email smtp SENT 1",
            "jane sms twilio SENT 1",
            "jane push fcm SENT 1",
            "jane inapp inbox SENT 1",
            "ana email smtp SENT 1",
            "ana sms twilio-backup SENT FAILED OVER 2",
            "joao email smtp SENT 1",
            "joao push fcm DEAD INVALID_ADDRESS 1",
            "joao push fcm SENT 1",
            "klaus email - SCHEDULED QUIET_HOURS 0",
            "klaus push - SCHEDULED QUIET_HOURS 0",
            "heidi email smtp SENT 1",
            "heidi sms - SUPPRESSED OPTED_OUT 0",
            "heidi inapp inbox SENT 1",
            "paul email - SUPPRESSED OPTED_OUT 0");
  }

  @Test
  void itEndsWithTheCountAndSaysBeforeWhyTheOthersAreMissing() {
    Run run = Run.of("quickstart");

    assertThat(run.out())
        .endsWith("\ndelivered 10 of 15\n")
        .contains(
            """
            What did not go straight, and why:
              ana, sms: delivered by twilio-backup, since twilio said: Twilio is not available (error 20503)
              joao, push: INVALID_ADDRESS (fcm: the token is not registered any more (UNREGISTERED))
              klaus, email: QUIET_HOURS (22:00-07:00 Europe/Berlin, chosen), waits until Tuesday 3 March, 07:00
              klaus, push: QUIET_HOURS (22:00-07:00 Europe/Berlin, chosen), waits until Tuesday 3 March, 07:00
              heidi, sms: OPTED_OUT (of sms, order_updates)
              paul, email: OPTED_OUT (of every channel, order_updates)
            """);
  }

  @Test
  void aMailIsShownAsItWasReceived() {
    Run run = Run.of("quickstart");

    assertThat(run.out())
        .contains(
            """
              From:    The Coffee Shop <orders@shop.example>
              To:      Jane Miller <jane@example.com>
              Subject: Your order 1017 is on its way ☕

              Hello Jane Miller,

              your espresso machine left our warehouse today.
              Follow it here: https://shop.example/track/1017

              The Coffee Shop, 1 Bean Street, Springfield
            """);
  }

  @Test
  void otherMessagesArriveInTheirReadersLanguages() {
    Run run = Run.of("quickstart");

    assertThat(run.out())
        .contains(
            "  ana, sms: Seu pedido (moedor de café) está a caminho: https://shop.example/track/1018\n",
            "  joao, push: A sua encomenda vai a caminho / A encomenda 1019 (chaleira) saiu hoje do nosso armazém.\n",
            "  heidi, inbox with 1 unread: Bestellung 1021 ist unterwegs\n");
  }

  @Test
  void anotherFileTellsOtherPeople() throws IOException {
    Run run =
        Run.of(
            "quickstart",
            file(
                """
                {"people": [{"id": "uwe", "name": "Uwe", "locale": "de", "zone": "Europe/Berlin",
                  "email": "uwe@example.de",
                  "order": {"number": 7, "item": "Tasse", "trackingUrl": "https://shop.example/7"}}]}
                """));

    assertThat(run.rows()).containsExactly("uwe email smtp SENT 1");
    assertThat(run.out())
        .contains("Subject: Ihre Bestellung 7 ist unterwegs ☕\n", "Ihr Coffee Shop, Bohnenstraße 1")
        .doesNotContain("What did not go straight")
        .endsWith("\ndelivered 1 of 1\n");
  }

  @Test
  void nothingIsDueForAPersonWhoIsAsleepWheneverTheyAreTold() throws IOException {
    Run run =
        Run.of(
            "quickstart",
            file(
                """
                {"now": "2026-07-01T03:00:00Z",
                 "people": [{"id": "mei", "name": "Mei", "locale": "en", "zone": "UTC",
                  "devices": ["a"], "quietHours": "22:00-07:00",
                  "order": {"number": 7, "item": "cup", "trackingUrl": "https://shop.example/7"}}]}
                """));

    assertThat(run.rows()).containsExactly("mei push - SCHEDULED QUIET_HOURS 0");
    assertThat(run.out())
        .contains("waits until Wednesday 1 July, 07:00")
        .endsWith("delivered 0 of 1\n");
  }

  @Test
  void anUnknownExampleIsToldWhichThereAre() {
    Run run = Run.of("quickstrat");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .isEqualTo(
            "example: there is no 'quickstrat'; there are"
                + " [console, quickstart, server, transaction]\n");
  }

  @Test
  void twoFilesAreOneTooMany() {
    assertThat(Run.of("quickstart", "a.json", "b.json").err())
        .isEqualTo("give one file at most, not [a.json, b.json]\n");
  }

  private String file(String json) throws IOException {
    return Files.writeString(folder.resolve("people.json"), json).toString();
  }
}
