package dev.notify.inapp;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One open stream: a place in the user's changes, and whether there is something behind it. It has
 * no queue; what a slow client missed is read when it can take more.
 *
 * @since 0.1
 */
public final class InboxStream implements AutoCloseable {

  /** A stream that begins with what is now. */
  static final long FRESH = -1;

  /**
   * Where a stream's events go. Called by one thread at a time.
   *
   * @since 0.1
   */
  public interface Sink {

    /**
     * Begins to write an event, and does not wait for the client.
     *
     * @return completes when the next one can be written, exceptionally if there will be none
     */
    CompletionStage<?> write(InboxEvent event);

    /** Ends the stream, also while a write is under way; does not wait. Called once. */
    void end();
  }

  private final InboxStreams hub;
  private final Tabs tabs;
  private final Sink sink;
  private long cursor;
  private boolean isBusy;
  private boolean isBehind;
  private boolean isClosed;
  private long lastWrite;

  InboxStream(InboxStreams hub, Tabs tabs, Sink sink, long cursor) {
    this.hub = hub;
    this.tabs = tabs;
    this.sink = sink;
    this.cursor = cursor;
    lastWrite = System.nanoTime();
  }

  Tabs tabs() {
    return tabs;
  }

  synchronized long cursor() {
    return cursor;
  }

  /** Whether an event may be written; if not, the stream is looked at again as soon as it may. */
  synchronized boolean isReady() {
    if (isClosed) {
      return false;
    }
    isBehind = isBusy;
    return !isBusy;
  }

  /** Whether it does not know this revision; a busy one will look by itself. */
  synchronized boolean lacks(long revision) {
    return !isClosed && !isBusy && cursor != revision;
  }

  /** Writes what leads from a place to the event's; not if the stream is at another by now. */
  void advance(long from, InboxEvent event) {
    synchronized (this) {
      if (isClosed || isBusy || cursor != from) {
        return;
      }
      cursor = event.revision();
      begin();
    }
    write(event);
  }

  private void begin() {
    isBusy = true;
    lastWrite = System.nanoTime();
  }

  /** Shows that the stream is alive if it was silent for so long. */
  void beat(long silence) {
    synchronized (this) {
      if (isClosed || isBusy || System.nanoTime() - lastWrite < silence) {
        return;
      }
      begin();
    }
    write(InboxEvent.HEARTBEAT);
  }

  /** Whether a write has been under way for so long. */
  synchronized boolean isStuck(long patience) {
    return !isClosed && isBusy && System.nanoTime() - lastWrite > patience;
  }

  private void write(InboxEvent event) {
    CompletionStage<?> written;
    try {
      written = sink.write(event);
    } catch (RuntimeException e) {
      close();
      return;
    }
    var ignored =
        written.whenComplete((done, fault) -> written(fault)); // on whatever thread it was written
  }

  private void written(@Nullable Throwable fault) {
    if (fault != null) {
      close();
      return;
    }
    boolean looksAgain;
    synchronized (this) {
      isBusy = false;
      looksAgain = isBehind;
      isBehind = false;
    }
    if (looksAgain) {
      hub.wake(tabs);
    }
  }

  /** Ends it; nothing is written any more. Closing it again does nothing. */
  @Override
  public void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
    }
    hub.closed(this);
    sink.end();
  }

  /** Whether it has ended. */
  public synchronized boolean isClosed() {
    return isClosed;
  }

  @Override
  public String toString() {
    return "InboxStream[" + cursor() + "]";
  }
}
