package dev.notify.tracking;

import dev.notify.model.DeliveryId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the links in our mails say, in a form that nobody else can make: bytes with 128 bits of an
 * HMAC-SHA256 (RFC 2104) behind them, in URL-safe Base64.
 */
public final class LinkTokens {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_BYTES = 16;
  private static final int HEAD_BYTES = 1 + Long.BYTES + 2 * Long.BYTES;

  /** Longer than any address we make a link of, and shorter than what servers take. */
  private static final int LONGEST_TOKEN = 6_000;

  /** The first signs; all are believed. */
  private final List<byte[]> keys;

  /** Tokens by these keys, of which the first signs. */
  public LinkTokens(List<byte[]> keys) {
    this.keys = keys.stream().map(byte[]::clone).toList();
  }

  /** What a link is for. */
  public enum Kind {
    /** Shows that a mail was opened. */
    OPEN('o'),
    /** Leads on to an address. */
    CLICK('c'),
    /** Unsubscribes. */
    UNSUBSCRIBE('u'),
    /** Shows a person what they have chosen, and lets them change it. */
    PREFERENCES('p');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    /** Stands in the link's path, for people who read logs. */
    public char letter() {
      return letter;
    }

    private static Optional<Kind> of(byte letter) {
      return Arrays.stream(values()).filter(kind -> kind.letter == letter).findFirst();
    }
  }

  /**
   * What a link says.
   *
   * @param kind what it is for
   * @param delivery the delivery it stood in
   * @param until until when it works
   * @param text what else it needs
   */
  public record Said(Kind kind, DeliveryId delivery, Optional<Instant> until, String text) {

    /** Whether it works no more. */
    public boolean isExpired(Instant now) {
      return until.isPresent() && !now.isBefore(until.get());
    }

    /** Where it leads, as a header field can say it; empty if it leads nowhere. */
    public Optional<String> target() {
      return kind == Kind.CLICK ? WebAddress.inAscii(text) : Optional.empty();
    }
  }

  /** A token that says this. */
  public String sign(Said said) {
    byte[] text = said.text().getBytes(StandardCharsets.UTF_8);
    UUID id = said.delivery().value();
    byte[] payload =
        ByteBuffer.allocate(HEAD_BYTES + text.length)
            .put((byte) said.kind().letter())
            .putLong(said.until().map(Instant::getEpochSecond).orElse(0L))
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .put(text)
            .array();
    byte[] token = Arrays.copyOf(payload, payload.length + MAC_BYTES);
    System.arraycopy(mac(keys.get(0), payload), 0, token, payload.length, MAC_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /** What a token says; empty if it is none of ours. */
  public Optional<Said> read(String token) {
    if (token.length() > LONGEST_TOKEN) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    if (bytes.length < HEAD_BYTES + MAC_BYTES) {
      return Optional.empty();
    }
    byte[] payload = Arrays.copyOf(bytes, bytes.length - MAC_BYTES);
    byte[] mac = Arrays.copyOfRange(bytes, payload.length, bytes.length);
    boolean isOurs = false;
    for (byte[] key : keys) {
      isOurs |= MessageDigest.isEqual(mac(key, payload), mac);
    }
    return isOurs ? said(ByteBuffer.wrap(payload)) : Optional.empty();
  }

  private static Optional<Said> said(ByteBuffer payload) {
    Optional<Kind> kind = Kind.of(payload.get());
    long until = payload.getLong();
    DeliveryId delivery = new DeliveryId(new UUID(payload.getLong(), payload.getLong()));
    String text = StandardCharsets.UTF_8.decode(payload).toString();
    Optional<Instant> end =
        until == 0 ? Optional.empty() : Optional.of(Instant.ofEpochSecond(until));
    return kind.map(known -> new Said(known, delivery, end, text));
  }

  private static byte[] mac(byte[] key, byte[] payload) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return Arrays.copyOf(mac.doFinal(payload), MAC_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }
}
