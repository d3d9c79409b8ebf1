package dev.notify.examples.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.util.Map;

/** Tokens as somebody's own log-in would give them, and a server that takes them. */
final class SampleTokens {

  static final String SECRET = "a-secret-of-at-least-32-bytes-for-HS256";

  /** Settings of a server that takes them. */
  static final Map<String, String> TAKEN =
      Map.of(
          "notify.server.jwt.algorithm", "HS256",
          "notify.server.jwt.secret", SECRET,
          "notify.server.jwt.issuer", "https://login.example.com",
          "notify.server.jwt.audience", "notify");

  private SampleTokens() {}

  static String of(JWTClaimsSet claims) throws JOSEException {
    SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
    token.sign(new MACSigner(SECRET));
    return token.serialize();
  }
}
