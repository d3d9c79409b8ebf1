package dev.notify.benchmarks.peers;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.notify.benchmarks.Report;
import dev.notify.benchmarks.Threads;
import dev.notify.model.Notification;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a message costs, in what can be counted: unlike seconds it hardly moves on a machine that
 * others use, so it cannot creep up unseen. Whoever makes something cheaper lowers the bound.
 */
@Timeout(120)
class CountersTest {

  private static final int ONE_BY_ONE = 200;
  private static final int MANY = 2_000;

  /** Heartbeats and looks that fall into a measurement. */
  private static final int BESIDE = 10;

  private static final int TIMES = 12;

  private static Server server;

  @BeforeAll
  static void start() throws IOException, SQLException {
    server = Server.start(false);
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  /** What was counted, for each message. */
  private record Cost(double roundTrips, double commits, double logBytes) {}

  /** Something that is done with so many messages. */
  private interface Work {
    void with(Ours ours, Tally tally) throws Exception;
  }

  private static Cost costOf(int messages, Work prepared, Work counted) throws Exception {
    CountingSource counting = new CountingSource();
    Bench bench = new Bench(server, Options.parse("--quick"), new Report());
    return bench.fresh(
        Kind.OURS,
        new Tally(),
        counting::of,
        (contestant, site) -> {
          prepared.with((Ours) contestant, site.tally());
          long roundTrips = counting.roundTrips();
          long commits = server.writingTransactions();
          long log = server.logPosition();
          counted.with((Ours) contestant, site.tally());
          return new Cost(
              (double) Math.max(0, counting.roundTrips() - roundTrips - BESIDE) / messages,
              (double) Math.max(0, server.writingTransactions() - commits - BESIDE) / messages,
              (double) (server.logPosition() - log) / messages - Payload.BYTES);
        });
  }

  /** The first send prepares statements, and asks who its person is. */
  private static void readyForSenders(Ours ours, Tally tally) {
    ours.startAside();
    ours.sendLater(0);
  }

  @Test
  void aSendIsOneStatementAndOneCommit() throws Exception {
    Cost cost =
        costOf(
            ONE_BY_ONE,
            CountersTest::readyForSenders,
            (ours, tally) -> {
              for (int i = 0; i < ONE_BY_ONE; i++) {
                ours.sendLater(0);
              }
            });

    assertThat(cost.roundTrips()).as("round trips").isLessThanOrEqualTo(1);
    assertThat(cost.commits()).as("commits").isLessThanOrEqualTo(1);
    assertThat(cost.logBytes()).as("bytes of log beyond the text").isLessThan(1_000);
  }

  @Test
  void aSendToSomebodyNewIsOneStatementAndOneCommit() throws Exception {
    Cost cost =
        costOf(
            ONE_BY_ONE,
            CountersTest::readyForSenders,
            (ours, tally) -> {
              for (int number = 1; number <= ONE_BY_ONE; number++) {
                ours.sendLater(number);
              }
            });

    assertThat(cost.roundTrips()).as("round trips").isLessThanOrEqualTo(1.02);
    assertThat(cost.commits()).as("commits").isLessThanOrEqualTo(1);
  }

  @Test
  void manyAtATimeShareStatementsAndCommits() throws Exception {
    Cost cost =
        costOf(MANY, CountersTest::readyForSenders, (ours, tally) -> ours.sendLater(1, MANY));

    assertThat(cost.roundTrips()).as("round trips").isLessThanOrEqualTo(0.02);
    assertThat(cost.commits()).as("commits").isLessThanOrEqualTo(0.002);
    assertThat(cost.logBytes()).as("bytes of log beyond the text").isLessThan(900);
  }

  @Test
  void whatIsDueIsTakenAndEndedManyAtATime() throws Exception {
    Cost cost =
        costOf(
            MANY,
            (ours, tally) -> ours.fill(MANY),
            (ours, tally) -> {
              ours.start(true);
              while (tally.handled() < MANY || ours.open() > 0) {
                Threads.sleep(Duration.ofMillis(5));
              }
            });

    // Looking whether any is open is not counted: it takes the pool's connections, too.
    assertThat(cost.commits()).as("commits").isLessThan(0.1);
    assertThat(cost.logBytes() + Payload.BYTES).as("bytes of log").isLessThan(1_200);
  }

  @Test
  void aSenderMakesFewObjects() throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Notification later = Ours.notification(1).at(Instant.now().plusSeconds(3_600)).build();
    Bench bench = new Bench(server, Options.parse("--quick"), new Report());
    double bytes =
        bench.fresh(
            Kind.OURS,
            (contestant, site) -> {
              Ours ours = (Ours) contestant;
              ours.startAside();
              double least = Double.MAX_VALUE;
              // What is not compiled yet makes more of them, and when it is, nobody knows.
              for (int i = 0; i < TIMES; i++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                send(ours, later, ONE_BY_ONE);
                long grown = threads.getCurrentThreadAllocatedBytes() - before;
                least = Math.min(least, (double) grown / ONE_BY_ONE);
              }
              return least;
            });

    assertThat(bytes - Payload.BYTES).as("bytes beyond the text").isLessThan(7_500);
  }

  private static void send(Ours ours, Notification notification, int times) {
    for (int i = 0; i < times; i++) {
      ours.dispatcher().send(notification);
    }
  }
}
