package dev.notify.benchmarks.peers;

import java.util.function.BiFunction;
import javax.sql.DataSource;

/**
 * A kind of contestant.
 *
 * @param name what the report calls it; also good for a database's name
 * @param rewritesBatches whether its driver is told to rewrite batches
 * @param backlog how many open messages it does best with under a steady load
 * @param maker makes one
 */
record Kind(
    String name,
    boolean rewritesBatches,
    int backlog,
    BiFunction<DataSource, Tally, Contestant> maker) {

  /** Lanes hold 1,000 in memory; more would go by way of the tables. */
  static final Kind OURS = new Kind("notify", false, 900, Ours::new);

  static final Kind RAW = new Kind("raw", false, 0, Raw::new);
  static final Kind DB_SCHEDULER = new Kind("db_scheduler", true, 2_000, DbScheduler::new);

  /** As it does best under a steady load. */
  static final Kind DB_SCHEDULER_STEADY =
      new Kind(
          DB_SCHEDULER.name(),
          true,
          DB_SCHEDULER.backlog(),
          (source, tally) -> new DbScheduler(source, tally, DbScheduler.STEADY));

  /** Looks every 5 s, so it needs much to do in between. */
  static final Kind JOBRUNR = new Kind("jobrunr", true, 20_000, JobRunr::new);

  static final Kind GRUELBOX = new Kind("gruelbox", false, 4_000, Gruelbox::new);
}
