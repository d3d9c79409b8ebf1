package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.AuditEntry;
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
 * Writes every change of the list of suppressed addresses into the audit log.
 *
 * @param provider that has it changed by what it tells; the application does if it is empty
 */
record AuditedSuppressions(SuppressionList kept, AuditLog audit, Optional<String> provider)
    implements SuppressionList {

  private static final String TOLD = "told by the provider";
  private static final String UNNAMED = "a provider";

  AuditedSuppressions(SuppressionList kept, AuditLog audit) {
    this(kept, audit, Optional.empty());
  }

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
    return audit.together(() -> audited(address, change));
  }

  private boolean audited(Address address, UnaryOperator<Optional<Suppression>> change) {
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
      note(
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

  private void note(String kind, String subject, Map<String, String> details) {
    if (provider.isPresent()) {
      audit.noteAs(
          provider.get().isBlank() ? UNNAMED : provider.get(), TOLD, kind, subject, details);
    } else {
      AuditEntry unused = audit.note(kind, subject, details);
    }
  }

  @Override
  public void forEach(Consumer<Suppression> reader) {
    kept.forEach(reader);
  }
}
