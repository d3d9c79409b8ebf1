package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.jdbc.Counts.Key;
import dev.notify.model.Channel;
import dev.notify.model.DeliveryEvent.Type;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Counters that several processes add to. */
class CountsTest {

  private static final int PROCESSES = 6;
  private static final int TRANSACTIONS = 40;
  private static final Instant HOUR = Instant.parse("2026-03-02T09:00:00Z");

  private static List<Key> keys() {
    List<Key> keys = new ArrayList<>();
    for (int hour = 0; hour < 3; hour++) {
      for (Channel channel : List.of(Channel.EMAIL, Channel.SMS, Channel.PUSH)) {
        for (Type type : List.of(Type.SENT, Type.DEAD, Type.OPENED)) {
          Instant at = HOUR.plusSeconds(3_600L * hour + 17);
          keys.add(Key.of(Counts.EVERYTHING, channel, type, at));
        }
      }
    }
    return keys;
  }

  /** Without trying anything again: a deadlock would fail. */
  private static long addInAnyOrder(DataSource source, long seed) {
    Random chance = new Random(seed);
    try (Connection connection = source.getConnection()) {
      Counts counts = new Counts(new Tables(Database.of(connection), TableNames.DEFAULT));
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      for (int i = 0; i < TRANSACTIONS; i++) {
        List<Key> keys = keys();
        Collections.shuffle(keys, chance);
        Map<Key, Long> amounts = new LinkedHashMap<>();
        keys.forEach(key -> amounts.put(key, 2L));
        counts.add(connection, amounts, 7);
        connection.commit();
      }
      return 2L * TRANSACTIONS * keys().size();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void processesThatShareAShardNeitherDeadlockNorLoseAnything(Databases database) throws Exception {
    DataSource source = database.clean();
    List<CompletableFuture<Long>> adding = new ArrayList<>();
    for (int process = 0; process < PROCESSES; process++) {
      long seed = process;
      adding.add(CompletableFuture.supplyAsync(() -> addInAnyOrder(source, seed)));
    }
    long added = 0;
    for (CompletableFuture<Long> one : adding) {
      added += one.get(60, TimeUnit.SECONDS);
    }

    try (Connection connection = source.getConnection()) {
      Counts counts = new Counts(new Tables(Database.of(connection), TableNames.DEFAULT));
      var told = counts.statistics(connection, HOUR, HOUR.plusSeconds(3 * 3_600));

      assertThat(told.amounts()).hasSize(keys().size());
      assertThat(told.amounts().stream().mapToLong(each -> each.count()).sum()).isEqualTo(added);
      assertThat(TableScan.count(source, "notify_count")).isEqualTo(keys().size());
    }
  }
}
