package dev.notify.tracking;

import dev.notify.model.Address;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.spi.SuppressionList;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Keeps the suppression list by the rules that stand at {@link Suppression}. */
final class AddressVerdicts {

  private final SuppressionList list;

  AddressVerdicts(SuppressionList list) {
    this.list = list;
  }

  /**
   * The address must not be used, unless a word that counts for more says otherwise.
   *
   * @return whether that changed anything
   */
  boolean suppress(Suppression told) {
    return told.holdsFor(told.address(), told.at())
        && change(told, known -> afterVerdict(known, told));
  }

  /**
   * The application brings an entry from elsewhere; of two words of its own, the later one counts.
   *
   * @return whether that changed anything
   */
  boolean keep(Suppression told) {
    return !told.hasEnded(told.at()) && change(told, known -> afterImport(known, told));
  }

  private static Suppression afterImport(Suppression known, Suppression told) {
    boolean isTheSame = known.kind() == told.kind() && known.at().equals(told.at());
    boolean isOwn = told.kind() == Kind.MANUAL;
    if (isTheSame || (isOwn && known.kind() == Kind.COMPLAINT)) {
      return known;
    }
    if (isOwn && known.kind() == Kind.MANUAL) {
      return isNoLater(known, told) ? told : known;
    }
    return afterVerdict(known, told);
  }

  /**
   * The person wants messages again.
   *
   * @return whether that changed anything
   */
  boolean resume(Address address, String cause, Instant at, List<String> heard) {
    Suppression told = new Suppression(address, Kind.OPT_OUT, cause, at, Optional.of(at), heard);
    return change(told, known -> afterStart(known, told));
  }

  /** Two words about one address must not both find the list as it was before. */
  private boolean change(Suppression told, UnaryOperator<Suppression> change) {
    return list.update(
        told.address(),
        known -> Optional.of(known.isEmpty() ? told : next(known.get(), told, change)));
  }

  private static Suppression next(
      Suppression known, Suppression told, UnaryOperator<Suppression> change) {
    if (told.heard().stream().anyMatch(known.heard()::contains)) {
      return known;
    }
    Suppression next = change.apply(known);
    return next.equals(known) ? known : remembering(next, told.heard(), known.heard());
  }

  private static Suppression afterVerdict(Suppression known, Suppression told) {
    boolean isByPerson = told.kind() != Kind.DEAD_ADDRESS;
    if (known.hasEnded(told.at())) {
      return told.kind() == Kind.COMPLAINT || isNoLater(known, told) ? told : known;
    }
    return switch (known.kind()) {
      case COMPLAINT, MANUAL -> isByPerson ? withoutEnd(known) : known;
      case OPT_OUT ->
          told.kind() == Kind.COMPLAINT || told.kind() == Kind.OPT_OUT && isNoLater(known, told)
              ? told
              : known;
      case DEAD_ADDRESS -> isByPerson || known.at().isBefore(told.at()) ? told : known;
    };
  }

  private static Suppression afterStart(Suppression known, Suppression told) {
    boolean canBeLifted = known.kind() == Kind.OPT_OUT || known.hasEnded(told.at());
    return canBeLifted && isNoLater(known, told) ? told : known;
  }

  private static boolean isNoLater(Suppression known, Suppression told) {
    return !known.at().isAfter(told.at());
  }

  private static Suppression withoutEnd(Suppression entry) {
    return new Suppression(
        entry.address(), entry.kind(), entry.cause(), entry.at(), Optional.empty(), entry.heard());
  }

  private static Suppression remembering(
      Suppression entry, List<String> latest, List<String> earlier) {
    List<String> heard = Stream.concat(latest.stream(), earlier.stream()).toList();
    return new Suppression(
        entry.address(), entry.kind(), entry.cause(), entry.at(), entry.until(), heard);
  }
}
