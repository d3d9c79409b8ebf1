package dev.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Against AWS's own test suite for Signature Version 4, as its SDKs carry it: the names of the
 * cases are those of its folders.
 */
class AwsSignatureTest {

  private static final Instant NOW = Instant.parse("2015-08-30T12:36:00Z");
  private static final byte[] NOTHING = {};

  private final AwsSignature signature = signature("service", Optional.empty());

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "get-vanilla, /, 5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
    "get-unreserved, /-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz,"
        + " 07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f",
    "get-vanilla-empty-query-key, /?Param1=value1,"
        + " a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb",
    "get-vanilla-query-order-key-case, /?Param2=value2&Param1=value1,"
        + " b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    "get-vanilla-utf8-query, /?\u1234=bar,"
        + " 2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"
  })
  void pathsAndQueriesAreSignedAsAmazonReadsThem(String name, String target, String expected) {
    Request request =
        signature.sign(
            new Request.Builder().url("https://example.amazonaws.com" + target).build(),
            NOTHING,
            NOW);

    assertThat(request.header("Authorization"))
        .isEqualTo(
            "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request,"
                + " SignedHeaders=host;x-amz-date, Signature="
                + expected);
    assertThat(request.header("X-Amz-Date")).isEqualTo("20150830T123600Z");
  }

  @Test
  void headersAreTrimmedAndSorted() {
    Request request =
        new Request.Builder()
            .url("https://example.amazonaws.com/")
            .header("My-Header2", "\"a   b   c\"")
            .header("My-Header1", "value1")
            .build();

    assertThat(signatureOf(signature.sign(request, NOTHING, NOW)))
        .isEqualTo("acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736");
  }

  @Test
  void anEmptyPostIsSigned() {
    Request request =
        new Request.Builder()
            .url("https://example.amazonaws.com/")
            .post(RequestBody.create(NOTHING, null))
            .build();

    assertThat(signatureOf(signature.sign(request, NOTHING, NOW)))
        .isEqualTo("5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b");
  }

  @Test
  void aBodyAndItsHeadersAreSigned() {
    byte[] body = "Param1=value1".getBytes(UTF_8);
    Request request =
        new Request.Builder()
            .url("https://example.amazonaws.com/")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Content-Length", "13")
            .header(
                "X-Amz-Content-Sha256",
                "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e")
            .post(RequestBody.create(body, null))
            .build();

    assertThat(signatureOf(signature.sign(request, body, NOW)))
        .isEqualTo("d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b");
  }

  @Test
  void aSessionTokenIsSentAndSigned() {
    byte[] body =
        ("{\"FromEmailAddress\":\"sender@example.com\",\"Destination\":{\"ToAddresses\":[\"success@simulator.amazonses.com\"]},"
                + "\"Content\":{\"Simple\":{\"Subject\":{\"Data\":\"Hello\"},\"Body\":{\"Text\":{\"Data\":\"Hi\"}}}}}")
            .getBytes(UTF_8);
    Request request =
        new Request.Builder()
            .url("https://email.us-east-1.amazonaws.com/v2/email/outbound-emails")
            .header("Content-Type", "application/json")
            .post(RequestBody.create(body, null))
            .build();

    // Not AWS's: worked out by another implementation that agrees with AWS's cases.
    assertThat(signatureOf(signature("ses", Optional.empty()).sign(request, body, NOW)))
        .isEqualTo("cc278b7c84c4995991a3f3294a1bfa17ffe46f3020a8a4ba437406fb0db779f6");
    Request withToken = signature("ses", Optional.of("EXAMPLETOKEN==")).sign(request, body, NOW);
    assertThat(withToken.header("X-Amz-Security-Token")).isEqualTo("EXAMPLETOKEN==");
    assertThat(signatureOf(withToken))
        .isEqualTo("b9a43acbafce5bb948a1a18479c627a22006ab8672be95ed49aca84127a92760");
  }

  @Test
  void eachDayHasAKeyOfItsOwn() {
    Request request = new Request.Builder().url("https://example.amazonaws.com/").build();
    Instant tomorrow = NOW.plus(Duration.ofDays(1));
    AwsSignature another = signature("service", Optional.empty());

    String today = signatureOf(signature.sign(request, NOTHING, NOW));
    String later = signatureOf(signature.sign(request, NOTHING, tomorrow));

    assertThat(later).isEqualTo(signatureOf(another.sign(request, NOTHING, tomorrow)));
    assertThat(signatureOf(signature.sign(request, NOTHING, NOW))).isEqualTo(today);
  }

  @Test
  void nothingSecretShows() {
    assertThat(signature).hasToString("AwsSignature[service, us-east-1]");
  }

  @Test
  void aPortThatIsNotUsualBelongsToTheHost() {
    Request request = new Request.Builder().url("http://127.0.0.1:8080/").build();

    assertThat(signature.sign(request, NOTHING, NOW).header("Host")).isEqualTo("127.0.0.1:8080");
  }

  private static AwsSignature signature(String service, Optional<String> token) {
    return new AwsSignature(
        "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token, "us-east-1", service);
  }

  private static String signatureOf(Request request) {
    return String.valueOf(request.header("Authorization")).replaceAll(".*Signature=", "");
  }
}
