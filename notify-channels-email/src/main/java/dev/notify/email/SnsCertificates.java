package dev.notify.email;

import dev.notify.http.Reply;
import dev.notify.http.Reply.Answer;
import dev.notify.http.WebhookProof;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/**
 * The certificates that SNS signs by, read where a message says, if that is a place of SNS's: TLS
 * proves where they come from, and {@link SnsTrust} whose they are. A few are kept, for SNS changes
 * them rarely. Thread-safe.
 */
final class SnsCertificates {

  /** SNS's own in a region: what follows is no other service of Amazon's, S3 for example. */
  private static final Pattern HOST =
      Pattern.compile("sns\\.[a-z]{2}(-[a-z]+)+-\\d{1,2}\\.amazonaws\\.com(\\.cn)?");

  private static final int KEPT = 8;

  private final Function<HttpUrl, Reply> web;
  private final SnsTrust trust;
  private final InstantSource clock;
  private final Map<HttpUrl, X509Certificate> kept =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<HttpUrl, X509Certificate> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * None yet.
   *
   * @param web gets an address, without following where it leads on
   */
  SnsCertificates(Function<HttpUrl, Reply> web, SnsTrust trust, InstantSource clock) {
    this.web = web;
    this.trust = trust;
    this.clock = clock;
  }

  /** The certificate at an address that a message names. */
  X509Certificate at(String address) {
    HttpUrl url = addressOfSns(address);
    // A query would let a stranger make us read the same one again and again.
    if (!url.encodedPath().endsWith(".pem") || url.query() != null) {
      throw WebhookProof.forged("the certificate's address is not one of SNS's");
    }
    X509Certificate certificate;
    synchronized (kept) {
      certificate = kept.get(url);
    }
    if (certificate == null) {
      certificate = read(url);
      synchronized (kept) {
        kept.put(url, certificate);
      }
    }
    try {
      certificate.checkValidity(Date.from(clock.instant()));
    } catch (CertificateException e) {
      throw WebhookProof.forged("the certificate is not valid now");
    }
    return certificate;
  }

  /** An address, refused unless it is one of SNS's own. */
  static HttpUrl addressOfSns(String address) {
    HttpUrl url = HttpUrl.parse(address);
    if (url == null
        || !url.isHttps()
        || !HOST.matcher(url.host()).matches()
        || url.port() != 443
        || !url.encodedUsername().isEmpty()
        || !url.encodedPassword().isEmpty()) {
      throw WebhookProof.forged("it names an address that is not one of SNS's");
    }
    return url;
  }

  private X509Certificate read(HttpUrl url) {
    if (!(web.apply(url) instanceof Answer answer)) {
      throw WebhookProof.undecided("the certificate could not be read");
    }
    if (answer.status() >= 500 || answer.status() == 429) {
      throw WebhookProof.undecided("the certificate could not be read: HTTP " + answer.status());
    }
    if (!answer.isSuccess()) {
      throw WebhookProof.forged("there is no such certificate: HTTP " + answer.status());
    }
    List<X509Certificate> served = certificates(answer.body());
    trust.require(served, clock.instant());
    return served.get(0);
  }

  /** The one to sign by, and those that vouch for it, if there are any. */
  private static List<X509Certificate> certificates(String pem) {
    try {
      byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
      List<X509Certificate> found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(bytes))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      if (!found.isEmpty()) {
        return found;
      }
    } catch (CertificateException e) {
      // As if there were none.
    }
    throw WebhookProof.forged("what stands for a certificate is none");
  }
}
