package dev.notify.jdbc;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.notify.model.ConfigurationException;
import dev.notify.model.RefusedException;
import dev.notify.model.Segment;
import dev.notify.spi.InboxStore;
import dev.notify.spi.RecipientStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;

/**
 * Builds a {@link JdbcStore}. Not thread-safe; what is built is.
 *
 * @since 0.1
 */
public final class JdbcStoreBuilder {
  final DataSource dataSource;
  TableNames tableNames = TableNames.DEFAULT;
  Optional<Encryption> encryption = Optional.empty();
  Optional<Duration> retention = Optional.of(Duration.ofDays(30));
  Set<String> searchable = Set.of();
  Duration deviceRetention = RecipientStore.STALE;
  Duration experimentRetention = Duration.ofDays(730);
  int itemsPerInbox = InboxStore.ITEMS_PER_USER;
  Optional<String> nodeName = Optional.empty();
  Duration heartbeat = Duration.ofSeconds(2);
  Duration lease = Duration.ofSeconds(10);
  Duration poll = Duration.ofMillis(250);
  Duration cached = Duration.ofSeconds(10);
  Ticker ticker = Ticker.systemTicker();

  JdbcStoreBuilder(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** Sets how the tables are called, if not {@code notify_...} in the connection's schema. */
  public JdbcStoreBuilder tableNames(TableNames names) {
    tableNames = names;
    return this;
  }

  /** Encrypts what notifications say and where they go; they are stored as they are unless set. */
  public JdbcStoreBuilder encryption(Encryption value) {
    encryption = Optional.of(value);
    return this;
  }

  /**
   * Sets how long finished notifications are kept, dead letters too: 30 days after the last change
   * unless set.
   */
  public JdbcStoreBuilder retention(Duration finished) {
    if (finished.isNegative() || finished.isZero()) {
      throw new ConfigurationException(
          "retention: " + finished + " is not positive; for ever is keepForever()");
    }
    retention = Optional.of(finished);
    return this;
  }

  /** Keeps finished notifications for ever. */
  public JdbcStoreBuilder keepForever() {
    retention = Optional.empty();
    return this;
  }

  /**
   * Names the attributes of people that segments may ask for in a store that encrypts: of these,
   * table {@code notify_fact} has the values in the clear. Who is there already is found by them
   * once they are saved again. A store that does not encrypt has them all there.
   */
  public JdbcStoreBuilder searchable(String... attributes) {
    for (String attribute : attributes) {
      if (!Segment.isName(attribute)) {
        throw new ConfigurationException(
            "searchable: '" + attribute + "' is no name of an attribute");
      }
    }
    searchable = Set.of(attributes);
    return this;
  }

  /** Sets how long devices are kept that are not seen again; 270 days unless set. */
  public JdbcStoreBuilder deviceRetention(Duration unseen) {
    deviceRetention = positive("deviceRetention", unseen);
    return this;
  }

  /**
   * Sets how long it is kept who was counted in an experiment, from when somebody came to it last;
   * 730 days unless set. Then all of its people go together, and its counts with them; how it was
   * declared and concluded stays.
   */
  public JdbcStoreBuilder experimentRetention(Duration untouched) {
    experimentRetention = positive("experimentRetention", untouched);
    return this;
  }

  /**
   * Sets how many items an inbox keeps, feed and archive together; {@value
   * InboxStore#ITEMS_PER_USER} unless set. Of more, the oldest go.
   *
   * @throws ConfigurationException if it is less than 1 or more than 10,000
   */
  public JdbcStoreBuilder itemsPerInbox(int most) {
    if (most < 1 || most > 10_000) {
      throw new ConfigurationException("itemsPerInbox: must be from 1 to 10,000, not " + most);
    }
    itemsPerInbox = most;
    return this;
  }

  /**
   * Names this process, the same at every start and unlike all others that run at the same time:
   * after a crash it then takes up what it held at once, without waiting for the end of its lease.
   */
  public JdbcStoreBuilder nodeName(String name) {
    if (name.isBlank() || name.length() > 128) {
      throw new ConfigurationException("nodeName: must have 1 to 128 characters");
    }
    nodeName = Optional.of(name);
    return this;
  }

  /**
   * Sets how soon a silent node is taken for dead, and how often a node says that it lives: 10 and
   * 2 seconds unless set.
   *
   * @param end at least three heartbeats; and longer than the pool may take to find out that the
   *     database is back (HikariCP asks again after at most 5 seconds), or a process that finds out
   *     late is taken for dead by one that found out early
   */
  public JdbcStoreBuilder lease(Duration end, Duration everyHeartbeat) {
    if (everyHeartbeat.isNegative()
        || everyHeartbeat.isZero()
        || end.compareTo(everyHeartbeat.multipliedBy(3)) < 0) {
      throw new ConfigurationException(
          "lease: " + end + " must be at least three heartbeats of " + everyHeartbeat);
    }
    lease = end;
    heartbeat = everyHeartbeat;
    return this;
  }

  /** Sets how often the tables are looked at for what other nodes stored; 250 ms unless set. */
  public JdbcStoreBuilder pollInterval(Duration interval) {
    if (interval.isNegative() || interval.isZero()) {
      throw new ConfigurationException("pollInterval: " + interval + " is not positive");
    }
    poll = interval;
    return this;
  }

  private static Duration positive(String option, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new ConfigurationException(option + ": " + value + " is not positive");
    }
    return value;
  }

  /**
   * Sets for how long this process may go by what it has read of people, their choices and the
   * suppression list while another changes it: 10 seconds unless set. Its own changes count at
   * once. At zero, every send reads.
   */
  public JdbcStoreBuilder cacheFor(Duration life) {
    if (life.isNegative()) {
      throw new ConfigurationException("cacheFor: " + life + " is negative");
    }
    cached = life;
    return this;
  }

  /** For tests of what time does to what was read. */
  JdbcStoreBuilder ticker(Ticker value) {
    ticker = value;
    return this;
  }

  /**
   * The store, signed on at the database.
   *
   * @throws ConfigurationException if the database is unknown to us or its tables are missing,
   *     older or newer than this release
   * @throws RefusedException if the database cannot be reached
   */
  public JdbcStore build() {
    return new JdbcStore(this);
  }
}
