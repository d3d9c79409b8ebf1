package dev.notify.push;

import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;

/** A browser that has subscribed: that of the example in RFC 8291, appendix A. */
final class Browser {

  static final String P256DH =
      "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
  static final String AUTH = "BTBZMqHH6r4Tts7J_aSIgg";
  private static final String PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94";

  private Browser() {}

  /** The subscription as {@code JSON.stringify} gives it. */
  static String subscription(String endpoint) {
    return "{\"endpoint\":\"%s\",\"expirationTime\":null,\"keys\":{\"p256dh\":\"%s\",\"auth\":\"%s\"}}"
        .formatted(endpoint, P256DH, AUTH);
  }

  static byte[] read(byte[] body) throws Exception {
    return Aes128GcmReader.readPush(
        body, P256.privateKey(bytes(PRIVATE)), bytes(P256DH), bytes(AUTH));
  }

  static byte[] bytes(String base64url) {
    return Base64.getUrlDecoder().decode(base64url);
  }

  static KeyPair pair(String publicKey, String privateKey) {
    ECPublicKey open = P256.publicKey(bytes(publicKey));
    ECPrivateKey secret = P256.privateKey(bytes(privateKey));
    return new KeyPair(open, secret);
  }
}
