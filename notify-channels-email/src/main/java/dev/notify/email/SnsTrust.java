package dev.notify.email;

import dev.notify.http.WebhookProof;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Whether a certificate is one that SNS signs by: it bears a name of SNS's, and those that come
 * with it lead to somebody the platform trusts. SNS mostly serves its own alone; then the name and
 * the TLS connection that it came by have to do, as they do for Amazon's own libraries.
 */
final class SnsTrust {

  /**
   * The names by region that <a
   * href="https://github.com/aws/aws-sdk-java-v2/tree/master/services-custom/sns-message-manager">Amazon's
   * library for Java</a> expects: {@code sns.amazonaws.com} in most, {@code sns-cn-north-1} or
   * {@code sns-signing.eu-south-1} and the like in others.
   */
  private static final Pattern NAME =
      Pattern.compile(
          "sns((\\.|-|-signing\\.)[a-z]{2}(-[a-z]+)+-\\d{1,2})?\\.amazonaws\\.com(\\.cn)?");

  /** From the very beginning, where nobody else's words can come before it. */
  private static final Pattern COMMON_NAME = Pattern.compile("CN=([A-Za-z0-9.-]+)(,.*)?");

  private static final int DNS_NAME = 2;

  private final Supplier<Set<TrustAnchor>> anchors;

  /** Trust in what these vouch for. */
  SnsTrust(Supplier<Set<TrustAnchor>> anchors) {
    this.anchors = anchors;
  }

  /** Who the platform trusts, as TLS connections do. */
  static Set<TrustAnchor> ofPlatform() {
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      return Arrays.stream(factory.getTrustManagers())
          .filter(X509TrustManager.class::isInstance)
          .flatMap(manager -> Arrays.stream(((X509TrustManager) manager).getAcceptedIssuers()))
          .map(issuer -> new TrustAnchor(issuer, null))
          .collect(Collectors.toUnmodifiableSet());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform trusts somebody", e);
    }
  }

  /**
   * Refuses certificates that are not SNS's.
   *
   * @param served the one to sign by, and those that vouch for it, if they came with it
   */
  void require(List<X509Certificate> served, Instant now) {
    X509Certificate own = served.get(0);
    if (names(own).stream().noneMatch(SnsTrust::isOfSns)) {
      throw WebhookProof.forged("the certificate bears no name of SNS's");
    }
    if (served.size() > 1) {
      requireVouchedFor(own, served, now);
    }
  }

  /** Whether a name is one that SNS signs by. */
  static boolean isOfSns(String name) {
    return NAME.matcher(name).matches();
  }

  /** The common name counts only where there are no others (RFC 6125, 6.4.4). */
  private static Set<String> names(X509Certificate certificate) {
    Collection<List<?>> all;
    try {
      all = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return Set.of();
    }
    if (all != null) {
      return all.stream()
          .filter(name -> name.get(0).equals(DNS_NAME))
          .map(name -> String.valueOf(name.get(1)))
          .collect(Collectors.toSet());
    }
    Matcher common = COMMON_NAME.matcher(certificate.getSubjectX500Principal().getName());
    return common.matches() ? Set.of(common.group(1)) : Set.of();
  }

  private void requireVouchedFor(X509Certificate own, List<X509Certificate> served, Instant now) {
    try {
      X509CertSelector target = new X509CertSelector();
      target.setCertificate(own);
      PKIXBuilderParameters path = new PKIXBuilderParameters(anchors.get(), target);
      path.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(served)));
      path.setDate(Date.from(now));
      // Whoever could ask for it could make us call somewhere.
      path.setRevocationEnabled(false);
      CertPathBuilder.getInstance("PKIX").build(path);
    } catch (GeneralSecurityException e) {
      throw WebhookProof.forged("nobody who is trusted vouches for the certificate");
    }
  }
}
