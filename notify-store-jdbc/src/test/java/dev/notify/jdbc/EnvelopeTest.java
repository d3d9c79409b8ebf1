package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.jdbc.EncryptionKeys.Key;
import dev.notify.jdbc.Envelope.Kind;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.ConfigurationException;
import dev.notify.model.DeliveryId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sealed opens with its key, in its place, unchanged, and not otherwise. */
class EnvelopeTest {

  private static final byte[] MESSAGE = bytes("the message it belongs to");
  private static final byte[] PLAIN = bytes("{\"body\":\"Your code is 4711\"}");
  private static final List<DeliveryId> DELIVERIES =
      List.of(new DeliveryId(new UUID(1, 2)), new DeliveryId(new UUID(3, 4)));

  private final Key key = SampleKeys.key("k1");
  private final byte[] head = Envelope.head(Kind.STORE_KEY, bytes("k1"), DELIVERIES);
  private final byte[] sealed = AesGcm.seal(key.secret(), MESSAGE, head, PLAIN);

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] open(Key with, byte[] message, byte[] body) throws GeneralSecurityException {
    return AesGcm.open(with.secret(), message, body, head.length);
  }

  @Test
  void whatIsSealedOpens() throws Exception {
    assertThat(open(key, MESSAGE, sealed)).isEqualTo(PLAIN);
    assertThat(sealed).hasSize(head.length + AesGcm.NONCE_BYTES + PLAIN.length + AesGcm.TAG_BYTES);
    assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("4711");
  }

  @Test
  void theSameTwiceLooksDifferent() {
    assertThat(AesGcm.seal(key.secret(), MESSAGE, head, PLAIN)).isNotEqualTo(sealed);
  }

  @Test
  void noChangeOfASingleByteGoesUnnoticed() {
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;

      assertThatThrownBy(() -> open(key, MESSAGE, changed))
          .as("byte %d", i)
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void noBeginningOpens() {
    for (int length = head.length; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);

      assertThatThrownBy(() -> open(key, MESSAGE, cut))
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void itOpensNeitherWithAnotherKeyNorInAnotherPlace() {
    assertThatThrownBy(() -> open(SampleKeys.key("k2"), MESSAGE, sealed))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> open(key, bytes("another message"), sealed))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void kindKeyAndDeliveriesAreReadWithoutAKey() throws Exception {
    Envelope envelope = Envelope.of(sealed);

    assertThat(Envelope.isPlain(sealed)).isFalse();
    assertThat(envelope.kind()).isEqualTo(Kind.STORE_KEY);
    assertThat(new String(envelope.key(), StandardCharsets.US_ASCII)).isEqualTo("k1");
    assertThat(envelope.deliveries()).isEqualTo(DELIVERIES);
    assertThat(Bodies.deliveries(Bodies.erased(DELIVERIES))).isEqualTo(DELIVERIES);
  }

  @Test
  void plainJsonIsNoEnvelope() {
    assertThat(Envelope.isPlain(PLAIN)).isTrue();
    assertThat(Envelope.isPlain(new byte[0])).isTrue();
  }

  @Test
  void aHeadThatIsCutOffSaysSo() {
    for (int length = 1; length < head.length; length++) {
      byte[] cut = Arrays.copyOf(head, length);

      assertThatThrownBy(() -> Envelope.of(cut))
          .isInstanceOf(UnreadableBody.class)
          .hasMessage("it is cut off");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "ä", "0123456789-0123456789_0123456789-012", "k'1"})
  void anIdThatIsNotShortAndPlainIsRefused(String id) {
    assertThatThrownBy(() -> Key.of(id, new byte[32])).isInstanceOf(ConfigurationException.class);
  }

  @Test
  void aKeyHas32BytesOfItsOwnAndShowsNone() throws Exception {
    byte[] secret = new byte[32];
    Key made = Key.of("k", secret);
    byte[] before = AesGcm.seal(made.secret(), MESSAGE, head, PLAIN);
    secret[0] = 1;

    assertThat(AesGcm.open(made.secret(), MESSAGE, before, head.length)).isEqualTo(PLAIN);
    assertThat(made).hasToString("Key[k]");
    assertThat(Encryption.with(EncryptionKeys.of(made)).withKeyPerPerson())
        .hasToString("Encryption[EncryptionKeys[k], key per person]");
    assertThatThrownBy(() -> Key.of("k", new byte[16]))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("encryption key 'k': has 16 bytes, must have 32");
    assertThatThrownBy(() -> EncryptionKeys.of(made, SampleKeys.key("k")))
        .isInstanceOf(ConfigurationException.class);
  }
}
