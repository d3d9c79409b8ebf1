package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.Suppression;
import dev.notify.spi.SuppressionList;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The suppression list as the application sees it. An entry that has ended is kept for what it
 * knows, and would be taken for one that holds by whoever looks whether there is one.
 */
record StandingSuppressions(SuppressionList kept, InstantSource clock) implements SuppressionList {

  @Override
  public Optional<Suppression> find(Address address) {
    return kept.find(address).filter(entry -> !entry.hasEnded(clock.instant()));
  }

  @Override
  public boolean update(Address address, UnaryOperator<Optional<Suppression>> change) {
    return kept.update(address, change);
  }

  @Override
  public void forEach(Consumer<Suppression> reader) {
    Instant now = clock.instant();
    kept.forEach(
        entry -> {
          if (!entry.hasEnded(now)) {
            reader.accept(entry);
          }
        });
  }
}
