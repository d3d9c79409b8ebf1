package dev.notify.jdbc;

import dev.notify.jdbc.Endings.Change;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.RefusedException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what became of the deliveries that this node held, in batches. While the database is
 * away it goes on trying, for what was delivered must not be forgotten and delivered again.
 */
final class Updates implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(JdbcStore.class);
  private static final Duration PAUSE_IN_OUTAGE = Duration.ofMillis(250);

  private final Transactions transactions;
  private final Endings endings;
  private final Node node;
  private final Consumer<Delivery> letGo;
  private final Completions completions;

  /** What is still held, but has come to an end here that is not written down yet. */
  private final Set<Claimed> unwritten = ConcurrentHashMap.newKeySet();

  /** A delivery as it was claimed; it may be claimed again while this is being written. */
  private record Claimed(DeliveryId id, long lease) {

    static Claimed of(Change change) {
      return new Claimed(change.next().id(), change.next().lease());
    }
  }

  private volatile boolean closed;

  /**
   * Begins at once.
   *
   * @param letGo told of each delivery that this node holds no longer
   */
  Updates(Transactions transactions, Endings endings, Node node, Consumer<Delivery> letGo) {
    this.transactions = transactions;
    this.endings = endings;
    this.node = node;
    this.letGo = letGo;
    completions = new Completions(this::write);
  }

  /** Answers how the delivery stands once that is written; empty if the change did not take. */
  CompletableFuture<Optional<Delivery>> add(Change change) {
    // One word at a time about a delivery: a second one would meet the first in its batch.
    if (!unwritten.add(Claimed.of(change))) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    CompletableFuture<Optional<Delivery>> answer = completions.add(change);
    if (answer.isCompletedExceptionally()) {
      unwritten.remove(Claimed.of(change));
    }
    return answer;
  }

  /** Waits until what was added before is written, at most so long. */
  void awaitWritten(Duration longest) {
    completions.awaitWritten(longest);
  }

  /** Lets nobody wait any longer because the database is away. */
  void stop() {
    completions.stop();
  }

  private List<Optional<Delivery>> write(List<Change> changes) {
    try {
      List<Optional<Delivery>> taken = writeOnceThere(changes);
      // Not of what could not be written: it was delivered, and must not be taken for a stray.
      changes.forEach(change -> letGo.accept(change.next()));
      return taken;
    } finally {
      completions.hold(false);
      changes.forEach(change -> unwritten.remove(Claimed.of(change)));
    }
  }

  private List<Optional<Delivery>> writeOnceThere(List<Change> changes) {
    for (boolean again = false; ; again = true) {
      try {
        boolean mayBeWritten = again;
        return transactions.runUrgently(
            connection -> {
              List<Optional<Delivery>> taken = endings.write(connection, changes, node.id());
              return mayBeWritten ? endings.confirm(connection, changes, taken) : taken;
            });
      } catch (RefusedException e) {
        if (Transactions.isAboutValues(e) || closed) {
          throw e;
        }
        completions.hold(true);
        log.warn("{} deliveries wait to be written down: {}", changes.size(), e.getMessage());
        LockSupport.parkNanos(PAUSE_IN_OUTAGE.toNanos());
      }
    }
  }

  /** Writes what is there, and nothing that comes later; in an outage tries once more. */
  @Override
  public void close() {
    closed = true;
    completions.close();
  }
}
