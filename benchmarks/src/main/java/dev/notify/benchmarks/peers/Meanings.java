package dev.notify.benchmarks.peers;

import java.util.Map;

/** What the figures stand for, in the few words that a table on a page has room for. */
final class Meanings {

  private static final String ASYNC = "async.";

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("T1", "`send()` from 16 threads, to db-scheduler"),
          Map.entry("T1.128", "the same from 128 threads"),
          Map.entry("T2", "`send()` from 16 threads, to JobRunr"),
          Map.entry("T3", "`send()` from 16 threads, to raw inserts in equal batches"),
          Map.entry("T4", "`send()` from one thread, to a raw insert"),
          Map.entry("T5", "lists of 1,000, to db-scheduler"),
          Map.entry("T5.raw", "lists of 1,000, to raw inserts"),
          Map.entry("T6", "working off what is due, to db-scheduler"),
          Map.entry("T6.jobrunr", "the same, to JobRunr"),
          Map.entry("T6.raw", "the same, to raw claim and delete"),
          Map.entry("T7", "sending and delivering at once, to db-scheduler"),
          Map.entry("T7.jobrunr", "the same, to JobRunr"),
          Map.entry("T7.gruelbox", "the same, to transaction-outbox"),
          Map.entry("memory.rate", "sent and delivered in memory, a second"),
          Map.entry("memory.executor", "the same, to a bounded executor"),
          Map.entry("memory.ogham", "the same, to Ogham on the sender's thread"),
          Map.entry("memory.ogham.async", "the same, to Ogham by an executor"),
          Map.entry("T8", "share of the ideal rate with calls of 50 ms"),
          Map.entry("T9", "log for a message beyond its text"),
          Map.entry("T9.commits", "writing transactions for a message"),
          Map.entry("T9.roundtrips", "waits for the server for a message"),
          Map.entry("L1", "from `send()` to the provider's call, median"),
          Map.entry("L1.p99", "the same, p99"),
          Map.entry("L2", "from a commit to another node's call, median"),
          Map.entry("L2.p99", "the same, p99"),
          Map.entry("L3", "p99 of CRITICAL beside 1,000,000 LOW, to that alone"),
          Map.entry("L3.share", "LOW's share of the calls meanwhile"),
          Map.entry("L4", "lateness of scheduled messages, p99"),
          Map.entry("M2", "bytes allocated for a durable send"),
          Map.entry("M3", "heap for a broadcast to 1,000,000"),
          Map.entry("M4", "connections of a busy node"),
          Map.entry("M4.idle", "connections of an idle node"),
          Map.entry(Analysing.COST, "rate with counters, to that without"),
          Map.entry(Analysing.MONTH, "a month's funnel, median"));

  private Meanings() {}

  /** Words for a figure. */
  static String of(String measure) {
    String plain = measure.startsWith(ASYNC) ? measure.substring(ASYNC.length()) : measure;
    String words = WORDS.get(plain);
    if (words == null) {
      throw new IllegalArgumentException("nobody says what " + measure + " means");
    }
    return words;
  }
}
