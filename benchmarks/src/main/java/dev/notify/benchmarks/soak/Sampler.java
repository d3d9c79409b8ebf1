package dev.notify.benchmarks.soak;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.UnixOperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.notify.benchmarks.Heap;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import javax.sql.DataSource;
import org.HdrHistogram.Recorder;

/** Looks at heap, tables and process, beside what is looked at: by a connection of its own. */
final class Sampler {

  private static final double MEGABYTE = 1 << 20;

  /** All that it asks the database, in one statement. */
  private static final String TABLES =
      """
      SELECT pg_total_relation_size('notify_delivery'),
        (SELECT sum(pg_total_relation_size(relid)) FROM pg_stat_user_tables),
        (SELECT count(*) FROM notify_delivery),
        (SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'notify_delivery'),
        (SELECT n_live_tup FROM pg_stat_user_tables WHERE relname = 'notify_message')""";

  private static final String KEPT =
      """
      SELECT (SELECT count(*) FROM notify_message), (SELECT count(*) FROM notify_outcome),
        (SELECT count(*) FROM notify_attempt), (SELECT count(*) FROM notify_event)""";

  private static final Set<String> HEAP_POOLS =
      ManagementFactory.getMemoryPoolMXBeans().stream()
          .filter(pool -> pool.getType() == MemoryType.HEAP)
          .map(MemoryPoolMXBean::getName)
          .collect(Collectors.toSet());

  private final DataSource plain;
  private final HikariDataSource pool;
  private final Recorder untilCall;
  private final Recorder untilAccepted;
  private volatile double afterCollection = Double.NaN;

  Sampler(DataSource plain, HikariDataSource pool, Recorder untilCall, Recorder untilAccepted) {
    this.plain = plain;
    this.pool = pool;
    this.untilCall = untilCall;
    this.untilAccepted = untilAccepted;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      ((NotificationEmitter) collector)
          .addNotificationListener(
              (notification, self) ->
                  collected(
                      GarbageCollectionNotificationInfo.from(
                          (CompositeData) notification.getUserData())),
              notification ->
                  notification
                      .getType()
                      .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
              null);
    }
  }

  private void collected(GarbageCollectionNotificationInfo info) {
    afterCollection =
        info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                .filter(pool -> HEAP_POOLS.contains(pool.getKey()))
                .map(pool -> pool.getValue())
                .mapToLong(MemoryUsage::getUsed)
                .sum()
            / MEGABYTE;
  }

  /**
   * Looks now.
   *
   * @param seconds since the run began
   * @param collect whether to find out what lives, for which everything has to wait
   */
  Sample take(double seconds, boolean collect) throws SQLException {
    double alive = collect ? Heap.collect() / MEGABYTE : Double.NaN;
    return new Sample(
        seconds,
        new Sample.HeapUse(alive, afterCollection),
        tables(),
        Sample.Times.of(untilCall.getIntervalHistogram()),
        Sample.Times.of(untilAccepted.getIntervalHistogram()),
        process());
  }

  private Sample.TableUse tables() throws SQLException {
    try (Connection connection = plain.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(TABLES)) {
      row.next();
      return new Sample.TableUse(
          row.getLong(1) / MEGABYTE,
          row.getLong(2) / MEGABYTE,
          row.getLong(3),
          row.getLong(4),
          row.getLong(5));
    }
  }

  /** How many rows there are for each message that has not been deleted yet, by kind of row. */
  Sample.Kept kept() throws SQLException {
    try (Connection connection = plain.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(KEPT)) {
      row.next();
      return new Sample.Kept(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4));
    }
  }

  private Sample.ProcessUse process() {
    long files =
        ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
            ? unix.getOpenFileDescriptorCount()
            : 0;
    return new Sample.ProcessUse(
        ManagementFactory.getThreadMXBean().getThreadCount(),
        files,
        pool.getHikariPoolMXBean().getTotalConnections());
  }
}
