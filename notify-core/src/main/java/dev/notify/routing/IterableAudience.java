package dev.notify.routing;

import dev.notify.model.NotifyException;
import dev.notify.spi.Audience;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Ids in the order of an iterable; the cursor is how many have been read. */
final class IterableAudience implements Audience {

  private final String name;
  private final Iterable<String> ids;

  /** Where the last page ended, so that the next one need not begin from the start. */
  private @Nullable Iterator<String> open;

  private long position;

  IterableAudience(String name, Iterable<String> ids) {
    this.name = name;
    this.ids = ids;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public OptionalLong size() {
    return ids instanceof Collection<String> all
        ? OptionalLong.of(all.size())
        : OptionalLong.empty();
  }

  @Override
  public synchronized Page page(String cursor, int limit) {
    Iterator<String> rest = from(cursor.isEmpty() ? 0 : Long.parseLong(cursor));
    List<Member> members = new ArrayList<>(limit);
    while (members.size() < limit && rest.hasNext()) {
      members.add(Member.of(rest.next()));
      position++;
    }
    boolean last = !rest.hasNext();
    open = last ? null : rest;
    return new Page(members, String.valueOf(position), last);
  }

  private Iterator<String> from(long start) {
    Iterator<String> known = open;
    if (known != null && position == start) {
      return known;
    }
    Iterator<String> fresh = ids.iterator();
    for (position = 0; position < start; position++) {
      if (!fresh.hasNext()) {
        throw new NotifyException(
            "audience " + name + " has " + position + " people, and the broadcast was at " + start);
      }
      fresh.next();
    }
    return fresh;
  }

  @Override
  public String toString() {
    return "Audience[" + name + "]";
  }
}
