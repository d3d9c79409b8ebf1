package dev.notify;

import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryId;
import dev.notify.tracking.LinkTokens;
import dev.notify.tracking.LinkTokens.Kind;
import dev.notify.tracking.LinkTokens.Said;
import dev.notify.tracking.MailLinks;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Where the links lead that the dispatcher puts into mails, and by which keys they are signed. The
 * application serves everything below the address with {@link NotificationDispatcher#links()}.
 *
 * <pre>{@code
 * NotificationDispatcher.builder().links(SignedLinks.below(URI.create("https://shop.example.com/n"), key))
 * }</pre>
 *
 * @since 0.1
 */
public final class SignedLinks {

  private static final int SHORTEST_KEY = 32;

  /** The header field for unsubscribing has one line for address, category and person. */
  private static final int LONGEST_BASE = 200;

  private static final Duration USUAL_LIFE = Duration.ofDays(90);

  private static final DeliveryId NO_DELIVERY = new DeliveryId(new UUID(0, 0));

  private final URI base;
  private final List<byte[]> keys;
  private final Duration life;

  private SignedLinks(URI base, List<byte[]> keys, Duration life) {
    this.base = base;
    this.keys = keys;
    this.life = life;
  }

  /**
   * Links below an address.
   *
   * @param base an absolute https address without query, of at most 200 characters; http is for
   *     tests on localhost
   * @param key at least 32 bytes of chance
   */
  public static SignedLinks below(URI base, byte[] key) {
    boolean isSecure = "https".equals(base.getScheme());
    boolean isLocal =
        "http".equals(base.getScheme())
            && List.of("localhost", "127.0.0.1").contains(String.valueOf(base.getHost()));
    if (base.getHost() == null
        || base.getQuery() != null
        || base.getFragment() != null
        || base.getUserInfo() != null
        || !StandardCharsets.UTF_8.newEncoder().canEncode(base.toString())
        || !(isSecure || isLocal)) {
      throw new ConfigurationException(
          "links: must be below an absolute https address without user, query and fragment");
    }
    String text = base.toASCIIString();
    if (text.length() > LONGEST_BASE) {
      throw new ConfigurationException(
          "links: the address has "
              + text.length()
              + " characters, at most "
              + LONGEST_BASE
              + " leave room for what a link says");
    }
    URI plain =
        text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : URI.create(text);
    return new SignedLinks(plain, List.of(checked(key)), USUAL_LIFE);
  }

  private static byte[] checked(byte[] key) {
    if (key.length < SHORTEST_KEY) {
      throw new ConfigurationException(
          "links: the key has " + key.length + " bytes, at least " + SHORTEST_KEY + " are needed");
    }
    return key.clone();
  }

  /** The same, believing links that were signed by an earlier key too. */
  public SignedLinks alsoBelieving(byte[] earlierKey) {
    List<byte[]> more = new ArrayList<>(keys);
    more.add(checked(earlierKey));
    return new SignedLinks(base, List.copyOf(more), life);
  }

  /** The same with another time for pixels, redirects and preferences; 90 days by default. */
  public SignedLinks expiringIn(Duration time) {
    if (time.isNegative() || time.isZero()) {
      throw new ConfigurationException("links: must be followed for longer than no time");
    }
    return new SignedLinks(base, keys, time);
  }

  LinkTokens tokens() {
    return new LinkTokens(keys);
  }

  MailLinks inMails() {
    return new MailLinks(base, tokens(), life);
  }

  /** A person's own page, for as long as links are followed. */
  URI toPreferences(String recipientId, Instant now) {
    Said said = new Said(Kind.PREFERENCES, NO_DELIVERY, Optional.of(now.plus(life)), recipientId);
    return URI.create(base + "/" + said.kind().letter() + "/" + tokens().sign(said));
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "SignedLinks[" + base + ", " + keys.size() + " keys]";
  }
}
