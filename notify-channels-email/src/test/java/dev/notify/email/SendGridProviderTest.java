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
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SendGridProviderTest {

  static final Response TAKEN =
      new Response(202, Map.of("X-Message-Id", "LRzXl_NHStOGhQ4kofSm_A"), "");

  private final HttpMailFixture fixture =
      HttpMailFixture.of(TAKEN, vendor -> builder(vendor).build());

  private static SendGridProvider.Builder builder(HttpStandIn vendor) {
    return HttpMailFixture.settings(
        SendGridProvider.builder().apiKey(HttpMailFixture.SECRET), vendor);
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsOnePersonalization() {
    OutboundMessage message = Mails.message();

    Outcome outcome = fixture.deliver(message);

    Request request = fixture.sent(1);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v3/mail/send");
    assertThat(request.headers())
        .containsEntry("authorization", "Bearer " + HttpMailFixture.SECRET)
        .containsEntry("content-type", "application/json");
    assertThat(request.body())
        .isEqualTo(
            """
            {"personalizations":[{"to":[{"email":"jane.doe@example.org","name":"Jane Doe"}],\
            "headers":{"X-Notify-Delivery":"%1$s"},"custom_args":{"notify_reference":"%1$s"}}],\
            "from":{"email":"shop@example.com","name":"Shop"},"subject":"Your parcel",\
            "content":[{"type":"text/plain","value":"It is on its way."}]}"""
                .formatted(message.reference()));
    assertThat(outcome).isEqualTo(Outcome.accepted("LRzXl_NHStOGhQ4kofSm_A"));
  }

  @Test
  void everythingThatAMailCanHave() {
    OutboundMessage message = Mails.rich();

    fixture.deliver(message);

    assertThat(fixture.sent(1).body())
        .isEqualTo(
            """
            {"personalizations":[{"to":[{"email":"jane.doe@example.org","name":"Jane Doe"}],\
            "cc":[{"email":"carol@example.org","name":"Carol, Ö"}],\
            "bcc":[{"email":"bob@xn--bcher-kva.example"}],\
            "headers":{"List-Unsubscribe":"<https://shop.example.com/u/1>",\
            "List-Unsubscribe-Post":"List-Unsubscribe=One-Click","X-Notify-Delivery":"%1$s",\
            "X-Order":"=?UTF-8?B?TsK6IDc=?="},"custom_args":{"notify_reference":"%1$s"}}],\
            "from":{"email":"shop@example.com","name":"Shop"},\
            "reply_to":{"email":"case-7@example.com","name":"Case 7"},"subject":"Your parcel €",\
            "content":[{"type":"text/plain","value":"It is \\"on\\" its way."},\
            {"type":"text/html","value":"<img src='cid:logo'>"}],\
            "attachments":[{"content":"AQID","type":"image/png","filename":"logo.png",\
            "disposition":"inline","content_id":"logo"},\
            {"content":"BAU=","type":"application/pdf","filename":"a_b.pdf",\
            "disposition":"attachment"}],\
            "categories":["orders","shipped"]}"""
                .formatted(message.reference()));
  }

  @ParameterizedTest
  @CsvSource({
    "400, personalizations.0.to.0.email, InvalidAddress",
    "400, personalizations.0.cc.0.email, Rejected",
    "400, personalizations, Rejected",
    "400, from, Misconfigured",
    "400, from.email, Misconfigured",
    "400, content.0.value, Rejected",
    "400, , Rejected",
    "401, , Misconfigured",
    "403, from, Misconfigured",
    "404, , Misconfigured",
    "405, , Misconfigured",
    "406, , Rejected",
    "408, , Unknown",
    "413, , Rejected",
    "415, , Rejected",
    "429, , Throttled",
    "500, , Unknown",
    "502, , Unknown",
    "503, , Retryable",
    "504, , Unknown",
    "302, , Misconfigured"
  })
  void errorsMeanWhatTheTableSays(int status, String field, String expected) {
    String body =
        """
        {"errors":[{"message":"about jane.doe@example.org","field":%s,"help":null}]}"""
            .formatted(field == null ? "null" : "\"" + field + "\"");

    Outcome outcome = fixture.deliverAnswered(status, body);

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(outcome.cause()).doesNotContain("jane");
  }

  @Test
  void theWindowsEndIsWaitedFor() {
    long reset = HttpMailFixture.NOW.getEpochSecond() + 7;

    Outcome outcome =
        fixture.deliverAnswered(new Response(429, Map.of("X-RateLimit-Reset", "" + reset), ""));

    assertThat(((Throttled) outcome).retryAfter()).contains(Duration.ofSeconds(7));
  }

  @Test
  void aWindowThatHasEndedLeavesTheTimeToTheEngine() {
    long reset = HttpMailFixture.NOW.getEpochSecond() - 1;

    Outcome outcome =
        fixture.deliverAnswered(new Response(429, Map.of("X-RateLimit-Reset", "" + reset), ""));

    assertThat(((Throttled) outcome).retryAfter()).isEmpty();
  }

  @Test
  void successWithoutAnIdIsUnknown() {
    assertThat(fixture.deliverAnswered(202, "")).isInstanceOf(Unknown.class);
  }

  @Test
  void aRefusedCopyDoesNotLoseTheMail() {
    Response refused =
        Response.json(
            400,
            """
            {"errors":[{"message":"no","field":"personalizations.0.cc.0.email"}]}""");

    assertThat(fixture.deliverCopiesAnswered(refused, TAKEN)).isInstanceOf(Accepted.class);

    assertThat(fixture.vendor.requests()).hasSize(2);
    assertThat(fixture.sent(1).body()).contains("carol@example.org");
    assertThat(fixture.sent(2).body()).doesNotContain("carol", "bob").contains("jane.doe");
  }

  @Test
  void aRefusedRecipientIsNotTriedWithoutCopies() {
    Response refused =
        Response.json(
            400,
            """
            {"errors":[{"message":"no","field":"personalizations.0.to.0.email"}]}""");

    assertThat(fixture.deliverCopiesAnswered(refused, TAKEN)).isInstanceOf(InvalidAddress.class);
    assertThat(fixture.vendor.requests()).hasSize(1);
  }
}
