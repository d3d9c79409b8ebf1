package dev.notify.inapp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls every listener, whatever another one throws. */
final class InboxListeners implements InboxListener {

  private static final Logger LOG = LoggerFactory.getLogger(InboxListeners.class);

  private final List<InboxListener> listeners = new CopyOnWriteArrayList<>();

  Inbox.Subscription add(InboxListener listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  @Override
  public void changed(Change change, InboxItem item) {
    for (InboxListener listener : listeners) {
      try {
        listener.changed(change, item);
      } catch (RuntimeException e) {
        // Its message may quote the item.
        LOG.warn("inbox listener failed at {} of {}: {}", change, item.id(), e.getClass());
      }
    }
  }
}
