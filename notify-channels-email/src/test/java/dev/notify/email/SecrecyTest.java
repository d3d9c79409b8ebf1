package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Outcome;
import dev.notify.spi.OutboundMessage;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log shows when a host has everything but tracing on. */
class SecrecyTest {

  private static final List<String> PRIVATE =
      List.of(
          "jane",
          "Jane",
          "parcel",
          "on its way",
          Mails.PASSWORD,
          Mails.USERNAME,
          "shop@example.com");

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger root = Logger.getLogger("");
  private final Level before = root.getLevel();
  private final Handler recorder =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          if (line.getLevel().intValue() > Level.FINEST.intValue()) {
            lines.add(line.getLoggerName() + " " + new SimpleFormatter().format(line));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void record() {
    recorder.setLevel(Level.ALL);
    root.addHandler(recorder);
    root.setLevel(Level.ALL);
  }

  @AfterEach
  void stopRecording() {
    root.setLevel(before);
    root.removeHandler(recorder);
  }

  @Test
  void logsHoldIdsOnly() throws Exception {
    for (String answer :
        List.of(
            "250 2.0.0 Ok: queued as 4FD3A1",
            "550 5.1.1 <jane.doe@example.org> unknown",
            "421 <jane.doe@example.org>",
            ScriptedRelay.CUT,
            "garbage jane")) {
      for (String moment : List.of("RCPT", ".", "AUTH")) {
        try (ScriptedRelay relay = new ScriptedRelay().answer(moment, answer);
            SmtpProvider provider =
                Mails.plain(relay.port())
                    .username(Mails.USERNAME)
                    .password(Mails.PASSWORD)
                    .build()) {
          Outcome outcome = provider.deliver(Mails.message());

          PRIVATE.forEach(word -> assertThat(outcome.cause()).doesNotContain(word));
        }
      }
    }
    lines.forEach(line -> PRIVATE.forEach(word -> assertThat(line).doesNotContain(word)));
  }

  @Test
  void theRelaysQueueIdStandsBesideTheDelivery() throws Exception {
    OutboundMessage message = Mails.message();
    try (ScriptedRelay relay = new ScriptedRelay();
        SmtpProvider provider = Mails.plain(relay.port()).build()) {
      provider.deliver(message);
    }

    assertThat(lines)
        .anyMatch(line -> line.contains(message.reference()) && line.contains("4FD3A1"));
  }
}
