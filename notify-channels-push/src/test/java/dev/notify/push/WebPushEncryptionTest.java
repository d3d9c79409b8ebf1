package dev.notify.push;

import static dev.notify.push.Browser.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The examples of RFC 8188 and RFC 8291, and what they leave open. */
class WebPushEncryptionTest {

  private static final byte[] WATERMELON =
      "When I grow up, I want to be a watermelon".getBytes(UTF_8);
  private static final byte[] WALRUS = "I am the walrus".getBytes(UTF_8);
  private static final WebPushSubscription BROWSER =
      WebPushSubscription.parse(
          Browser.subscription("https://push.example.net/push/JzLQ3raZJfFBR"));

  /** RFC 8291, section 5 and appendix A. */
  private static final KeyPair SENDER =
      Browser.pair(
          "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
          "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");

  private static final String WATERMELON_BODY =
      "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS"
          + "6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxs"
          + "j_Qulcy4a-fN";

  @Test
  void theExampleOfRfc8291ComesOutToTheByte() {
    byte[] body =
        WebPushEncryption.encrypt(WATERMELON, BROWSER, SENDER, bytes("DGv6ra1nlYgDCS1FRnbzlw"));

    assertThat(body).isEqualTo(bytes(WATERMELON_BODY));
  }

  @Test
  void theValuesInBetweenAreThoseOfTheAppendix() {
    byte[] shared = P256.agree((ECPrivateKey) SENDER.getPrivate(), BROWSER.key());
    assertThat(shared).isEqualTo(bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs"));

    byte[] prkKey = Aes128Gcm.hmac(BROWSER.auth(), shared);
    assertThat(prkKey).isEqualTo(bytes("Snr3JMxaHVDXHWJn5wdC52WjpCtd2EIEGBykDcZW32k"));

    byte[] keyInfo =
        bytes(
            "V2ViUHVzaDogaW5mbwAEJXGyvs3942BVGq8e0PTNNmwRzr5VX4m8t7GGpTM5FzFo7OLr4BhZe9MEebhuPI-OztV3"
                + "ylkYfpJGmQ22ggCLDgT-M_SrDepxkU21WCP3O1SUj0EwbZIHMtu5pZpTKGSCIA5Zent7wmC6HCJ5mFgJkuk5"
                + "cwAvMBKiiujwa7t45ewP");
    byte[] ikm = Aes128Gcm.expand(prkKey, keyInfo, 32);
    assertThat(ikm).isEqualTo(bytes("S4lYMb_L0FxCeq0WhDx813KgSYqU26kOyzWUdsXYyrg"));

    byte[] prk = Aes128Gcm.hmac(bytes("DGv6ra1nlYgDCS1FRnbzlw"), ikm);
    assertThat(prk).isEqualTo(bytes("09_eUZGrsvxChDCGRCdkLiDXrReGOEVeSCdCcPBSJSc"));
    assertThat(Aes128Gcm.expand(prk, "Content-Encoding: aes128gcm\0", 16))
        .isEqualTo(bytes("oIhVW04MRdy2XN9CiKLxTg"));
    assertThat(Aes128Gcm.expand(prk, "Content-Encoding: nonce\0", 12))
        .isEqualTo(bytes("4h_95klXJ5E_qnoN"));
  }

  /** RFC 8188, section 3.1. */
  @Test
  void theExampleOfRfc8188ComesOutToTheByte() {
    byte[] body =
        Aes128Gcm.encrypt(
            WALRUS,
            bytes("yqdlZ-tYemfogSmv7Ws5PQ"),
            bytes("I1BsxtFttlv3u_Oo94xnmw"),
            new byte[0],
            4096);

    assertThat(body)
        .isEqualTo(
            bytes("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg"));
  }

  /** RFC 8188, section 3.2: two records, which push messages never have; our reader's proof. */
  @Test
  void theReaderOfTheseTestsReadsTheExampleOfTwoRecords() throws Exception {
    byte[] body =
        bytes(
            "uNCkWiNYzKTnBN9ji3-qWAAAABkCYTHOG8chz_gnvgOqdGYovxyjuqRyJFjEDyoF1Fvkj6hQPdPHI51OEUKEpgz3SsLW"
                + "IqS_uA");

    assertThat(Aes128GcmReader.read(body, keyId -> bytes("BO3ZVPxUlnLORbVGMpbT1Q")))
        .isEqualTo(WALRUS);
  }

  @Test
  void aMessageOfMoreThanOneRecordIsNotEncrypted() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Aes128Gcm.encrypt(WALRUS, new byte[16], new byte[16], new byte[0], 25));
  }

  @Test
  void theBrowserReadsWhatIsSentToIt() throws Exception {
    byte[] longest = new byte[WebPushProvider.LONGEST_MESSAGE];
    Arrays.fill(longest, (byte) 'x');

    assertThat(Browser.read(bytes(WATERMELON_BODY))).isEqualTo(WATERMELON);
    assertThat(Browser.read(WebPushEncryption.encrypt(WATERMELON, BROWSER))).isEqualTo(WATERMELON);
    assertThat(Browser.read(WebPushEncryption.encrypt(new byte[0], BROWSER))).isEmpty();
    assertThat(Browser.read(WebPushEncryption.encrypt(longest, BROWSER))).isEqualTo(longest);
    assertThat(WebPushEncryption.encrypt(longest, BROWSER)).hasSize(4096);
    assertThat(WebPushEncryption.MESSAGE_BYTES).isEqualTo(WebPushProvider.LONGEST_MESSAGE);
  }

  @Test
  void noTwoBodiesAreAlike() {
    byte[] first = WebPushEncryption.encrypt(WATERMELON, BROWSER);
    byte[] second = WebPushEncryption.encrypt(WATERMELON, BROWSER);

    assertThat(Arrays.copyOf(first, 16)).isNotEqualTo(Arrays.copyOf(second, 16));
    assertThat(Arrays.copyOfRange(first, 21, 86)).isNotEqualTo(Arrays.copyOfRange(second, 21, 86));
  }

  @Test
  void whatIsNoPointOfTheCurveIsNoKey() {
    byte[] offCurve = bytes(Browser.P256DH);
    offCurve[64] ^= 1;
    byte[] compressed = Arrays.copyOf(bytes(Browser.P256DH), 33);
    compressed[0] = 2;

    assertThatIllegalArgumentException().isThrownBy(() -> P256.publicKey(offCurve));
    assertThatIllegalArgumentException().isThrownBy(() -> P256.publicKey(compressed));
    assertThatIllegalArgumentException().isThrownBy(() -> P256.publicKey(new byte[65]));
    assertThatIllegalArgumentException().isThrownBy(() -> P256.privateKey(new byte[32]));
  }

  @Test
  void keysWithLeadingZerosKeepTheirLength() {
    byte[] one = new byte[32];
    one[31] = 1;

    assertThat(P256.raw(P256.privateKey(one))).isEqualTo(one);
    assertThat(P256.raw((ECPublicKey) P256.newPair().getPublic())).hasSize(65);
  }
}
