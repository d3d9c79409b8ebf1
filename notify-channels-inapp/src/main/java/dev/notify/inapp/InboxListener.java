package dev.notify.inapp;

import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;

/**
 * Hears what people do with their items, after it was kept, in the process where it was done.
 * Called on the thread that did it: be short. What it throws is logged and goes no further.
 *
 * @since 0.1
 */
@FunctionalInterface
public interface InboxListener {

  /** An item was marked; {@code item} is how it stands now. */
  void marked(Mark mark, InboxItem item);
}
