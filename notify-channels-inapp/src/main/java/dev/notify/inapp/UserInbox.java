package dev.notify.inapp;

import dev.notify.inapp.InboxListener.Change;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * The items of one user, newest first. Listeners are called under its lock, so that they hear of
 * changes in their order.
 */
final class UserInbox {

  private final int room;
  private final InboxListener listener;
  private final List<InboxItem> items = new ArrayList<>();

  UserInbox(int room, InboxListener listener) {
    this.room = room;
    this.listener = listener;
  }

  synchronized boolean add(InboxItem item) {
    if (indexOf(item.id()) >= 0) {
      return false;
    }
    items.add(0, item);
    if (items.size() > room) {
      items.remove(items.size() - 1);
    }
    listener.changed(Change.ADDED, item);
    return true;
  }

  /** Items after the one with this id; an item that has fallen off the end has nothing after it. */
  synchronized List<InboxItem> after(String id, Predicate<InboxItem> which, int limit) {
    int at = indexOf(id);
    return at < 0 ? List.of() : page(items.subList(at + 1, items.size()), which, limit);
  }

  synchronized List<InboxItem> newest(Predicate<InboxItem> which, int limit) {
    return page(items, which, limit);
  }

  private static List<InboxItem> page(List<InboxItem> from, Predicate<InboxItem> which, int limit) {
    return from.stream().filter(which).limit(limit).toList();
  }

  synchronized int count(Predicate<InboxItem> which) {
    return (int) items.stream().filter(which).count();
  }

  /** Changes the items that are not yet as they should be; how many those were. */
  synchronized int change(Predicate<InboxItem> which, UnaryOperator<InboxItem> how, Change change) {
    int changed = 0;
    for (int i = 0; i < items.size(); i++) {
      if (which.test(items.get(i))) {
        InboxItem next = how.apply(items.get(i));
        items.set(i, next);
        listener.changed(change, next);
        changed++;
      }
    }
    return changed;
  }

  private int indexOf(String id) {
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i).id().equals(id)) {
        return i;
      }
    }
    return -1;
  }
}
