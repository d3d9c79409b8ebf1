package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Throttled;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several mails in one request to SendGrid. */
class SendGridBatchTest {

  private final HttpMailFixture fixture =
      HttpMailFixture.of(
          SendGridProviderTest.TAKEN,
          vendor ->
              HttpMailFixture.settings(
                      SendGridProvider.builder().apiKey(HttpMailFixture.SECRET), vendor)
                  .build());

  private static EmailOptions.Builder options() {
    return EmailOptions.builder().replyTo(Address.email("case-7@example.com")).tag("news");
  }

  private static Content news(EmailOptions options) {
    return Content.builder()
        .title("News for %recipient%")
        .body("Hi -name-, {{name}}")
        .html("<p>Hi [name]</p>")
        .email(options)
        .build();
  }

  private static Content unsubscribedAt(String address) {
    return news(options().unsubscribe(URI.create(address)).build());
  }

  private static Response refused(String... fields) {
    String errors =
        Stream.of(fields)
            .map(field -> "{\"message\":\"no\",\"field\":" + field + "}")
            .reduce((one, other) -> one + "," + other)
            .orElse("");
    return Response.json(400, "{\"errors\":[" + errors + "]}");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void mailsOfTheSameContentAreAPersonalizationEach() {
    OutboundMessage toJane = Mails.message(unsubscribedAt("https://shop.example.com/u/1"));
    OutboundMessage toJoe =
        Mails.message(unsubscribedAt("https://shop.example.com/u/2"))
            .redirectedTo(Address.email("joe@example.org"));

    List<Outcome> outcomes = fixture.deliver(List.of(toJane, toJoe));

    Request request = fixture.sent(1);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v3/mail/send");
    assertThat(request.headers())
        .containsEntry("authorization", "Bearer " + HttpMailFixture.SECRET)
        .containsEntry("content-type", "application/json");
    assertThat(request.body())
        .isEqualTo(
            """
            {"personalizations":[\
            {"to":[{"email":"jane.doe@example.org","name":"Jane Doe"}],\
            "headers":{"List-Unsubscribe":"<https://shop.example.com/u/1>",\
            "List-Unsubscribe-Post":"List-Unsubscribe=One-Click","X-Notify-Delivery":"%1$s"},\
            "custom_args":{"notify_reference":"%1$s"}},\
            {"to":[{"email":"joe@example.org"}],\
            "headers":{"List-Unsubscribe":"<https://shop.example.com/u/2>",\
            "List-Unsubscribe-Post":"List-Unsubscribe=One-Click","X-Notify-Delivery":"%2$s"},\
            "custom_args":{"notify_reference":"%2$s"}}],\
            "from":{"email":"shop@example.com","name":"Shop"},\
            "reply_to":{"email":"case-7@example.com"},"subject":"News for %%recipient%%",\
            "content":[{"type":"text/plain","value":"Hi -name-, {{name}}"},\
            {"type":"text/html","value":"<p>Hi [name]</p>"}],\
            "categories":["news"]}"""
                .formatted(toJane.reference(), toJoe.reference()));
    assertThat(outcomes)
        .containsExactly(
            Outcome.accepted("LRzXl_NHStOGhQ4kofSm_A." + toJane.reference()),
            Outcome.accepted("LRzXl_NHStOGhQ4kofSm_A." + toJoe.reference()));
  }

  @Test
  void whatDiffersInItsHeadersOrRecipientsAloneSharesARequest() {
    Content plain = Mails.content();
    Content withHeader =
        plain.toBuilder().email(EmailOptions.builder().header("X-Order", "7").build()).build();

    assertThat(
            keys(
                Mails.message(plain),
                Mails.message(plain).redirectedTo(Address.email("joe@example.org")),
                Mails.message(withHeader),
                Mails.message(plain.toBuilder().data("badge", "3").build()),
                Mails.inCategory(Category.transactional("receipts"))))
        .hasSize(1);
  }

  @Test
  void whatDiffersInAnythingElseSharesNone() {
    Content plain = Mails.content();

    List<Object> keys =
        keys(
            Mails.message(plain),
            Mails.message(plain.toBuilder().title("Other").build()),
            Mails.message(plain.toBuilder().body("Other").build()),
            Mails.message(plain.toBuilder().html("Other").build()),
            Mails.message(
                plain.toBuilder().email(EmailOptions.builder().tag("other").build()).build()),
            Mails.message(
                plain.toBuilder()
                    .email(EmailOptions.builder().replyTo(Mails.JANE).build())
                    .build()));

    assertThat(keys).hasSize(6);
    assertThat(keys).allSatisfy(key -> assertThat(key.toString()).isEqualTo("Shared"));
  }

  /** Those that differ. */
  private List<Object> keys(OutboundMessage... messages) {
    try (BatchProvider provider =
        SendGridProvider.builder().apiKey("k").from("shop@example.com").build()) {
      return Stream.of(messages)
          .map(message -> provider.batchKey(message).orElseThrow())
          .distinct()
          .toList();
    }
  }

  @Test
  void withoutAnIdAllAreInDoubt() {
    assertThat(fixture.deliverAnswered(2, Response.json(202, "")))
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly("Unknown", "Unknown");
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "subject, Rejected",
    "content.0.value, Rejected",
    "categories, Rejected",
    "reply_to.email, Rejected",
    "from.email, Misconfigured"
  })
  void aRefusalOfWhatAllShareIsARefusalOfAll(String field, String expected) {
    assertThat(fixture.deliverAnswered(4, refused("\"" + field + "\"")))
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsExactly(expected, expected, expected, expected);
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @Test
  void aRefusalThatMayBeOverOneMailIsNobodyElses() {
    for (Response response :
        List.of(
            refused("null"),
            refused(),
            refused("\"personalizations\""),
            refused("\"personalizations.1.to.0.email\"", "\"content\""))) {
      fixture.vendor.answer(
          request ->
              request.body().contains("p1@example.org") ? response : SendGridProviderTest.TAKEN);

      assertThat(fixture.deliver(Mails.several(3)))
          .extracting(Outcome::getClass)
          .satisfies(
              classes -> {
                assertThat(classes.get(0)).isEqualTo(Outcome.Accepted.class);
                assertThat(classes.get(1)).isNotEqualTo(Outcome.Accepted.class);
                assertThat(classes.get(2)).isEqualTo(Outcome.Accepted.class);
              });
    }
  }

  @Test
  void allWaitUntilTheWindowEnds() {
    long reset = HttpMailFixture.NOW.getEpochSecond() + 7;

    assertThat(
            fixture.deliverAnswered(
                3, Response.json(429, "").with("X-RateLimit-Reset", "" + reset)))
        .hasSize(3)
        .allSatisfy(
            outcome ->
                assertThat(((Throttled) outcome).retryAfter()).contains(Duration.ofSeconds(7)));
  }
}
