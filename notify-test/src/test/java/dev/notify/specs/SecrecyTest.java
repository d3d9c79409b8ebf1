package dev.notify.specs;

import static dev.notify.specs.Stage.hello;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logs, receipts and records show ids; never an address or a word of the message. */
class SecrecyTest {

  private static final List<String> PERSONAL =
      List.of("jane@example.com", "+14155550142", "jane-device", "Hello", "How are you");

  private final Stage stage = new Stage();
  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Logger logger = Logger.getLogger("dev.notify");
  private final Handler recorder =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          lines.add(new SimpleFormatter().format(line));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void record() {
    recorder.setLevel(Level.ALL);
    logger.setLevel(Level.FINE);
    logger.setUseParentHandlers(false);
    logger.addHandler(recorder);
  }

  @AfterEach
  void stop() {
    logger.removeHandler(recorder);
    logger.setUseParentHandlers(true);
    logger.setLevel(null);
  }

  @Test
  void nothingPersonalShowsWhateverHappens() {
    stage
        .email
        .next(Outcome.retryable("down"))
        .next(Outcome.misconfigured("password"))
        .nextDoes(
            message -> {
              throw new IllegalStateException(message.address().value());
            })
        .next(Outcome.invalidAddress("no such mailbox"));
    try (var dispatcher =
        stage
            .builder()
            .circuitBreaker(1, Duration.ofSeconds(1))
            .listener(
                event -> {
                  throw new IllegalStateException("listener of jane@example.com");
                })
            .build()) {
      Notification hello = hello().metadata("order", "1017").build();
      for (int i = 0; i < 5; i++) {
        var receipt = dispatcher.send(hello);
        stage.pass(Duration.ofHours(3));
        assertNothingPersonal(receipt.toString());
        assertNothingPersonal(Stage.record(dispatcher, receipt).toString());
        assertNothingPersonal(dispatcher.deadLetters(10).toString());
      }
      assertNothingPersonal(hello.toString());
    }
    assertThat(lines).isNotEmpty().anyMatch(line -> line.contains("listener"));
    lines.forEach(SecrecyTest::assertNothingPersonal);
  }

  @Test
  void theModeIsSaidAtTheStart() {
    stage.builder().build().close();

    assertThat(lines).anyMatch(line -> line.contains("live: messages go to the providers"));
  }

  private static void assertNothingPersonal(String text) {
    PERSONAL.forEach(personal -> assertThat(text).doesNotContain(personal));
  }
}
