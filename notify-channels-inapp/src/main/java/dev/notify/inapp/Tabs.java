package dev.notify.inapp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/** The open streams of one user. */
final class Tabs {

  final String userId;
  final List<InboxStream> streams = new CopyOnWriteArrayList<>();
  final AtomicBoolean isDirty = new AtomicBoolean();
  final AtomicBoolean isQueued = new AtomicBoolean();

  /** The last announcement that was there before the last look. */
  volatile long announced;

  Tabs(String userId) {
    this.userId = userId;
  }

  boolean lacks(long revision) {
    return streams.stream().anyMatch(stream -> stream.lacks(revision));
  }
}
