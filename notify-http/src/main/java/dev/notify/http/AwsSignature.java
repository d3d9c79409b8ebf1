package dev.notify.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/**
 * Signs requests to Amazon Web Services, by <a
 * href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">Signature Version
 * 4</a>.
 *
 * <p>Thread-safe. {@code toString} shows region and service only.
 *
 * @since 0.1
 */
public final class AwsSignature {

  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final Pattern SPACES = Pattern.compile(" +");
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final String accessKeyId;
  private final String secretAccessKey;
  private final Optional<String> sessionToken;
  private final String region;
  private final String service;

  /** Four hashes that are the same all day. */
  private volatile @Nullable DayKey latest;

  private record DayKey(String date, byte[] key) {
    @Override
    public String toString() {
      return "DayKey[" + date + "]";
    }
  }

  /**
   * For one account, region and service.
   *
   * @param sessionToken goes with credentials that end
   * @param service the name in the scope, {@code ses} for example; not always that of the host
   */
  public AwsSignature(
      String accessKeyId,
      String secretAccessKey,
      Optional<String> sessionToken,
      String region,
      String service) {
    this.accessKeyId = accessKeyId;
    this.secretAccessKey = secretAccessKey;
    this.sessionToken = sessionToken;
    this.region = region;
    this.service = service;
  }

  /**
   * The request with its signature, good for five minutes. Its headers are all signed, and must
   * stand as they will leave: {@code Host}, {@code X-Amz-Date} and the session token are added
   * here, the content type is not, since OkHttp writes it later.
   *
   * @param body the exact bytes that the request carries
   */
  public Request sign(Request request, byte[] body, Instant now) {
    String moment = MOMENT.format(now);
    Request.Builder signed =
        request.newBuilder().header("Host", host(request.url())).header("X-Amz-Date", moment);
    sessionToken.ifPresent(token -> signed.header("X-Amz-Security-Token", token));
    Request complete = signed.build();

    Map<String, String> headers = canonicalHeaders(complete.headers());
    String names = String.join(";", headers.keySet());
    String canonical = canonicalRequest(complete, headers, names, hex(sha256(body)));
    String date = moment.substring(0, 8);
    String scope = date + "/" + region + "/" + service + "/aws4_request";
    String text =
        String.join("\n", ALGORITHM, moment, scope, hex(sha256(canonical.getBytes(UTF_8))));
    return complete
        .newBuilder()
        .header(
            "Authorization",
            ALGORITHM
                + " Credential="
                + accessKeyId
                + "/"
                + scope
                + ", SignedHeaders="
                + names
                + ", Signature="
                + hex(hmac(key(date), text)))
        .build();
  }

  private static String host(HttpUrl url) {
    boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
    return usual ? url.host() : url.host() + ":" + url.port();
  }

  private static Map<String, String> canonicalHeaders(Headers headers) {
    Map<String, String> canonical = new TreeMap<>();
    headers
        .toMultimap()
        .forEach(
            (name, values) ->
                canonical.put(
                    name,
                    values.stream()
                        .map(value -> SPACES.matcher(value.strip()).replaceAll(" "))
                        .collect(Collectors.joining(","))));
    return canonical;
  }

  private static String canonicalRequest(
      Request request, Map<String, String> headers, String names, String payloadHash) {
    StringBuilder text = new StringBuilder(request.method()).append('\n');
    text.append(canonicalPath(request.url())).append('\n');
    text.append(canonicalQuery(request.url())).append('\n');
    headers.forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
    return text.append('\n').append(names).append('\n').append(payloadHash).toString();
  }

  /** Every service but S3 wants the path encoded once more than it is on the wire. */
  private static String canonicalPath(HttpUrl url) {
    return url.encodedPathSegments().stream()
        .map(AwsSignature::encoded)
        .collect(Collectors.joining("/", "/", ""));
  }

  private static String canonicalQuery(HttpUrl url) {
    return IntStream.range(0, url.querySize())
        .mapToObj(
            i ->
                encoded(url.queryParameterName(i))
                    + "="
                    + encoded(Optional.ofNullable(url.queryParameterValue(i)).orElse("")))
        .sorted()
        .collect(Collectors.joining("&"));
  }

  /** RFC 3986, section 2: all but the unreserved characters. */
  private static String encoded(String text) {
    StringBuilder result = new StringBuilder();
    for (byte b : text.getBytes(UTF_8)) {
      boolean unreserved =
          b >= 'A' && b <= 'Z'
              || b >= 'a' && b <= 'z'
              || b >= '0' && b <= '9'
              || "-._~".indexOf(b) >= 0;
      if (unreserved) {
        result.append((char) b);
      } else {
        result.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return result.toString();
  }

  /** The key of a day. */
  private byte[] key(String date) {
    DayKey held = latest;
    if (held == null || !held.date().equals(date)) {
      byte[] ofDate = hmac(("AWS4" + secretAccessKey).getBytes(UTF_8), date);
      held = new DayKey(date, hmac(hmac(hmac(ofDate, region), service), "aws4_request"));
      latest = held;
    }
    return held.key();
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Override
  public String toString() {
    return "AwsSignature[" + service + ", " + region + "]";
  }
}
