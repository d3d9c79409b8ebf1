package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.InvalidAddress;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import jakarta.mail.internet.MimeMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailgunProviderTest {

  static final Response TAKEN =
      Response.json(
          200,
          """
          {"id":"<20111114174239.25659.5817@mg.example.com>","message":"Queued. Thank you."}""");

  private final HttpMailFixture fixture =
      HttpMailFixture.of(TAKEN, vendor -> builder(vendor).build());

  private static MailgunProvider.Builder builder(HttpStandIn vendor) {
    return HttpMailFixture.settings(
        MailgunProvider.builder().domain("mg.example.com").apiKey(HttpMailFixture.SECRET), vendor);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMailIsPostedWhole() throws Exception {
    OutboundMessage message = Mails.message();

    Outcome outcome = fixture.deliver(message);

    Request request = fixture.sent(1);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v3/mg.example.com/messages.mime");
    assertThat(request.headers()).containsEntry("authorization", "Basic YXBpOmh1c2gtaHVzaC1rZXk=");
    assertThat(request.headers().get("content-type")).startsWith("multipart/form-data; boundary=");
    List<Part> parts = parts(request);
    assertThat(parts.get(0)).isEqualTo(new Part("name=\"to\"", "jane.doe@example.org"));
    assertThat(parts.get(1).name()).isEqualTo("name=\"message\"; filename=\"message.mime\"");
    assertThat(parts.get(2))
        .isEqualTo(new Part("name=\"v:notify_reference\"", message.reference()));
    assertThat(parts).hasSize(3);
    MimeMessage mail = Mails.parse(parts.get(1).text());
    assertThat(mail.getSubject()).isEqualTo("Your parcel");
    assertThat(mail.getMessageID()).isEqualTo("<" + message.reference() + "@example.com>");
    assertThat(outcome).isEqualTo(Outcome.accepted("20111114174239.25659.5817@mg.example.com"));
  }

  @Test
  void everythingThatAMailCanHave() throws Exception {
    OutboundMessage message = Mails.rich();

    fixture.deliver(message);

    List<Part> parts = parts(fixture.sent(1));
    assertThat(parts.get(0).text())
        .isEqualTo("jane.doe@example.org,carol@example.org,bob@xn--bcher-kva.example");
    assertThat(parts.subList(3, parts.size()))
        .containsExactly(
            new Part("name=\"o:tag\"", "orders"), new Part("name=\"o:tag\"", "shipped"));
    MimeMessage mail = Mails.parse(parts.get(1).text());
    assertThat(mail.getHeader("Bcc")).isNull();
    assertThat(mail.getHeader("Cc", null)).contains("carol@example.org");
    assertThat(mail.getHeader("List-Unsubscribe-Post"))
        .containsExactly("List-Unsubscribe=One-Click");
    assertThat(mail.isMimeType("multipart/mixed")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "400 | to parameter is not a valid address. please check documentation | InvalidAddress",
        "400 | 'to' parameter is not a valid address. please check documentation | InvalidAddress",
        "400 | to parameter is missing | Rejected",
        "400 | from parameter is missing | Rejected",
        "400 | from parameter is not a valid address. please check documentation | Rejected",
        "400 | Need at least one of 'text' or 'html' parameters specified | Rejected",
        "400 | Domain mg.example.com is not allowed to send: not activated | Misconfigured",
        "403 | Domain mg.example.com is not allowed to send: disabled | Misconfigured",
        "403 | Domain sandbox1.mailgun.org is not allowed to send: Free accounts are for test purposes only. Please upgrade or add the address to your authorized recipients. | Rejected",
        "401 | Forbidden | Misconfigured",
        "402 | Request failed | Misconfigured",
        "403 | not allowed to send large batches yet | Misconfigured",
        "404 | Domain not found: mg.example.com | Misconfigured",
        "408 | | Unknown",
        "413 | too big | Rejected",
        "420 | Domain mg.example.com is not allowed to send: recipient limit exceeded | Throttled",
        "429 | slow down | Throttled",
        "500 | | Unknown",
        "502 | | Unknown",
        "503 | | Retryable",
        "504 | | Unknown",
        "302 | | Misconfigured"
      })
  void errorsMeanWhatTheTableSays(int status, String text, String expected) {
    Outcome outcome = fixture.deliverAnswered(status, "{\"message\":\"" + text + "\"}");

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
  }

  @Test
  void theMomentInMailgunsWordsIsWaitedFor() {
    Outcome outcome =
        fixture.deliverAnswered(
            429,
            """
            {"message":"Domain x is not allowed to send: request limit exceeded, try again after\
             Fri, 02 Jan 2026 03:05:05 UTC"}""");

    assertThat(((Throttled) outcome).retryAfter()).contains(Duration.ofMinutes(1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"try again after Someday, 99 Foo 2021 20:33:21 UTC", "no"})
  void otherWordsLeaveTheTimeToTheEngine(String text) {
    Outcome outcome = fixture.deliverAnswered(429, "{\"message\":\"" + text + "\"}");

    assertThat(((Throttled) outcome).retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mailgun Magnificent API", "{}", "{\"id\":\"<>\"}"})
  void successWithoutAnIdIsUnknown(String body) {
    assertThat(fixture.deliverAnswered(200, body)).isInstanceOf(Unknown.class);
  }

  @Test
  void addressesThatAreRefusedAreTriedWithoutCopies() {
    Response refused =
        Response.json(400, "{\"message\":\"to parameter is not a valid address. please check\"}");

    assertThat(fixture.deliverCopiesAnswered(refused, TAKEN)).isInstanceOf(Accepted.class);

    assertThat(fixture.vendor.requests()).hasSize(2);
    assertThat(fixture.sent(2).body()).doesNotContain("carol", "bob");
  }

  @Test
  void aRecipientRefusedAloneIsDead() {
    Response refused =
        Response.json(400, "{\"message\":\"to parameter is not a valid address. please check\"}");

    assertThat(fixture.deliverCopiesAnswered(refused, refused)).isInstanceOf(InvalidAddress.class);
  }

  private record Part(String name, String text) {}

  private static List<Part> parts(Request request) {
    String boundary = String.valueOf(request.headers().get("content-type")).split("boundary=")[1];
    List<Part> parts = new ArrayList<>();
    String[] raw = request.body().split("--" + boundary + "(?:--)?\r\n");
    for (int i = 1; i < raw.length; i++) {
      String[] halves = raw[i].split("\r\n\r\n", 2);
      String name = halves[0].replaceAll("(?s).*form-data; ([^\r]*).*", "$1");
      parts.add(new Part(name, halves[1].substring(0, halves[1].length() - 2)));
    }
    return parts;
  }
}
