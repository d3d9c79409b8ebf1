package dev.notify.jdbc;

import dev.notify.jdbc.EncryptionKeys.Key;
import dev.notify.jdbc.Envelope.Kind;
import dev.notify.jdbc.MessageCodec.Target;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.jdbc.PersonKeys.PersonKey;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.spi.NotificationStore.Submission;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;

/**
 * The only place where messages become bytes and bytes messages: sealed and opened here, if the
 * store encrypts. A sealed body is bound to its message and opens in no other row.
 */
final class Bodies {

  private static final Target ERASED =
      new Target(Address.of(Channel.of("erased"), "erased"), false);
  private static final byte[] NO_KEY = {};

  private final Optional<Encryption> encryption;
  private final PersonKeys persons;

  Bodies(Optional<Encryption> encryption, PersonKeys persons) {
    this.encryption = encryption;
    this.persons = persons;
  }

  /** The body of a message about to be stored. */
  byte[] seal(Submission submission) {
    return isPerPerson()
        ? seal(submission, persons.forSealing(submission.notification().recipientId()))
        : sealForAll(submission);
  }

  /** The same for a message stored on this connection, which is all it asks anything. */
  byte[] seal(Connection connection, Submission submission) throws SQLException {
    return isPerPerson()
        ? seal(submission, persons.forSealing(connection, submission.notification().recipientId()))
        : sealForAll(submission);
  }

  /** Whether each person has a key of their own. */
  boolean isPerPerson() {
    return encryption.isPresent() && encryption.get().isPerPerson();
  }

  private byte[] seal(Submission submission, PersonKey key) {
    byte[] head = Envelope.head(Kind.PERSON_KEY, key.name(), deliveries(submission));
    return AesGcm.seal(
        key.secret(), bound(submission.id().value()), head, MessageCodec.write(submission));
  }

  private byte[] sealForAll(Submission submission) {
    byte[] plain = MessageCodec.write(submission);
    return encryption.isEmpty()
        ? plain
        : seal(submission.id().value(), deliveries(submission), plain);
  }

  private static List<DeliveryId> deliveries(Submission submission) {
    return submission.deliveries().stream().map(Delivery::id).toList();
  }

  /** Sealed, if the store encrypts, by a key of the store's: what is nobody's in particular. */
  byte[] seal(UUID owner, byte[] plain) {
    return encryption.isEmpty() ? plain : seal(owner, List.of(), plain);
  }

  /** Sealed, if the store encrypts, as what is said of a person: by their key, if they have one. */
  byte[] seal(Connection connection, String recipientId, UUID owner, byte[] plain)
      throws SQLException {
    if (!isPerPerson()) {
      return seal(owner, plain);
    }
    PersonKey key = persons.forSealing(connection, recipientId);
    byte[] head = Envelope.head(Kind.PERSON_KEY, key.name(), List.of());
    return AesGcm.seal(key.secret(), bound(owner), head, plain);
  }

  private byte[] seal(UUID owner, List<DeliveryId> deliveries, byte[] plain) {
    Key key = encryption.orElseThrow().keys().current();
    byte[] id = key.id().getBytes(StandardCharsets.US_ASCII);
    byte[] head = Envelope.head(Kind.STORE_KEY, id, deliveries);
    return AesGcm.seal(key.secret(), bound(owner), head, plain);
  }

  /** As {@link #seal}, with the key that the person has at this moment. */
  byte[] sealAnew(Submission submission) {
    persons.lookAgain(submission.notification().recipientId());
    return seal(submission);
  }

  /** Whether the persons' keys by which these were sealed still stand; others always do. */
  boolean areFresh(Connection connection, List<byte[]> bodies) throws SQLException {
    if (!isPerPerson()) {
      return true;
    }
    List<byte[]> names = new ArrayList<>(bodies.size());
    for (byte[] body : bodies) {
      try {
        names.add(Envelope.of(body).key());
      } catch (UnreadableBody e) {
        throw new IllegalStateException("sealed a moment ago", e);
      }
    }
    return persons.stand(connection, names);
  }

  private static byte[] bound(UUID message) {
    return ByteBuffer.allocate(16)
        .putLong(message.getMostSignificantBits())
        .putLong(message.getLeastSignificantBits())
        .array();
  }

  /** The plain JSON of a body that was not erased. */
  byte[] open(Connection connection, UUID owner, byte[] body) throws SQLException, UnreadableBody {
    if (Envelope.isPlain(body)) {
      return body;
    }
    Envelope envelope = Envelope.of(body);
    SecretKey key =
        switch (envelope.kind()) {
          case STORE_KEY -> storeKey(new String(envelope.key(), StandardCharsets.US_ASCII));
          case PERSON_KEY -> persons.forOpening(connection, envelope.key());
          case ERASED -> throw new UnreadableBody("it was erased");
        };
    try {
      return AesGcm.open(key, bound(owner), body, envelope.headBytes());
    } catch (GeneralSecurityException e) {
      throw new UnreadableBody(name(envelope) + " does not open it, or it was changed");
    }
  }

  private static String name(Envelope envelope) {
    return envelope.kind() == Kind.STORE_KEY
        ? "key '" + new String(envelope.key(), StandardCharsets.US_ASCII) + "'"
        : "the person's key";
  }

  private SecretKey storeKey(String id) throws UnreadableBody {
    return encryption
        .orElseThrow(
            () ->
                new UnreadableBody(
                    "it is encrypted with key '" + id + "', and this store has no encryption set"))
        .keys()
        .find(id)
        .orElseThrow(() -> new UnreadableBody("there is no key '" + id + "'"))
        .secret();
  }

  /** Whether it would be sealed by the same key of the store's, or not at all, if it were new. */
  boolean isSealedAsNow(byte[] body) {
    if (encryption.isEmpty()) {
      return true;
    }
    try {
      return !Envelope.isPlain(body)
          && new String(Envelope.of(body).key(), StandardCharsets.US_ASCII)
              .equals(encryption.get().keys().current().id());
    } catch (UnreadableBody e) {
      return false;
    }
  }

  /**
   * Whether what stays for good is to be sealed anew: it stands in the clear, needs an earlier key
   * of the store's, or is said of a person who should have a key of their own.
   */
  boolean isToBeSealedAnew(byte[] body, boolean ofAPerson) {
    if (encryption.isEmpty()) {
      return false;
    }
    try {
      return Envelope.isPlain(body)
          || (Envelope.of(body).kind() == Kind.STORE_KEY
              && (!isSealedAsNow(body) || (ofAPerson && isPerPerson())));
    } catch (UnreadableBody e) {
      return false;
    }
  }

  static boolean isErased(byte[] body) throws UnreadableBody {
    return !Envelope.isPlain(body) && Envelope.of(body).kind() == Kind.ERASED;
  }

  /** Only where a message's deliveries go. */
  Map<DeliveryId, Target> targets(Connection connection, UUID message, byte[] body)
      throws SQLException, UnreadableBody {
    if (!isErased(body)) {
      return MessageCodec.targets(open(connection, message, body));
    }
    Map<DeliveryId, Target> targets = new LinkedHashMap<>();
    deliveries(body).forEach(id -> targets.put(id, ERASED));
    return targets;
  }

  /** Only what was decided; nothing if the body cannot be read. */
  List<ChannelDecision> decisions(Connection connection, UUID message, byte[] body)
      throws SQLException {
    try {
      return MessageCodec.decisions(open(connection, message, body));
    } catch (UnreadableBody e) {
      return List.of();
    }
  }

  /** Which deliveries a message has; needs no key. */
  static List<DeliveryId> deliveries(byte[] body) throws UnreadableBody {
    return Envelope.isPlain(body) ? MessageCodec.deliveries(body) : Envelope.of(body).deliveries();
  }

  /** What stands in place of a message that was erased. */
  static byte[] erased(List<DeliveryId> deliveries) {
    return Envelope.head(Kind.ERASED, NO_KEY, deliveries);
  }
}
