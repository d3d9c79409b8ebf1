package dev.notify.benchmarks.chaos;

import dev.notify.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that happened, by the journals.
 *
 * @param lives the workers' processes
 * @param sends what was to be sent
 * @param calls calls of the provider, in the order of each process
 * @param harms the faults as they came about
 */
record History(List<Life> lives, List<Send> sends, List<Call> calls, List<Harm> harms) {

  private static final String JOURNAL = ".journal";
  private static final String RUN = "run";

  /** Between two waits for a connection: who was refused one comes again, in microseconds. */
  private static final long BREATH = 300_000;

  /** Reads the journals of a run. */
  static History read(Path directory) throws IOException {
    Map<String, List<Entry>> journals = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(path -> path.toString().endsWith(JOURNAL)).toList()) {
        String name = file.getFileName().toString().replace(JOURNAL, "");
        journals.put(name, Journal.read(file));
      }
    }
    List<Entry> run = Optional.ofNullable(journals.remove(RUN)).orElse(List.of());
    return of(run, journals);
  }

  /**
   * Puts together what was noted.
   *
   * @param run the journal of the run itself
   * @param workers those of the workers, by life
   */
  static History of(List<Entry> run, Map<String, List<Entry>> workers) {
    List<Harm> harms = harms(run);
    List<Life> lives = new ArrayList<>();
    List<Send> sends = new ArrayList<>();
    List<Call> calls = new ArrayList<>();
    workers.forEach(
        (name, entries) -> {
          Life life = life(name, entries, run, harms);
          lives.add(life);
          sends.addAll(sends(life, entries));
          calls.addAll(calls(life, entries));
        });
    return new History(lives, sends, calls, harms);
  }

  /** Those of one target come one after the other. */
  private static List<Harm> harms(List<Entry> run) {
    Map<String, Entry> begun = new HashMap<>();
    List<Harm> harms = new ArrayList<>();
    for (Entry entry : run) {
      if (entry.what() == What.FAULT) {
        begun.put(entry.get("target"), entry);
      } else if (entry.what() == What.PASSED) {
        Entry begin = begun.remove(entry.get("target"));
        if (begin != null) {
          harms.add(harm(begin, entry.at()));
        }
      }
    }
    begun.values().forEach(begin -> harms.add(harm(begin, Long.MAX_VALUE)));
    return harms;
  }

  private static Harm harm(Entry begin, long end) {
    return new Harm(Kind.of(begin.get("kind")), begin.get("target"), new Span(begin.at(), end));
  }

  private static Life life(String name, List<Entry> own, List<Entry> run, List<Harm> harms) {
    List<Entry> about =
        run.stream().filter(entry -> entry.find("life").filter(name::equals).isPresent()).toList();
    List<Span> pauses = spans(about, What.PAUSING, What.RESUMED);
    List<Span> waits = new ArrayList<>();
    List<Span> beats = new ArrayList<>();
    for (Entry entry : own) {
      if (entry.what() == What.STALLED) {
        pauses.add(new Span(Long.parseLong(entry.get("since")), entry.at()));
      } else if (entry.what() == What.BEAT) {
        beats.add(new Span(Long.parseLong(entry.get("since")), entry.at()));
      } else if (entry.what() == What.WAITED) {
        waits.add(new Span(Long.parseLong(entry.get("since")), entry.at()));
      }
    }
    Optional<Long> killing = first(about, What.KILLING);
    long ended = first(about, What.KILLED).or(() -> first(own, What.CLOSED)).orElse(Long.MAX_VALUE);
    return new Life(
        name,
        first(own, What.STARTED).orElse(Long.MAX_VALUE),
        ended,
        killing.isPresent(),
        killing.orElse(Long.MAX_VALUE),
        beats,
        pauses,
        spans(own, What.POOL_TAKEN, What.POOL_FREE),
        harms.stream()
            .filter(Harm::stopsConnections)
            .flatMap(harm -> unaware(harm.aftermath(), waits, beats).stream())
            .toList());
  }

  /**
   * As long as somebody waited for a connection all the time, from the server's return on; until it
   * said that it lives, for by then it had one.
   */
  private static Optional<Span> unaware(Span aftermath, List<Span> waits, List<Span> beats) {
    long back = aftermath.from();
    long latest =
        beats.stream()
            .filter(beat -> beat.from() > back)
            .mapToLong(Span::to)
            .min()
            .orElse(Long.MAX_VALUE);
    long end = back;
    for (Span wait : waits.stream().sorted(Comparator.comparingLong(Span::from)).toList()) {
      if (wait.from() <= end + BREATH) {
        end = Math.max(end, Math.min(wait.to(), aftermath.to()));
      }
    }
    end = Math.min(end, latest);
    return end > back ? Optional.of(new Span(back, end)) : Optional.empty();
  }

  private static Optional<Long> first(List<Entry> entries, What what) {
    return entries.stream().filter(entry -> entry.what() == what).map(Entry::at).findFirst();
  }

  private static List<Span> spans(List<Entry> entries, What begin, What end) {
    List<Span> spans = new ArrayList<>();
    long from = -1;
    for (Entry entry : entries) {
      if (entry.what() == begin) {
        from = entry.at();
      } else if (entry.what() == end && from >= 0) {
        spans.add(new Span(from, entry.at()));
        from = -1;
      }
    }
    if (from >= 0) {
      spans.add(new Span(from, Long.MAX_VALUE));
    }
    return spans;
  }

  /** Each thread of a sender notes what came of one before it begins another of the same name. */
  private static List<Send> sends(Life life, List<Entry> entries) {
    Map<String, Entry> intents = new LinkedHashMap<>();
    List<Send> sends = new ArrayList<>();
    for (Entry entry : entries) {
      switch (entry.what()) {
        case INTENT -> {
          Entry before = intents.put(entry.get("send"), entry);
          if (before != null) {
            sends.add(send(life, before, Optional.empty()));
          }
        }
        case RECEIPT -> {
          Entry intent = intents.remove(entry.get("send"));
          sends.add(send(life, intent == null ? entry : intent, Optional.of(entry)));
        }
        default -> {
          // What concerns no sender.
        }
      }
    }
    intents.values().forEach(intent -> sends.add(send(life, intent, Optional.empty())));
    return sends;
  }

  private static Send send(Life life, Entry intent, Optional<Entry> receipt) {
    return new Send(
        intent.get("send"),
        life,
        intent.at(),
        receipt.map(entry -> entry.get("notification")),
        receipt.map(Entry::at).orElse(Long.MAX_VALUE),
        intent.findTime("due"),
        intent.find("expiresIn").isPresent(),
        intent.find("key").isPresent());
  }

  private static List<Call> calls(Life life, List<Entry> entries) {
    Map<String, Entry> answers = new HashMap<>();
    Map<String, List<Entry>> written = new HashMap<>();
    for (Entry entry : entries) {
      if (entry.what() == What.ANSWER) {
        answers.put(entry.get("call"), entry);
      } else if (entry.what() == What.WRITTEN) {
        written.computeIfAbsent(entry.get("delivery"), id -> new ArrayList<>()).add(entry);
      }
    }
    List<Call> calls = new ArrayList<>();
    Map<String, Long> next = new HashMap<>();
    // From the end, so that each call gets the first word after it and before the next call.
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry entry = entries.get(i);
      if (entry.what() == What.CALL) {
        String delivery = entry.get("delivery");
        long until = next.getOrDefault(delivery, Long.MAX_VALUE);
        Optional<Answer> answer =
            Optional.ofNullable(answers.get(entry.get("call")))
                .map(said -> Answer.valueOf(said.get("answer")));
        Optional<Long> when =
            written.getOrDefault(delivery, List.of()).stream()
                .filter(word -> word.at() >= entry.at() && word.at() < until)
                .filter(word -> isOf(word, answer))
                .map(Entry::at)
                .findFirst();
        calls.add(call(life, entry, answer, when));
        next.put(delivery, entry.at());
      }
    }
    Collections.reverse(calls);
    return calls;
  }

  /**
   * Whether it says what became of a call with that answer. A process that lost a delivery and got
   * it again may put it off without a call, or find that it is to be set aside.
   */
  private static boolean isOf(Entry written, Optional<Answer> answer) {
    if (written.get("reason").equals(Reason.QUARANTINED) || answer.isEmpty()) {
      return false;
    }
    return answer.get() != Answer.ACCEPTED || written.get("status").equals("SENT");
  }

  private static Call call(
      Life life, Entry entry, Optional<Answer> answer, Optional<Long> written) {
    return new Call(
        life,
        entry.at(),
        entry.get("delivery"),
        entry.get("notification"),
        entry.get("send"),
        Boolean.parseBoolean(entry.get("keyed")),
        Long.parseLong(entry.get("expires")),
        answer,
        written);
  }
}
