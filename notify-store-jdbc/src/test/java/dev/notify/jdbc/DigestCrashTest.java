package dev.notify.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.notify.NotificationDispatcher;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.DeliveryStatus;
import dev.notify.model.NotificationId;
import dev.notify.model.ProviderEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that collects and escalates is killed at any instant. */
class DigestCrashTest {

  private final String url = Databases.emptyUrl();
  private final DataSource source = Worker.pooled(url);

  @TempDir Path directory;

  DigestCrashTest() throws SQLException {}

  @AfterEach
  void end() throws Exception {
    ((AutoCloseable) source).close();
  }

  @Test
  void noItemIsLostOrSaidTwiceAndWhatWasSeenGoesNoFurther() throws Exception {
    JdbcSchema.migrate(source);
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE calls (reference VARCHAR(64), channel VARCHAR(16), said VARCHAR(10000))");
    }
    Path output = Files.createTempFile(directory, "victim", ".txt");
    Process victim = start(output);
    await().atMost(Duration.ofSeconds(40)).until(() -> accepted(output).size() >= 300);
    victim.destroyForcibly().waitFor();
    Set<Integer> accepted = accepted(output);

    Set<String> seen = new HashSet<>();
    try (NotificationDispatcher heir = DigestWorker.dispatcher(source, "heir")) {
      for (String alarm :
          TableScan.texts(
              source, "SELECT reference FROM calls WHERE channel = 'push' ORDER BY reference")) {
        if (seen.size() < 10
            && TableScan.texts(source, sms(alarm)).isEmpty()
            && open(heir, alarm)) {
          seen.add(alarm);
        }
      }
      // On a slow machine all their steps may have come due before anybody could look.
      for (int number = 20; seen.isEmpty(); number++) {
        String alarm = heir.send(DigestWorker.alarm(number)).id().toString();
        await()
            .atMost(Duration.ofSeconds(40))
            .until(() -> push(heir, alarm).providerMessageId().isPresent());
        if (open(heir, alarm)) {
          seen.add(alarm);
        }
      }
      await()
          .atMost(Duration.ofSeconds(40))
          .until(() -> TableScan.texts(source, "SELECT id FROM notify_delivery").isEmpty());
      assertThat(TableScan.texts(source, "SELECT id FROM notify_digest")).isEmpty();
      assertThat(TableScan.texts(source, "SELECT delivery_id FROM notify_digestitem")).isEmpty();
    }

    // Of a digest that was in a provider's hands when its process died, there may be a second copy.
    List<Integer> said =
        TableScan.texts(
                source,
                "SELECT said FROM (SELECT DISTINCT reference, said FROM calls WHERE channel = 'email') once")
            .stream()
            .flatMap(text -> Stream.of(text.split(" ")))
            .filter(word -> !word.isEmpty())
            .map(Integer::valueOf)
            .toList();
    assertThat(new TreeSet<>(said)).as("nothing lost").containsAll(accepted);
    assertThat(said).as("nothing said twice").doesNotHaveDuplicates();
    List<String> texted =
        TableScan.texts(source, "SELECT DISTINCT reference FROM calls WHERE channel = 'sms'");
    assertThat(texted).as("what nobody saw").isNotEmpty();
    assertThat(texted).as("what somebody saw").doesNotContainAnyElementsOf(seen);
    assertThat(seen).isNotEmpty();
  }

  private static String sms(String alarm) {
    return "SELECT said FROM calls WHERE channel = 'sms' AND reference = '" + alarm + "'";
  }

  /** Answers whether nothing can be sent after it. */
  private static boolean open(NotificationDispatcher heir, String alarm) {
    Delivery push = push(heir, alarm);
    if (push.providerMessageId().isEmpty()) {
      return false;
    }
    heir.track(
        new ProviderEvent("push", push.providerMessageId().get(), Type.OPENED, Instant.now(), ""));
    // On a slow machine the step may have come due meanwhile; then it was sent, and not stopped.
    return heir.status(NotificationId.parse(alarm)).orElseThrow().deliveries().stream()
        .filter(delivery -> delivery.onlyIfUnseen())
        .allMatch(step -> step.status() == DeliveryStatus.SUPPRESSED);
  }

  private static Delivery push(NotificationDispatcher heir, String alarm) {
    return heir.status(NotificationId.parse(alarm)).orElseThrow().deliveries().stream()
        .filter(delivery -> !delivery.onlyIfUnseen())
        .findFirst()
        .orElseThrow();
  }

  private Process start(Path output) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            DigestWorker.class.getName(),
            url,
            "victim")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .redirectOutput(output.toFile())
        .start();
  }

  private static Set<Integer> accepted(Path output) throws IOException {
    String text = Files.readString(output);
    return text.substring(0, text.lastIndexOf('\n') + 1)
        .lines()
        .filter(line -> line.matches("\\d+"))
        .map(Integer::valueOf)
        .collect(Collectors.toSet());
  }
}
