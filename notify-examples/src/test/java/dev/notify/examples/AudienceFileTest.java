package dev.notify.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One thing wrong at a time, in a file that is right but for that. */
class AudienceFileTest {

  private static final String GOOD =
      """
      {
        "now": "2026-03-02T21:30:00Z",
        "people": [
          {
            "id": "jane",
            "name": "Jane",
            "locale": "en-US",
            "zone": "America/New_York",
            "email": "jane@example.com",
            "sms": "+12125550142",
            "devices": ["jane-phone"],
            "inbox": true,
            "quietHours": "22:00-07:00",
            "optedOutOf": ["sms"],
            "order": { "number": 1017, "item": "cup", "trackingUrl": "https://shop.example/1" }
          }
        ]
      }
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "America/New_York" | "America/New_Yrok" | 8:15: people[0].zone: 'America/New_Yrok' cannot be used; write a time zone like Europe/Berlin
          "en-US"            | "en_US"            | 7:17: people[0].locale: 'en_US' cannot be used; write a language like de or pt-BR
          "en-US"            | "english"          | 7:17: people[0].locale: 'english' cannot be used
          "jane@example.com" | "jane@"            | 9:16: people[0].email: 'jane@' cannot be used; write a mail address like jane@example.com
          "jane@example.com" | "jane"             | 9:16: people[0].email: 'jane' cannot be used
          "jane@example.com" | 42                 | 9:16: people[0].email: '42' cannot be used
          "+12125550142"     | "0212555"          | 10:14: people[0].sms: '0212555' cannot be used; write a phone number like +12125550142
          "jane-phone"       | "jane phone"       | 11:19: people[0].devices[0]: 'jane phone' cannot be used; write a device token
          "jane-phone"       | null               | 11:19: people[0].devices
          "22:00-07:00"      | "22:00"            | 13:21: people[0].quietHours: '22:00' cannot be used; write two different times like 22:00-07:00
          "22:00-07:00"      | "22:00-22:00"      | 13:21: people[0].quietHours: '22:00-22:00' cannot be used
          ["sms"]            | ["fax"]            | 14:22: people[0].optedOutOf[0]: 'fax' cannot be used; write everything, email, sms, push or inapp
          ["sms"]            | "sms"              | 14:21: people[0].optedOutOf: must be a list, in [ ]
          "2026-03-02T21:30:00Z" | "tonight"      | 2:10: now: 'tonight' cannot be used; write a moment like 2026-03-02T21:30:00Z
          "jane"             | " "                | 5:13: people[0].id: ' ' cannot be used; write an id of one line
          "Jane"             | null               | 6:15: people[0].name: must not be null
          "zone":            | "timeZone":        | 4:5: people[0].zone: is missing
          "sms":             | "phone":           | 10:7: people[0].phone: is no field; there are [devices, email, id,
          "number": 1017,    | ``                 | 15:7: people[0].order.number: is missing
          1017               | "many"             | 15:28: people[0].order.number: must be a whole number
          true               | "yes"              | 12:16: people[0].inbox: must be true or false
          "name": "Jane",    | ``                 | 4:5: people[0].name: is missing
          "name": "Jane",    | "name": "Jane"     | 7:7: is not JSON: Unexpected character
          "name": "Jane",    | "name": "Jane", "name": "J", | 6:29: is not JSON: Duplicate field 'name'
          "people"           | "persons"          | 1:1: people: is missing
          "jane"             | ["jane"]           | 5:13: people[0].id: '[' cannot be used
          { "number": 1017, "item": "cup", "trackingUrl": "https://shop.example/1" } | 7 | 15:16: people[0].order: must be an object, in { }
          """)
  void whatIsWrongIsToldWithFileLineAndField(String good, String bad, String told)
      throws IOException {
    Path file = folder.resolve("people.json");
    Files.writeString(file, GOOD.replace(good, bad));

    Run run = Run.of("quickstart", file.toString());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).matches("(?s)\\Q" + file + "\\E:\\d+:\\d+: .*").contains(told);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).doesNotContain("dev.notify", "java.");
  }

  @Test
  void aFileThatBreaksOffIsToldWithItsEnd() throws IOException {
    Path file = folder.resolve("people.json");
    Files.writeString(file, GOOD.substring(0, GOOD.length() - 3));

    Run run = Run.of("quickstart", file.toString());

    assertThat(run.err()).startsWith(file + ":17:").contains("Unexpected end-of-input");
  }

  @Test
  void twoPeopleWithOneIdAreRefused() throws IOException {
    Path file = folder.resolve("people.json");
    String person = GOOD.substring(GOOD.indexOf("    {"), GOOD.lastIndexOf("  ]"));
    Files.writeString(file, GOOD.replace(person, person.stripTrailing() + ",\n" + person));

    Run run = Run.of("quickstart", file.toString());

    assertThat(run.err()).isEqualTo(file + ":18:7: people[1].id: 'jane' is another person's\n");
  }

  @Test
  void aFileThatHoldsSomethingElseIsRefused() throws IOException {
    Path file = folder.resolve("people.json");
    Files.writeString(file, "[]");

    Run run = Run.of("quickstart", file.toString());

    assertThat(run.err()).isEqualTo(file + ":1:1: must be an object, in { }\n");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Path file = Files.createFile(folder.resolve("people.json"));

    Run run = Run.of("quickstart", file.toString());

    assertThat(run.err()).startsWith(file + ":1:").hasLineCount(1);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Run run = Run.of("quickstart", "nobody.json");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).isEqualTo("nobody.json: there is no such file\n");
  }
}
