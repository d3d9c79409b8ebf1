package dev.notify.push;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.util.Arrays;
import javax.crypto.KeyAgreement;

/**
 * Keys of the curve P-256 in the raw form in which Web Push exchanges them: a public key as an
 * uncompressed point of 65 bytes, a private key as a number of 32.
 */
final class P256 {

  static final int PUBLIC_BYTES = 65;
  static final int PRIVATE_BYTES = 32;

  private static final byte UNCOMPRESSED = 4;
  private static final ECParameterSpec CURVE = curve();

  private P256() {}

  static KeyPair newPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(CURVE);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  /**
   * The key of a raw point.
   *
   * @throws IllegalArgumentException if it is no point of the curve: an agreement with one that is
   *     not can give a private key away
   */
  static ECPublicKey publicKey(byte[] raw) {
    if (raw.length != PUBLIC_BYTES || raw[0] != UNCOMPRESSED) {
      throw new IllegalArgumentException("not an uncompressed point of P-256");
    }
    BigInteger x = new BigInteger(1, Arrays.copyOfRange(raw, 1, 33));
    BigInteger y = new BigInteger(1, Arrays.copyOfRange(raw, 33, PUBLIC_BYTES));
    if (!isOnCurve(x, y)) {
      throw new IllegalArgumentException("not a point of P-256");
    }
    try {
      return (ECPublicKey)
          KeyFactory.getInstance("EC")
              .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), CURVE));
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  /**
   * The key of a raw number.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  static ECPrivateKey privateKey(byte[] raw) {
    BigInteger number = new BigInteger(1, raw);
    if (raw.length != PRIVATE_BYTES
        || number.signum() == 0
        || number.compareTo(CURVE.getOrder()) >= 0) {
      throw new IllegalArgumentException("not a private key of P-256");
    }
    try {
      return (ECPrivateKey)
          KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(number, CURVE));
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  static byte[] raw(ECPublicKey key) {
    byte[] raw = new byte[PUBLIC_BYTES];
    raw[0] = UNCOMPRESSED;
    put(key.getW().getAffineX(), raw, 1);
    put(key.getW().getAffineY(), raw, 33);
    return raw;
  }

  static byte[] raw(ECPrivateKey key) {
    byte[] raw = new byte[PRIVATE_BYTES];
    put(key.getS(), raw, 0);
    return raw;
  }

  /** The secret that two pairs share: 32 bytes. */
  static byte[] agree(ECPrivateKey own, ECPublicKey other) {
    try {
      KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
      agreement.init(own);
      agreement.doPhase(other, true);
      return agreement.generateSecret();
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  private static boolean isOnCurve(BigInteger x, BigInteger y) {
    EllipticCurve curve = CURVE.getCurve();
    BigInteger p = ((ECFieldFp) curve.getField()).getP();
    BigInteger right = x.modPow(BigInteger.valueOf(3), p).add(curve.getA().multiply(x));
    return x.compareTo(p) < 0
        && y.compareTo(p) < 0
        && y.multiply(y).mod(p).equals(right.add(curve.getB()).mod(p));
  }

  /** 32 bytes, zeros in front where the number is short. */
  private static void put(BigInteger number, byte[] into, int at) {
    byte[] bytes = number.toByteArray();
    int extra = Math.max(0, bytes.length - PRIVATE_BYTES);
    int length = bytes.length - extra;
    System.arraycopy(bytes, extra, into, at + PRIVATE_BYTES - length, length);
  }

  private static ECParameterSpec curve() {
    try {
      AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
      parameters.init(new ECGenParameterSpec("secp256r1"));
      return parameters.getParameterSpec(ECParameterSpec.class);
    } catch (GeneralSecurityException e) {
      throw unsupported(e);
    }
  }

  static IllegalStateException unsupported(GeneralSecurityException fault) {
    return new IllegalStateException("this Java platform lacks P-256, HMAC or AES-GCM", fault);
  }
}
