package dev.notify.email;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.InvalidAddress;
import dev.notify.model.Outcome.Misconfigured;
import dev.notify.model.Outcome.Rejected;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.spi.ProviderOptions;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.net.URI;
import java.net.URLDecoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Several mails in one request to Mailgun. */
class MailgunBatchTest {

  private static final String ID = "20111114174239.25659.5817@mg.example.com";
  private static final String SEVERAL = "/v3/mg.example.com/messages";
  private static final String ALONE = SEVERAL + ".mime";
  private static final Response BAD_ADDRESS =
      Response.json(400, "{\"message\":\"to parameter is not a valid address. please check\"}");

  private final HttpStandIn mailgun = HttpStandIn.answering(MailgunProviderTest.TAKEN);
  private final MailgunProvider provider = builder().build();

  private MailgunProvider.Builder builder() {
    return HttpMailFixture.settings(
        MailgunProvider.builder().domain("mg.example.com").apiKey(HttpMailFixture.SECRET), mailgun);
  }

  /** Messages of the same content, to a person each: p0, p1 and so on. */
  static List<OutboundMessage> several(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> to(Address.email("p" + i + "@example.org")))
        .toList();
  }

  private static OutboundMessage to(Address address) {
    return SampleMessages.to(address, Mails.content());
  }

  private static OutboundMessage with(UnaryOperator<Content.Builder> change) {
    return Mails.message(change.apply(Mails.content().toBuilder()).build());
  }

  private static OutboundMessage withOptions(UnaryOperator<EmailOptions.Builder> change) {
    return with(content -> content.email(change.apply(EmailOptions.builder()).build()));
  }

  @AfterEach
  void close() {
    provider.close();
    mailgun.close();
  }

  @Test
  void mailsOfEqualContentArePostedAsOneForm() {
    OutboundMessage toJane = Mails.message();
    OutboundMessage toJoe = to(Address.email("joe@example.org"));

    List<Outcome> outcomes = provider.deliver(List.of(toJane, toJoe));

    Request request = mailgun.requests().get(0);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo(SEVERAL);
    assertThat(request.headers())
        .containsEntry("authorization", "Basic YXBpOmh1c2gtaHVzaC1rZXk=")
        .containsEntry("content-type", "application/x-www-form-urlencoded");
    assertThat(form(request))
        .containsExactly(
            "from=Shop <shop@example.com>",
            "to=Jane Doe <jane.doe@example.org>, joe@example.org",
            "recipient-variables={\"jane.doe@example.org\":{\"reference\":\""
                + toJane.reference()
                + "\"},\"joe@example.org\":{\"reference\":\""
                + toJoe.reference()
                + "\"}}",
            "subject=Your parcel",
            "text=It is on its way.",
            "h:X-Notify-Delivery=%recipient.reference%",
            "v:notify_reference=%recipient.reference%");
    assertThat(outcomes)
        .containsExactly(
            Outcome.accepted(ID + "." + toJane.reference()),
            Outcome.accepted(ID + "." + toJoe.reference()));
  }

  @Test
  void whatIsARecipientsOwnIsAVariable() throws Exception {
    List<OutboundMessage> messages =
        Stream.of("Jos\u00e9 P. O'Hara", "Joe")
            .map(
                name ->
                    SampleMessages.to(
                        Address.email(name.length() + "@b\u00fccher.example").named(name),
                        Content.builder()
                            .title("Your parcel \u20ac & more")
                            .body("It is 100% on its way.\nBye")
                            .html("<p style='width:100%'>Hi</p>")
                            .email(
                                EmailOptions.builder()
                                    .replyTo(Address.email("case-7@example.com").named("Case 7"))
                                    .header("X-Order", "N\u00ba 7")
                                    .tag("a")
                                    .tag("b")
                                    .tag("c")
                                    .tag("d")
                                    .unsubscribe(
                                        URI.create(
                                            "https://shop.example.com/u?t=a%2F" + name.length()))
                                    .build())
                            .build()))
            .toList();

    provider.deliver(messages);

    List<String> form = form(mailgun.requests().get(0));
    assertThat(form)
        .contains(
            "to=\"Jos\u00e9 P. O'Hara\" <14@xn--bcher-kva.example>, Joe <3@xn--bcher-kva.example>",
            "subject=Your parcel \u20ac & more",
            "text=It is 100% on its way.\nBye",
            "html=<p style='width:100%'>Hi</p>",
            "h:Reply-To=Case 7 <case-7@example.com>",
            "h:List-Unsubscribe=%recipient.unsubscribe%",
            "h:List-Unsubscribe-Post=List-Unsubscribe=One-Click",
            "h:X-Order==?UTF-8?B?TsK6IDc=?=")
        .endsWith("o:tag=a", "o:tag=b", "o:tag=c");
    JsonNode joe = variables(form).path("3@xn--bcher-kva.example");
    assertThat(joe.path("reference").asText()).isEqualTo(messages.get(1).reference());
    assertThat(joe.path("unsubscribe").asText()).isEqualTo("<https://shop.example.com/u?t=a%2F3>");
  }

  /** Without an entry for each, Mailgun would show all addresses to all. */
  @Test
  void everyRequestHasVariablesForEachOfItsRecipients() throws Exception {
    mailgun.answer(
        request -> request.body().contains("p13%40") ? BAD_ADDRESS : MailgunProviderTest.TAKEN);

    provider.deliver(several(50));
    provider.deliver(
        Stream.of(withOptions(options -> options.tag("a")), to(Address.email("joe@example.org")))
            .toList());

    List<Request> shared =
        mailgun.requests().stream().filter(request -> request.target().equals(SEVERAL)).toList();
    assertThat(shared).hasSizeGreaterThan(5);
    for (Request request : shared) {
      List<String> form = form(request);
      List<String> to =
          Stream.of(field(form, "to").split(", "))
              .map(one -> one.replaceAll(".*<(.*)>", "$1"))
              .toList();
      assertThat(to).hasSizeGreaterThan(1);
      assertThat(variables(form).fieldNames()).toIterable().containsExactlyElementsOf(to);
    }
    assertThat(mailgun.requests().stream().filter(request -> request.target().equals(ALONE)))
        .allSatisfy(request -> assertThat(request.body()).containsOnlyOnce("name=\"to\""));
  }

  static List<OutboundMessage> different() {
    return List.of(
        with(content -> content.title("Other")),
        with(content -> content.body("Other")),
        with(content -> content.html("<p>Other</p>")),
        withOptions(options -> options.replyTo(Address.email("case-7@example.com"))),
        withOptions(
            options -> options.replyTo(Address.email("case-7@example.com").named("Case 7"))),
        withOptions(options -> options.header("X-Order", "7")),
        withOptions(options -> options.header("X-Order", "8")),
        withOptions(options -> options.tag("a").tag("b")),
        withOptions(options -> options.tag("b").tag("a")),
        withOptions(options -> options.unsubscribe(URI.create("https://shop.example.com/u/1"))),
        Mails.inCategory(Category.marketing("news")));
  }

  @Test
  void onlyWhatIsEqualForAllSharesARequest() {
    List<Object> keys =
        Stream.concat(Stream.of(Mails.message()), different().stream())
            .map(message -> provider.batchKey(message).orElseThrow())
            .toList();

    assertThat(keys).doesNotHaveDuplicates();
    assertThat(keys.toString()).doesNotContain("parcel", "example", "Other");
    for (OutboundMessage message : different()) {
      OutboundMessage toJoe = message.redirectedTo(Address.email("joe@example.org").named("Joe"));
      assertThat(provider.batchKey(toJoe)).isEqualTo(provider.batchKey(message));
    }
    assertThat(
            provider.batchKey(
                withOptions(
                    options -> options.unsubscribe(URI.create("https://shop.example.com/u/2")))))
        .isEqualTo(
            provider.batchKey(
                withOptions(
                    options -> options.unsubscribe(URI.create("https://shop.example.com/u/1")))));
  }

  static List<OutboundMessage> lonely() {
    return List.of(
        with(content -> content.title("Hi %recipient.name%")),
        with(content -> content.body("Hi %RECIPIENT%")),
        with(content -> content.body("Hi %recipient_fname%")),
        with(content -> content.html("<a href='%unsubscribe_url%'>no</a>")),
        with(content -> content.html("%Tag_Unsubscribe_Url%")),
        with(content -> content.html("%mailing_list_unsubscribe_url%")),
        withOptions(options -> options.header("X-Who", "%recipient.reference%")),
        withOptions(options -> options.header("X-%recipient.reference%", "7")),
        withOptions(
            options -> options.replyTo(Address.email("a@example.com").named("%recipient%"))),
        withOptions(options -> options.replyTo(Address.email("%recipient%@example.com"))),
        to(Address.email("a%recipient.reference%@example.org")),
        to(Address.email("a%b@example.org")),
        to(Mails.JANE.named("%recipient.reference%")),
        to(Mails.JANE.named("Jane\" <evil@example.net>, \"Doe")),
        to(Mails.JANE.named("Doe, Jane")),
        withOptions(options -> options.cc(Address.email("carol@example.org"))),
        with(content -> content.attach(Attachment.of("a.txt", "text/plain", new byte[] {1}))),
        with(content -> content.body("x".repeat(70_000))));
  }

  @ParameterizedTest
  @MethodSource("lonely")
  void whatMailgunCouldTakeForSomethingElseTravelsAlone(OutboundMessage message) {
    assertThat(provider.batchKey(message)).isEmpty();
  }

  @Test
  void aSenderThatLooksLikeAVariableMakesAllTravelAlone() {
    for (MailgunProvider.Builder builder :
        List.of(
            builder().from("%recipient.name% <shop@example.com>"),
            builder().replyTo("%Recipient%@example.com"),
            builder().defaultSubject("Hi %recipient%"))) {
      try (MailgunProvider lonely = builder.build()) {
        assertThat(lonely.batchKey(Mails.message())).isEmpty();
      }
    }
  }

  @Test
  void nobodyIsTwiceInARequestAndOutcomesKeepTheirOrder() throws Exception {
    List<OutboundMessage> messages =
        Stream.of(
                "a@example.org",
                "b@example.org",
                "A@Example.org",
                "c@b\u00fccher.example",
                "d@example.org",
                "C@xn--bcher-kva.example",
                "e@example.org",
                "f@example.org")
            .map(address -> to(Address.email(address)))
            .toList();

    List<Outcome> outcomes = provider.deliver(messages);

    assertThat(mailgun.requests()).hasSize(3);
    int filled = 0;
    for (Request request : mailgun.requests()) {
      filled += request.target().equals(SEVERAL) ? variables(form(request)).size() : 1;
    }
    assertThat(filled).isEqualTo(messages.size());
    for (int i = 0; i < messages.size(); i++) {
      String id = ((Outcome.Accepted) outcomes.get(i)).providerMessageId();
      assertThat(id).isIn(ID, ID + "." + messages.get(i).reference());
    }
  }

  @Test
  void aRefusalOverOneAddressEndsWithThatOneAlone() {
    mailgun.answer(request -> request.body().matches("(?s).*p3(@|%40).*") ? BAD_ADDRESS : taken());

    List<Outcome> outcomes = new ArrayList<>(provider.deliver(several(5)));

    assertThat(outcomes.remove(3)).isInstanceOf(InvalidAddress.class);
    assertThat(outcomes)
        .hasSize(4)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Accepted.class));
  }

  private static Response taken() {
    return MailgunProviderTest.TAKEN;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "403 | Domain mg.example.com is not allowed to send large batches yet",
        "400 | Rejected: Only 10 recipients per request is allowed on probation.",
        "400 | Too many recipients, max is 1000",
        "403 | Domain x is not allowed to send: add the address to your authorized recipients."
      })
  void aRequestOfTooManyGoesInParts(int status, String words) {
    mailgun.answer(
        request ->
            request.body().split("reference%22%3A", -1).length - 1 > 2
                ? Response.json(status, "{\"message\":\"" + words + "\"}")
                : taken());

    assertThat(provider.deliver(several(8)))
        .hasSize(8)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Accepted.class));
    assertThat(mailgun.requests()).as("8, 4, 2, 2, 4, 2, 2").hasSize(7);
  }

  @Test
  void whatIsRefusedAloneTooHasAnOutcomeForEach() {
    mailgun.answer(Response.json(400, "{\"message\":\"from parameter is not a valid address\"}"));

    assertThat(provider.deliver(several(3)))
        .hasSize(3)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Rejected.class));
  }

  @ParameterizedTest
  @CsvSource({
    "401, Misconfigured",
    "402, Misconfigured",
    "404, Misconfigured",
    "503, Retryable",
    "500, Unknown"
  })
  void whatIsWrongForAllIsSaidOfAll(int status, String expected) {
    mailgun.answer(new Response(status, Map.of(), ""));

    assertThat(provider.deliver(several(4)))
        .hasSize(4)
        .extracting(outcome -> outcome.getClass().getSimpleName())
        .containsOnly(expected);
    assertThat(mailgun.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {420, 429})
  void allWaitUntilTheMomentInMailgunsWords(int status) {
    mailgun.answer(
        Response.json(
            status,
            """
            {"message":"Domain x is not allowed to send: recipient limit exceeded, try again after\
             Fri, 02 Jan 2026 03:05:05 UTC"}"""));

    assertThat(provider.deliver(several(3)))
        .hasSize(3)
        .allSatisfy(
            outcome ->
                assertThat(((Throttled) outcome).retryAfter()).contains(Duration.ofMinutes(1)));
    assertThat(mailgun.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Mailgun Magnificent API", "{}", "{\"id\":\"<>\"}", ""})
  void successWithoutAnIdLeavesAllInDoubt(String body) {
    mailgun.answer(new Response(200, Map.of(), body));

    assertThat(provider.deliver(several(2)))
        .hasSize(2)
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Unknown.class));
    assertThat(mailgun.requests()).hasSize(1);
  }

  @Test
  void aRequestCarriesFiftyUnlessToldOtherwiseAndAThousandAtMost() {
    assertThat(provider.batchLimit()).isEqualTo(50);
    for (int size : new int[] {-1, 0, 1_001}) {
      assertThatExceptionOfType(ConfigurationException.class)
          .isThrownBy(() -> MailgunProvider.builder().batchSize(size))
          .withMessage("batchSize: must be from 1 to 1000");
    }
    for (int size : new int[] {1, 1_000}) {
      try (BatchProvider sized = fromProperties("" + size)) {
        assertThat(sized.batchLimit()).isEqualTo(size);
      }
    }
    for (String size : new String[] {"hush", "0", "1001"}) {
      assertThatExceptionOfType(ConfigurationException.class)
          .isThrownBy(() -> fromProperties(size))
          .withMessageStartingWith("notify.email.mailgun.batch-size: ")
          .withMessageNotContaining("hush");
    }
  }

  private static BatchProvider fromProperties(String batchSize) {
    return (BatchProvider)
        new MailgunProviderFactory()
            .create(
                new ProviderOptions(
                    "notify.email.mailgun",
                    Map.of(
                        "domain", "mg.example.com",
                        "api-key", "k",
                        "from", "shop@example.com",
                        "batch-size", batchSize)));
  }

  @Test
  void aThousandFitIntoARequest() {
    assertThat(provider.deliver(several(1_000)))
        .hasSize(1_000)
        .doesNotHaveDuplicates()
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Outcome.Accepted.class));
    assertThat(mailgun.requests()).hasSize(1);
  }

  @Test
  void theAccountsFaultIsNeverOneRecipients() {
    mailgun.answer(
        Response.json(403, "{\"message\":\"Domain x is not allowed to send: disabled\"}"));

    assertThat(provider.deliver(several(2)))
        .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Misconfigured.class));
  }

  /** The fields in their order, as name=value. */
  private static List<String> form(Request request) {
    return Stream.of(request.body().split("&"))
        .map(
            field -> {
              String[] halves = field.split("=", 2);
              return URLDecoder.decode(halves[0], UTF_8)
                  + "="
                  + URLDecoder.decode(halves[1], UTF_8);
            })
        .toList();
  }

  private static String field(List<String> form, String name) {
    return form.stream()
        .filter(field -> field.startsWith(name + "="))
        .map(field -> field.substring(name.length() + 1))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode variables(List<String> form) {
    return MailReport.json(field(form, "recipient-variables"));
  }
}
