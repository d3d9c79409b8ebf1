package dev.notify.inapp;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.InboxItem;
import dev.notify.model.Priority;
import dev.notify.spi.Audience;
import dev.notify.spi.Audience.Member;
import dev.notify.spi.InboxStore;
import dev.notify.spi.InboxStore.Announcement;
import dev.notify.spi.PreferenceStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Messages for many: written for each of a few, kept once for more and met when somebody looks. */
final class Announcing {

  private static final Logger log = LoggerFactory.getLogger(Inbox.class);

  private static final int AT_ONCE = 200;

  /** More than so many steps are for the next look. */
  private static final int STEPS = 10;

  private final InboxStore store;
  private final Map<String, Predicate<String>> audiences;
  private final Optional<PreferenceStore> preferences;
  private final Duration lifetime;
  private final int writtenUpTo;
  private final Set<String> missed = ConcurrentHashMap.newKeySet();

  Announcing(Inbox.Builder builder) {
    store = builder.store;
    audiences = Map.copyOf(builder.audiences);
    preferences = builder.preferences;
    lifetime = builder.announcedFor;
    writtenUpTo = builder.writtenUpTo;
  }

  Inbox.Announced toAll(InboxAnnouncement message, Instant now) {
    return new Inbox.Announced(true, store.announce(announcement(message, "", now)), 0, 0);
  }

  Inbox.Announced to(InboxAnnouncement message, Audience audience, Instant now) {
    OptionalLong size = audience.size();
    if (size.isPresent() && size.getAsLong() <= writtenUpTo) {
      return write(announcement(message, "", now), audience);
    }
    if (!audiences.containsKey(audience.name())) {
      throw new ConfigurationException(
          "the audience '%s' may have more than %d people: say who belongs to it by Inbox.builder(...).audience(\"%s\", ...)"
              .formatted(audience.name(), writtenUpTo, audience.name()));
    }
    boolean isNews = store.announce(announcement(message, audience.name(), now));
    return new Inbox.Announced(true, isNews, 0, 0);
  }

  private Announcement announcement(InboxAnnouncement message, String audience, Instant now) {
    return new Announcement(
        message.id(),
        0,
        audience,
        Inbox.shown(message.content()),
        message.category(),
        message.priority(),
        message.metadata(),
        now,
        now.plus(message.lifetime().orElse(lifetime)));
  }

  private Inbox.Announced write(Announcement announcement, Audience audience) {
    long written = 0;
    long optedOut = 0;
    String cursor = "";
    Audience.Page page;
    do {
      page = audience.page(cursor, AT_ONCE);
      cursor = page.next();
      Set<String> users = new LinkedHashSet<>();
      page.members().forEach(member -> users.addAll(usersOf(member)));
      preferences.ifPresent(chosen -> chosen.expect(users));
      List<InboxItem> items = new ArrayList<>();
      for (String user : users) {
        if (isWanted(announcement, user)) {
          items.add(announcement.itemOf(user));
        } else {
          optedOut++;
        }
      }
      written += items.isEmpty() ? 0 : store.add(items).size();
    } while (!page.last());
    return new Inbox.Announced(false, written > 0, written, optedOut);
  }

  /**
   * Whose inboxes somebody has; they are called after their person unless something else is known.
   */
  private static List<String> usersOf(Member member) {
    List<String> own =
        member.recipient().stream()
            .flatMap(recipient -> recipient.addresses().stream())
            .filter(address -> address.channel().equals(Channel.IN_APP))
            .map(Address::value)
            .toList();
    return own.isEmpty() ? List.of(member.id()) : own;
  }

  private boolean isWanted(Announcement announcement, String userId) {
    if (announcement.priority() == Priority.CRITICAL || preferences.isEmpty()) {
      return true;
    }
    return preferences
        .get()
        .find(userId)
        .choiceFor(Channel.IN_APP, announcement.category())
        .map(match -> match.choice().wanted())
        .orElse(true);
  }

  /** Lets what was announced since appear in an inbox. */
  void meet(String userId, Instant now) {
    List<Announcement> due = store.announcementsFor(userId, now);
    for (int step = 0; !due.isEmpty() && step < STEPS; step++) {
      List<Announcement> shown =
          due.stream().filter(one -> isFor(one, userId) && isWanted(one, userId)).toList();
      store.merge(userId, shown, due.get(due.size() - 1).number());
      due = store.announcementsFor(userId, now);
    }
  }

  private boolean isFor(Announcement announcement, String userId) {
    if (announcement.audience().isEmpty()) {
      return true;
    }
    Predicate<String> isMember = audiences.get(announcement.audience());
    if (isMember == null) {
      // Holding all later ones back for one whose audience nobody knows any more would be worse.
      if (missed.add(announcement.audience())) {
        log.warn(
            "nobody meets announcements to '{}': who belongs to it is not known here",
            announcement.audience());
      }
      return false;
    }
    return isMember.test(userId);
  }
}
