package dev.notify.jdbc;

import dev.notify.jdbc.Acceptance.Parcel;
import dev.notify.jdbc.Acceptance.Whose;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.RefusedException;
import dev.notify.spi.NotificationStore.KeyUse;
import dev.notify.spi.NotificationStore.Submission;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes notifications in, those of several senders in one transaction; and knows what this process
 * holds in memory.
 */
final class Accepting {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final int LARGEST_BATCH = 500;

  /**
   * How a delivery is held.
   *
   * @param node as which node this process came to hold it
   * @param lease under which lease
   */
  private record Hold(long node, long lease) {}

  private final StoreParts parts;
  private final Combiner<Sent, Optional<KeyUse>> combiner;

  /**
   * What one sender wants stored.
   *
   * @param parcel what
   * @param presumption what it was decided by
   */
  private record Sent(Parcel parcel, Presumption presumption) {
    static Sent of(Parcel parcel) {
      return new Sent(parcel, Presumption.NONE);
    }
  }

  /** What this process holds in memory, and as which node it came to hold it. */
  private final ConcurrentHashMap<DeliveryId, Hold> held = new ConcurrentHashMap<>();

  Accepting(StoreParts parts) {
    this.parts = parts;
    // With deliveries in hand there are calls to make, for which fewer commits leave more time.
    combiner =
        new Combiner<>(
            LARGEST_BATCH,
            this::writeAccepted,
            Transactions::isAbsence,
            held::isEmpty,
            System::nanoTime);
  }

  /** Whether this process holds it, under whatever lease. */
  boolean holds(DeliveryId id) {
    return held.containsKey(id);
  }

  /** Whether this process holds it under its lease, as the node that it is. */
  boolean isHeld(Delivery delivery) {
    return new Hold(parts.node.id(), delivery.lease()).equals(held.get(delivery.id()));
  }

  /** It was claimed. */
  void hold(Delivery delivery, long node) {
    held.put(delivery.id(), new Hold(node, delivery.lease()));
  }

  Optional<KeyUse> accept(Submission submission) {
    Presumption presumption = parts.presumptions.handOver();
    // Made here, by the sender's own thread, and not while others wait for the flush.
    byte[] body = parts.bodies.seal(submission);
    try {
      return submit(new Sent(new Parcel(submission, body), presumption));
    } catch (StalePersonKey e) {
      byte[] anew = parts.bodies.sealAnew(submission);
      return submit(new Sent(new Parcel(submission, anew), presumption));
    }
  }

  private Optional<KeyUse> submit(Sent sent) {
    Optional<KeyUse> earlier = combiner.submit(sent);
    parts.presumptions.conclude(sent.presumption());
    return earlier;
  }

  List<Optional<RuntimeException>> acceptAll(List<Submission> submissions) {
    List<Optional<RuntimeException>> faults = new ArrayList<>(submissions.size());
    for (int from = 0; from < submissions.size(); from += LARGEST_BATCH) {
      int to = Math.min(submissions.size(), from + LARGEST_BATCH);
      faults.addAll(acceptPortion(submissions.subList(from, to)));
    }
    return faults;
  }

  private List<Optional<RuntimeException>> acceptPortion(List<Submission> portion) {
    try {
      List<Optional<KeyUse>> ignored = writeAccepted(portion.stream().map(this::sent).toList());
      return Collections.nCopies(portion.size(), Optional.empty());
    } catch (RefusedException e) {
      return Transactions.isAbsence(e)
          ? Collections.nCopies(portion.size(), Optional.of(e))
          : oneByOne(portion);
    } catch (RuntimeException e) {
      // One that cannot be written must not fail the others.
      return oneByOne(portion);
    }
  }

  private Sent sent(Submission submission) {
    return Sent.of(new Parcel(submission, parts.bodies.seal(submission)));
  }

  /** Stores them, but for those that were decided by what is not so. */
  private List<Optional<KeyUse>> writeAccepted(List<Sent> sent) {
    List<Parcel> parcels = parcels(sent);
    OptionalLong me = OptionalLong.of(parts.node.id());
    boolean isAnswered = false;
    try {
      // Before the commit: what is written may be taken for stray the moment it can be seen.
      for (Parcel parcel : parcels) {
        for (Delivery born : parcel.submission().deliveries()) {
          if (isHeldFromBirth(born)) {
            held.put(born.id(), new Hold(me.getAsLong(), born.lease()));
          }
        }
      }
      List<Optional<KeyUse>> answers =
          parts.transactions.runSurely(
              again ->
                  connection -> {
                    // All that was to be written then is: the rest needs no person's key.
                    if (!again || !isWritten(connection, sent)) {
                      requireFresh(connection, parcels);
                    }
                    return write(connection, sent, parcels, me, again);
                  },
              parts.acceptance.isOneStatement(parcels));
      for (int i = 0; i < answers.size(); i++) {
        if (answers.get(i).isPresent() || sent.get(i).presumption().isWrong()) {
          drop(parcels.get(i));
        }
      }
      tellOthers(parcels);
      isAnswered = true;
      return answers;
    } finally {
      if (!isAnswered) {
        parcels.forEach(this::drop);
      }
    }
  }

  private static List<Parcel> parcels(List<Sent> sent) {
    List<Parcel> parcels = new ArrayList<>(sent.size());
    for (Sent one : sent) {
      parcels.add(one.parcel());
    }
    return parcels;
  }

  private static List<Sent> doubted(List<Sent> sent) {
    List<Sent> doubted = List.of();
    for (Sent one : sent) {
      if (one.presumption().isToBeChecked()) {
        doubted = doubted.isEmpty() ? new ArrayList<>(sent.size()) : doubted;
        doubted.add(one);
      }
    }
    return doubted;
  }

  private List<Optional<KeyUse>> write(
      Connection connection, List<Sent> sent, List<Parcel> parcels, OptionalLong me, boolean again)
      throws SQLException {
    List<Sent> doubted = doubted(sent);
    if (!doubted.isEmpty()) {
      List<Presumption> presumptions = doubted.stream().map(Sent::presumption).toList();
      if (!again && confirm(connection, presumptions, parcels, me)) {
        return Collections.nCopies(sent.size(), Optional.empty());
      }
      parts.presumptions.check(connection, presumptions);
    }
    boolean areAllSound = sent.stream().noneMatch(one -> one.presumption().isWrong());
    return areAllSound
        ? parts.acceptance.write(connection, parcels, me, Whose.OURS, again)
        : writeSound(connection, sent, me, again);
  }

  private boolean confirm(
      Connection connection, List<Presumption> presumptions, List<Parcel> parcels, OptionalLong me)
      throws SQLException {
    return parts.acceptance.isOneStatement(parcels)
        && parts.presumptions.confirm(
            connection,
            presumptions,
            doubt -> parts.acceptance.writeUnlessKnown(connection, parcels, me, doubt));
  }

  private List<Optional<KeyUse>> writeSound(
      Connection connection, List<Sent> sent, OptionalLong me, boolean again) throws SQLException {
    List<Sent> sound = sent.stream().filter(one -> !one.presumption().isWrong()).toList();
    Iterator<Optional<KeyUse>> answers =
        parts.acceptance.write(connection, parcels(sound), me, Whose.OURS, again).iterator();
    return sent.stream()
        .map(one -> one.presumption().isWrong() ? Optional.<KeyUse>empty() : answers.next())
        .toList();
  }

  /**
   * Whether an earlier try was committed. What it has stored was right then, whatever its person
   * has chosen since.
   */
  private boolean isWritten(Connection connection, List<Sent> sent) throws SQLException {
    Set<UUID> written = parts.acceptance.written(connection, parcels(sent));
    for (Sent one : doubted(sent)) {
      if (written.contains(one.parcel().submission().id().value())) {
        one.presumption().checked(true);
      }
    }
    return !written.isEmpty();
  }

  private void requireFresh(Connection connection, List<Parcel> parcels) throws SQLException {
    // Asked first, for else each send would gather bodies for nothing.
    if (parts.bodies.isPerPerson()
        && !parts.bodies.areFresh(connection, parcels.stream().map(Parcel::body).toList())) {
      throw new StalePersonKey();
    }
  }

  /** What this node has no room for, others may take at once. */
  private void tellOthers(List<Parcel> parcels) {
    if (!parts.node.isAlone()
        && parcels.stream().map(Parcel::submission).anyMatch(Wakeups::isReady)) {
      parts.wakeups.ofWork().tell();
    }
  }

  private void drop(Parcel parcel) {
    for (Delivery born : parcel.submission().deliveries()) {
      if (isHeldFromBirth(born)) {
        held.remove(born.id());
      }
    }
  }

  /** Unless it has been claimed again meanwhile. */
  void letGo(Delivery delivery) {
    held.computeIfPresent(
        delivery.id(), (id, hold) -> hold.lease() == delivery.lease() ? null : hold);
  }

  private static boolean isHeldFromBirth(Delivery delivery) {
    return delivery.status() == DeliveryStatus.SENDING;
  }

  private List<Optional<RuntimeException>> oneByOne(List<Submission> portion) {
    List<Optional<RuntimeException>> faults = new ArrayList<>(portion.size());
    for (Submission submission : portion) {
      try {
        Optional<KeyUse> ignored = accept(submission);
        faults.add(Optional.empty());
      } catch (RuntimeException e) {
        faults.add(Optional.of(e));
      }
    }
    return faults;
  }
}
