package dev.notify.inapp;

import dev.notify.inapp.InboxEvent.Kind;
import dev.notify.inapp.InboxStream.Sink;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A client in memory, as quick or slow as a test wants. */
final class RecordingSink implements Sink {

  private final List<InboxEvent> events = new ArrayList<>();
  private boolean isSlow;
  private boolean isEnded;
  private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);

  static RecordingSink quick() {
    return new RecordingSink();
  }

  /** Takes one event, and no other before {@link #read}. */
  static RecordingSink slow() {
    RecordingSink sink = new RecordingSink();
    sink.isSlow = true;
    return sink;
  }

  @Override
  public synchronized CompletionStage<?> write(InboxEvent event) {
    if (!written.isDone()) {
      throw new AssertionError("written to while busy");
    }
    events.add(event);
    written = isSlow ? new CompletableFuture<>() : CompletableFuture.completedFuture(null);
    return written;
  }

  void read() {
    CompletableFuture<Void> now;
    synchronized (this) {
      now = written;
    }
    now.complete(null);
  }

  void drop() {
    CompletableFuture<Void> now;
    synchronized (this) {
      now = written;
    }
    now.completeExceptionally(new IllegalStateException("gone"));
  }

  @Override
  public synchronized void end() {
    isEnded = true;
  }

  synchronized boolean isEnded() {
    return isEnded;
  }

  synchronized List<InboxEvent> all() {
    return List.copyOf(events);
  }

  /** Without heartbeats. */
  List<InboxEvent> events() {
    return all().stream().filter(event -> event.kind() != Kind.HEARTBEAT).toList();
  }

  InboxEvent last() {
    List<InboxEvent> all = events();
    return all.get(all.size() - 1);
  }
}
