package dev.notify.benchmarks.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Times in which nobody could have taken over anything: the server was away, or no process was
 * there that was not paused, cut off or without a provider.
 */
final class Obstructions {

  private final History history;
  private final List<Span> spans = new ArrayList<>();

  Obstructions(History history) {
    this.history = history;
    TreeSet<Long> moments = new TreeSet<>();
    history.harms().forEach(harm -> add(moments, harm.time()));
    for (Life life : history.lives()) {
      add(moments, new Span(life.began(), end(life)));
      life.pauses().forEach(pause -> add(moments, pause));
      life.withoutPool().forEach(time -> add(moments, time));
      life.unaware().forEach(time -> add(moments, time));
    }
    long from = 0;
    for (long to : moments) {
      if (to > from && isObstructed(from + (to - from) / 2)) {
        spans.add(new Span(from, to));
      }
      from = to;
    }
  }

  private static void add(TreeSet<Long> moments, Span span) {
    moments.add(span.from());
    moments.add(span.to());
  }

  private static long end(Life life) {
    return Math.min(life.killing(), life.ended());
  }

  private boolean isObstructed(long moment) {
    return history.harms().stream().anyMatch(harm -> harm.stopsAll() && harm.time().has(moment))
        || history.lives().stream().noneMatch(life -> isFit(life, moment));
  }

  private boolean isFit(Life life, long moment) {
    return new Span(life.began(), end(life)).has(moment)
        && life.pauses().stream().noneMatch(pause -> pause.has(moment))
        && life.withoutPool().stream().noneMatch(time -> time.has(moment))
        && life.unaware().stream().noneMatch(time -> time.has(moment))
        && history.harms().stream().noneMatch(harm -> harm.stops(life) && harm.time().has(moment));
  }

  /** How much of a time was not obstructed. */
  long free(Span time) {
    long free = time.length();
    for (Span span : spans) {
      free -= Math.max(0, Math.min(span.to(), time.to()) - Math.max(span.from(), time.from()));
    }
    return free;
  }
}
