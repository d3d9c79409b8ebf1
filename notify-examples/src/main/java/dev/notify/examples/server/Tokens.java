package dev.notify.examples.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.proc.SingleKeyJWSKeySelector;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import dev.notify.model.ConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens of people and programs: JWT (RFC 7519) signed by whoever signs people in. The algorithm is
 * the one that is configured, whatever a token says of itself; issuer, audience and time are
 * checked. The claim {@code role} says what they may do.
 */
final class Tokens {

  private static final String OPTION = Settings.SERVER + "jwt.";
  private static final int SHORTEST_SECRET = 32;
  private static final int LONGEST_TOKEN = 8_192;
  private static final int SECONDS_OF_SKEW = 30;

  private final DefaultJWTProcessor<SecurityContext> processor;

  private Tokens(JWSAlgorithm algorithm, Key key, String issuer, String audience) {
    processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(new SingleKeyJWSKeySelector<>(algorithm, key));
    DefaultJWTClaimsVerifier<SecurityContext> claims =
        new DefaultJWTClaimsVerifier<>(
            audience,
            new JWTClaimsSet.Builder().issuer(issuer).build(),
            Set.of("sub", "exp", "role"));
    claims.setMaxClockSkew(SECONDS_OF_SKEW);
    processor.setJWTClaimsSetVerifier(claims);
  }

  /** As the settings say; empty if they say nothing of tokens. */
  static Optional<Tokens> of(Settings settings) {
    Optional<String> algorithm = settings.get("jwt.algorithm");
    if (algorithm.isEmpty()) {
      if (settings.hasAny("jwt.")) {
        throw new ConfigurationException(OPTION + "algorithm: say HS256, RS256 or ES256");
      }
      return Optional.empty();
    }
    return Optional.of(
        new Tokens(
            JWSAlgorithm.parse(algorithm.get()),
            key(algorithm.get(), settings),
            settings.required("jwt.issuer"),
            settings.required("jwt.audience")));
  }

  private static Key key(String algorithm, Settings settings) {
    return switch (algorithm) {
      case "HS256" -> secret(settings.required("jwt.secret"));
      case "RS256" -> publicKey("RSA", settings.required("jwt.public-key"));
      case "ES256" -> publicKey("EC", settings.required("jwt.public-key"));
      default ->
          throw new ConfigurationException(OPTION + "algorithm: must be HS256, RS256 or ES256");
    };
  }

  private static Key secret(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < SHORTEST_SECRET) {
      throw new ConfigurationException(
          OPTION + "secret: must have at least " + SHORTEST_SECRET + " bytes");
    }
    return new SecretKeySpec(bytes, "HmacSHA256");
  }

  private static Key publicKey(String kind, String file) {
    try {
      String pem = Files.readString(Path.of(file));
      String base64 = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
      return KeyFactory.getInstance(kind)
          .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new ConfigurationException(
          OPTION + "public-key: is no file with a public " + kind + " key in PEM form", e);
    }
  }

  /** Whose token it is; empty if it cannot be believed, for whatever reason. */
  Optional<Caller> find(String token) {
    if (token.length() > LONGEST_TOKEN) {
      return Optional.empty();
    }
    try {
      JWTClaimsSet claims = processor.process(token, null);
      // As long as it is taken; the verifier has seen that there is an end.
      Instant until = claims.getExpirationTime().toInstant().plusSeconds(SECONDS_OF_SKEW);
      return caller(claims.getSubject(), claims.getStringClaim("role"), until);
    } catch (ParseException | BadJOSEException | JOSEException e) {
      return Optional.empty();
    }
  }

  private static Optional<Caller> caller(String subject, String role, Instant until) {
    if (subject.isBlank() || subject.length() > 255) {
      return Optional.empty();
    }
    return List.of(Role.values()).stream()
        .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(role))
        .findFirst()
        .map(known -> new Caller("token:" + subject, known, subject, Optional.of(until)));
  }

  @Override
  public String toString() {
    return "Tokens";
  }
}
