package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.Suppression;
import dev.notify.spi.SuppressionList;
import java.time.InstantSource;
import java.util.Optional;

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
  public void add(Suppression suppression) {
    kept.add(suppression);
  }

  @Override
  public boolean remove(Address address) {
    return kept.remove(address);
  }
}
