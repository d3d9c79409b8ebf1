package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.notify.http.AwsSignature;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.Rejected;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SesProviderTest {

  private static final String ID = "010001957c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000";
  static final Response TAKEN = Response.json(200, "{\"MessageId\":\"" + ID + "\"}");
  static final String KEY = "AKIDEXAMPLEAKIDEXAMPLE";

  private final HttpMailFixture fixture =
      HttpMailFixture.of(TAKEN, vendor -> builder(vendor).configurationSet("events").build());

  private static SesProvider.Builder builder(HttpStandIn vendor) {
    return HttpMailFixture.settings(credentials(), vendor);
  }

  static SesProvider.Builder credentials() {
    return SesProvider.builder()
        .region("eu-central-1")
        .accessKeyId(KEY)
        .secretAccessKey(HttpMailFixture.SECRET)
        .sessionToken("hush-hush-token");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aMessageIsPostedSigned() throws Exception {
    Outcome outcome = fixture.deliver(Mails.message());

    Request request = fixture.sent(1);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/v2/email/outbound-emails");
    assertThat(request.headers())
        .containsEntry("content-type", "application/json")
        .containsEntry("x-amz-date", "20260102T030405Z")
        .containsEntry("x-amz-security-token", "hush-hush-token")
        .containsEntry("host", fixture.vendor.url().getAuthority());
    assertThat(request.headers().get("authorization"))
        .matches(
            "AWS4-HMAC-SHA256 Credential="
                + KEY
                + "/20260102/eu-central-1/ses/aws4_request,"
                + " SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,"
                + " Signature=[0-9a-f]{64}");
    assertThat(outcome).isEqualTo(Outcome.accepted(ID));
  }

  @Test
  void theSignatureIsOfWhatArrives() {
    fixture.deliver(Mails.rich());

    Request request = fixture.sent(1);
    byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
    okhttp3.Request same =
        new okhttp3.Request.Builder()
            .url(fixture.vendor.url() + request.target())
            .header("Content-Type", "application/json")
            .post(okhttp3.RequestBody.create(body, null))
            .build();
    AwsSignature signature =
        new AwsSignature(
            KEY, HttpMailFixture.SECRET, Optional.of("hush-hush-token"), "eu-central-1", "ses");

    assertThat(signature.sign(same, body, HttpMailFixture.NOW).header("Authorization"))
        .isEqualTo(request.headers().get("authorization"));
  }

  @Test
  void theMailTravelsWholeBesideItsEnvelope() throws Exception {
    OutboundMessage message = Mails.rich();

    fixture.deliver(message);

    JsonNode json = JsonMapper.builder().build().readTree(fixture.sent(1).body());
    byte[] raw = json.path("Content").path("Raw").path("Data").binaryValue();
    assertThat(fixture.sent(1).body().replaceFirst("\"Data\":\"[^\"]*\"", "\"Data\":\"...\""))
        .isEqualTo(
            """
            {"FromEmailAddress":"Shop <shop@example.com>",\
            "Destination":{"ToAddresses":["jane.doe@example.org"],\
            "CcAddresses":["carol@example.org"],"BccAddresses":["bob@xn--bcher-kva.example"]},\
            "Content":{"Raw":{"Data":"..."}},\
            "EmailTags":[{"Name":"notify_reference","Value":"%s"},\
            {"Name":"orders","Value":"true"},{"Name":"shipped","Value":"true"}],\
            "ConfigurationSetName":"events"}"""
                .formatted(message.reference()));
    MimeMessage mail = Mails.parse(new String(raw, StandardCharsets.ISO_8859_1));
    assertThat(mail.getSubject()).isEqualTo("Your parcel €");
    assertThat(mail.getRecipients(RecipientType.CC))
        .containsExactly(new InternetAddress("carol@example.org", "Carol, Ö"));
    assertThat(mail.getHeader("Bcc")).isNull();
    assertThat(mail.getHeader("List-Unsubscribe-Post"))
        .containsExactly("List-Unsubscribe=One-Click");
    assertThat(mail.getHeader("X-Notify-Delivery")).containsExactly(message.reference());
    assertThat(mail.isMimeType("multipart/mixed")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "429 | TooManyRequestsException | Maximum sending rate exceeded. | Throttled",
        "400 | LimitExceededException | Too many | Throttled",
        "400 | ThrottlingException | Rate exceeded | Throttled",
        "400 | MessageRejected | Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: shop@example.com | Misconfigured",
        "400 | MessageRejected | Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: Jane.Doe@example.org | Rejected",
        "400 | MessageRejected | Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: jane.doe@example.org, shop@example.com | Misconfigured",
        "400 | MessageRejected | Illegal content | Rejected",
        "400 | MailFromDomainNotVerifiedException | no MX | Misconfigured",
        "400 | AccountSuspendedException | suspended | Misconfigured",
        "400 | SendingPausedException | paused | Misconfigured",
        "404 | NotFoundException | Configuration set <events> does not exist | Misconfigured",
        "404 | | | Misconfigured",
        "400 | BadRequestException | Missing final '@domain' jane.doe@example.org | Rejected",
        "400 | com.amazonaws.sesv2#BadRequestException:http://x.example/ | no | Rejected",
        "400 | A.Code.Of.Next.Year | no | Rejected",
        "403 | AccessDeniedException | no | Misconfigured",
        "403 | UnrecognizedClientException | no | Misconfigured",
        "403 | InvalidClientTokenId | no | Misconfigured",
        "403 | InvalidSignatureException | no | Misconfigured",
        "403 | SignatureDoesNotMatch | no | Misconfigured",
        "400 | IncompleteSignature | no | Misconfigured",
        "403 | MissingAuthenticationToken | no | Misconfigured",
        "403 | OptInRequired | no | Misconfigured",
        "400 | ExpiredTokenException | no | Misconfigured",
        "400 | RequestExpired | no | Misconfigured",
        "401 | | | Misconfigured",
        "403 | | | Misconfigured",
        "408 | | | Unknown",
        "409 | ConflictException | no | Retryable",
        "409 | | | Retryable",
        "413 | | | Rejected",
        "429 | | | Throttled",
        "500 | InternalServiceErrorException | no | Unknown",
        "500 | ConcurrentModificationException | no | Unknown",
        "502 | | | Unknown",
        "503 | ServiceUnavailable | no | Retryable",
        "503 | | | Retryable",
        "504 | | | Unknown"
      })
  void errorsMeanWhatTheTableSays(int status, String type, String text, String expected) {
    Response answer = Response.json(status, "{\"message\":\"" + text + "\"}");

    Outcome outcome =
        fixture.deliverAnswered(type == null ? answer : answer.with("x-amzn-ErrorType", type));

    assertThat(outcome.getClass().getSimpleName()).isEqualTo(expected);
    assertThat(outcome.cause()).doesNotContainIgnoringCase("jane");
  }

  @Test
  void theErrorMayStandInTheBody() {
    assertThat(
            fixture.deliverAnswered(
                400, "{\"__type\":\"com.amazon#MessageRejected\",\"Message\":\"spam\"}"))
        .isEqualTo(Outcome.rejected("SES refused the message (MessageRejected)"));
  }

  @Test
  void theDailyQuotaIsWaitedForByTheHour() {
    Outcome outcome =
        fixture.deliverAnswered(
            Response.json(429, "{\"message\":\"Daily message quota exceeded.\"}")
                .with("x-amzn-ErrorType", "TooManyRequestsException"));

    assertThat(((Throttled) outcome).retryAfter()).contains(Duration.ofHours(1));
  }

  @Test
  void successWithoutAnIdIsUnknown() {
    assertThat(fixture.deliverAnswered(200, "{}")).isInstanceOf(Unknown.class);
  }

  @Test
  void aBadRequestIsTriedWithoutCopies() {
    Response refused =
        Response.json(400, "{\"message\":\"Illegal address\"}")
            .with("x-amzn-ErrorType", "BadRequestException");

    assertThat(fixture.deliverCopiesAnswered(refused, TAKEN)).isInstanceOf(Accepted.class);
    assertThat(fixture.sent(2).body()).doesNotContain("carol", "bob");
  }

  @Test
  void aBadRequestWithoutCopiesIsTheLastWord() {
    Response refused =
        Response.json(400, "{\"message\":\"Illegal address\"}")
            .with("x-amzn-ErrorType", "BadRequestException");

    assertThat(fixture.deliverAnswered(refused)).isInstanceOf(Rejected.class);
    assertThat(fixture.vendor.requests()).hasSize(1);
  }

  @Test
  void theKeyOfTheMomentIsAskedForEveryMessage() {
    Iterator<String> keys = List.of("AKIDFIRSTAKIDFIRST", "AKIDSECONDAKIDSECOND").iterator();
    try (SesProvider provider =
        HttpMailFixture.settings(SesProvider.builder().region("eu-central-1"), fixture.vendor)
            .credentials(() -> new SesCredentials(keys.next(), "s", Optional.empty()))
            .build()) {
      provider.deliver(Mails.message());
      provider.deliver(Mails.message());
      Outcome exhausted = provider.deliver(Mails.message());

      assertThat(fixture.sent(1).headers().get("authorization")).contains("AKIDFIRSTAKIDFIRST");
      assertThat(fixture.sent(2).headers().get("authorization")).contains("AKIDSECONDAKIDSECOND");
      assertThat(exhausted)
          .isEqualTo(Outcome.misconfigured("not sent: the application gave no credentials"));
      assertThat(fixture.vendor.requests()).hasSize(2);
    }
  }

  @Test
  void aKeyThatStaysAndASourceOfKeysAreOneTooMany() {
    assertThatExceptionOfType(ConfigurationException.class)
        .isThrownBy(
            () ->
                credentials()
                    .from("shop@example.com")
                    .credentials(() -> new SesCredentials(KEY, "s", Optional.empty()))
                    .build())
        .withMessage("credentials, accessKeyId: exactly one of them must be set");
    assertThat(new SesCredentials(KEY, "s", Optional.of("t"))).hasToString("SesCredentials[***]");
  }

  @ParameterizedTest
  @CsvSource({
    "eu-central-1, email.eu-central-1.amazonaws.com",
    "us-gov-west-1, email.us-gov-west-1.amazonaws.com",
    "cn-north-1, email.cn-north-1.amazonaws.com.cn"
  })
  void everyRegionHasItsHost(String region, String host) throws Exception {
    Sender sender = credentials().from("shop@example.com").sender();
    try (SesProvider provider = credentials().region(region).from("a@b.example").build()) {
      okhttp3.Request request = provider.request(Letter.of(Mails.message(), sender), false);

      assertThat(request.url()).hasToString("https://" + host + "/v2/email/outbound-emails");
    }
  }
}
