package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.Suppression;
import dev.notify.spi.SuppressionList;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Writes what the application does to the list of suppressed addresses into the audit log. What
 * vendors tell is not written there: the list has its cause and time, and it comes by the thousand.
 */
record AuditedSuppressions(SuppressionList kept, AuditLog audit) implements SuppressionList {

  @Override
  public Optional<Suppression> find(Address address) {
    return kept.find(address);
  }

  @Override
  public void expect(Collection<Address> addresses) {
    kept.expect(addresses);
  }

  @Override
  public boolean update(Address address, UnaryOperator<Optional<Suppression>> change) {
    AtomicReference<Optional<Suppression>> next = new AtomicReference<>(Optional.empty());
    boolean changed =
        kept.update(
            address,
            found -> {
              next.set(change.apply(found));
              return Objects.requireNonNull(next.get());
            });
    if (changed) {
      Optional<Suppression> after = Objects.requireNonNull(next.get());
      audit.note(
          after.isPresent() ? "suppression.set" : "suppression.removed",
          audit.address(address),
          after
              .map(
                  entry ->
                      Map.of(
                          "channel", address.channel().name(),
                          "kind", entry.kind().name(),
                          "until", entry.until().map(Object::toString).orElse("")))
              .orElse(Map.of("channel", address.channel().name())));
    }
    return changed;
  }

  @Override
  public void forEach(Consumer<Suppression> reader) {
    kept.forEach(reader);
  }
}
