package dev.notify.push;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The receiving side of RFC 8188 and RFC 8291, as a browser has it. */
final class Aes128GcmReader {

  private Aes128GcmReader() {}

  /** What a browser with this key and secret reads. */
  static byte[] readPush(byte[] body, ECPrivateKey browser, byte[] browserPublic, byte[] auth)
      throws Exception {
    return read(
        body,
        keyId -> {
          byte[] shared = P256.agree(browser, P256.publicKey(keyId));
          byte[] info = "WebPush: info\0".getBytes(StandardCharsets.US_ASCII);
          byte[] context =
              ByteBuffer.allocate(info.length + 130)
                  .put(info)
                  .put(browserPublic)
                  .put(keyId)
                  .array();
          return Aes128Gcm.expand(Aes128Gcm.hmac(auth, shared), context, 32);
        });
  }

  /** A message of any number of records. */
  static byte[] read(byte[] body, Function<byte[], byte[]> secretOf) throws Exception {
    ByteBuffer in = ByteBuffer.wrap(body);
    byte[] salt = take(in, 16);
    int recordSize = in.getInt();
    byte[] keyId = take(in, in.get() & 0xff);
    byte[] prk = Aes128Gcm.hmac(salt, secretOf.apply(keyId));
    byte[] key = Aes128Gcm.expand(prk, "Content-Encoding: aes128gcm\0", 16);
    byte[] nonce = Aes128Gcm.expand(prk, "Content-Encoding: nonce\0", 12);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (long sequence = 0; in.hasRemaining(); sequence++) {
      byte[] record = take(in, Math.min(recordSize, in.remaining()));
      byte[] plain = open(record, key, numbered(nonce, sequence));
      int end = plain.length - 1;
      while (plain[end] == 0) {
        end--;
      }
      if (plain[end] != (in.hasRemaining() ? 1 : 2)) {
        throw new IllegalArgumentException("bad end mark");
      }
      message.write(plain, 0, end);
    }
    return message.toByteArray();
  }

  private static byte[] take(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }

  private static byte[] numbered(byte[] nonce, long sequence) {
    byte[] number = BigInteger.valueOf(sequence).toByteArray();
    byte[] numbered = Arrays.copyOf(nonce, nonce.length);
    for (int i = 0; i < number.length; i++) {
      numbered[nonce.length - 1 - i] ^= number[number.length - 1 - i];
    }
    return numbered;
  }

  private static byte[] open(byte[] record, byte[] key, byte[] nonce) throws Exception {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
    return cipher.doFinal(record);
  }
}
