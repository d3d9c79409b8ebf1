package dev.notify.jdbc;

import dev.notify.jdbc.Hints.Hint;
import dev.notify.jdbc.InboxItems.Fresh;
import dev.notify.jdbc.InboxItems.Row;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import dev.notify.model.NotificationId;
import dev.notify.spi.InboxStore;
import dev.notify.spi.Subscription;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Inboxes in the tables. The row of a user is locked by whoever changes what stands in the inbox,
 * so that revisions come in the order of commits; reading locks nothing.
 */
final class Inboxes implements InboxStore {

  private static final int AT_ONCE = 500;
  private static final int USERS_AT_ONCE = 200;

  private static final Comparator<InboxItem> OLDEST_FIRST =
      Comparator.comparing(InboxItem::receivedAt).thenComparing(InboxItem::id);

  private final Transactions transactions;
  private final InboxUsers users;
  private final InboxItems items;
  private final Announcements announcements;
  private final Presence presence;
  private final Hints hints;
  private final int itemsPerUser;
  private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

  Inboxes(
      Transactions transactions,
      Tables tables,
      Bodies bodies,
      InstantSource clock,
      Hints hints,
      int itemsPerUser) {
    this.transactions = transactions;
    this.hints = hints;
    this.itemsPerUser = itemsPerUser;
    users = new InboxUsers(tables, clock);
    presence = new Presence(tables);
    items = new InboxItems(tables, bodies);
    announcements = new Announcements(transactions, tables, bodies);
  }

  /** Two may make the same user, or a person's key may change, just now. */
  private static <R> R again(Supplier<R> work) {
    return Raced.again(
        () -> {
          try {
            return work.get();
          } catch (StalePersonKey e) {
            return work.get();
          }
        });
  }

  @Override
  public List<InboxItem> add(Collection<InboxItem> several) {
    List<InboxItem> added = new ArrayList<>();
    List<InboxItem> all = List.copyOf(several);
    for (int from = 0; from < all.size(); from += AT_ONCE) {
      List<InboxItem> portion = all.subList(from, Math.min(all.size(), from + AT_ONCE));
      Hint hint = hints.hint();
      added.addAll(again(() -> transactions.run(connection -> add(connection, portion, hint))));
      hint.afterwards();
    }
    added.stream().map(InboxItem::userId).distinct().forEach(this::changed);
    return List.copyOf(added);
  }

  private List<InboxItem> add(Connection connection, List<InboxItem> portion, Hint hint)
      throws SQLException {
    Map<String, List<InboxItem>> byUser = new LinkedHashMap<>();
    portion.forEach(
        item -> byUser.computeIfAbsent(item.userId(), id -> new ArrayList<>()).add(item));
    Map<String, InboxUser> locked = users.lock(connection, byUser.keySet());
    List<UUID> ids = portion.stream().map(item -> UUID.fromString(item.id())).distinct().toList();
    Set<String> known = items.known(connection, ids, Optional.empty());
    List<Fresh> fresh = new ArrayList<>();
    // In the order of locks: a person's key may be made on the way, and its row be waited for.
    for (Map.Entry<String, InboxUser> one : locked.entrySet()) {
      InboxUser user = one.getValue();
      for (InboxItem item : byUser.getOrDefault(one.getKey(), List.of())) {
        if (known.add(InboxItems.key(item.id(), user.hash()))) {
          fresh.add(new Fresh(user, user.added(item), Optional.empty()));
        }
      }
    }
    write(connection, fresh, 0, hint);
    return fresh.stream().map(Fresh::item).toList();
  }

  private void write(Connection connection, List<Fresh> fresh, long announced, Hint hint)
      throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    items.insert(connection, fresh);
    List<InboxUser> touched = fresh.stream().map(Fresh::user).distinct().toList();
    for (InboxUser user : touched) {
      items.trim(connection, user, itemsPerUser);
    }
    users.write(connection, touched, announced);
    hint.within(connection);
  }

  @Override
  public Page page(String userId, Query query, Instant now) {
    // First the numbers: what changes between the two is told again, and nothing is missed.
    Counts counts = counts(userId, now);
    List<Row> found =
        transactions.look(
            connection -> items.page(connection, userId, query, query.limit() + 1, now));
    // Rows count, also those that nobody can read any more: others stand behind them.
    boolean more = found.size() > query.limit();
    List<Row> shown = more ? found.subList(0, query.limit()) : found;
    return new Page(
        Row.items(shown),
        more ? Optional.of(shown.get(shown.size() - 1).place()) : Optional.empty(),
        counts);
  }

  @Override
  public Optional<InboxItem> find(String userId, String itemId, Instant now) {
    return InboxItems.id(itemId)
        .flatMap(
            id ->
                transactions
                    .look(connection -> items.byId(connection, userId, List.of(id), now))
                    .stream()
                    .findFirst());
  }

  @Override
  public Optional<InboxItem> findOf(String userId, NotificationId notificationId, Instant now) {
    return transactions.look(
        connection ->
            items.ofNotification(connection, userId, notificationId, now).stream().findFirst());
  }

  @Override
  public Counts counts(String userId, Instant now) {
    return swept(userId, now).map(InboxUser::counts).orElse(Counts.NONE);
  }

  /** A user, after what has expired has gone. */
  private Optional<InboxUser> swept(String userId, Instant now) {
    Optional<InboxUser> user =
        transactions.look(connection -> users.find(connection, userId, false));
    if (user.isEmpty() || !user.get().isDue(now)) {
      return user;
    }
    return transactions.run(
        connection -> {
          Optional<InboxUser> locked = users.find(connection, userId, true);
          if (locked.isPresent() && users.sweep(connection, locked.get(), now)) {
            users.write(connection, List.of(locked.get()), 0);
          }
          return locked;
        });
  }

  @Override
  public Changes changes(String userId, long after, int limit, Instant now) {
    Optional<InboxUser> user = swept(userId, now);
    long revision = user.map(InboxUser::revision).orElse(0L);
    Counts counts = user.map(InboxUser::counts).orElse(Counts.NONE);
    boolean isKnown = user.map(one -> one.knows(after)).orElse(after == 0);
    if (!isKnown || after == revision) {
      return new Changes(List.of(), revision, false, !isKnown, counts);
    }
    List<Row> found =
        transactions.look(
            connection -> items.changed(connection, userId, after, revision, limit + 1, now));
    boolean more = found.size() > limit;
    List<Row> told = more ? found.subList(0, limit) : found;
    long upTo = more ? told.get(limit - 1).revision() : revision;
    return new Changes(Row.items(told), upTo, more, false, counts);
  }

  @Override
  public List<InboxItem> mark(String userId, Mark mark, Collection<String> itemIds, Instant now) {
    List<UUID> ids = itemIds.stream().flatMap(id -> InboxItems.id(id).stream()).toList();
    if (ids.size() > LONGEST_PAGE) {
      throw new IllegalArgumentException(
          "itemIds: has " + ids.size() + ", at most " + LONGEST_PAGE + " are allowed");
    }
    return ids.isEmpty()
        ? List.of()
        : mark(userId, mark, now, connection -> items.byId(connection, userId, ids, now));
  }

  @Override
  public List<InboxItem> markAll(String userId, Mark mark, Optional<String> category, Instant now) {
    return mark(userId, mark, now, connection -> items.inFeed(connection, userId, category, now));
  }

  private List<InboxItem> mark(String userId, Mark mark, Instant now, Sql<List<InboxItem>> which) {
    Hint hint = hints.hint();
    List<InboxItem> changed =
        transactions.run(
            connection -> {
              List<InboxItem> marked = mark(connection, userId, mark, now, which);
              if (!marked.isEmpty()) {
                hint.within(connection);
              }
              return marked;
            });
    hint.afterwards();
    if (!changed.isEmpty()) {
      changed(userId);
    }
    return changed;
  }

  private List<InboxItem> mark(
      Connection connection, String userId, Mark mark, Instant now, Sql<List<InboxItem>> which)
      throws SQLException {
    Optional<InboxUser> locked = users.find(connection, userId, true);
    if (locked.isEmpty()) {
      return List.of();
    }
    InboxUser user = locked.get();
    boolean isSwept = users.sweep(connection, user, now);
    List<InboxItem> changed = new ArrayList<>();
    for (InboxItem item : which.on(connection).stream().sorted(OLDEST_FIRST).toList()) {
      item.marked(mark).ifPresent(marked -> changed.add(user.changed(item, marked)));
    }
    if (!changed.isEmpty()) {
      items.update(connection, user, changed);
    }
    if (isSwept || !changed.isEmpty()) {
      users.write(connection, List.of(user), 0);
    }
    return List.copyOf(changed);
  }

  @Override
  public boolean announce(Announcement announcement) {
    boolean isNews = announcements.add(announcement);
    if (isNews) {
      hints.tellSoon();
      changed("");
    }
    return isNews;
  }

  @Override
  public long lastAnnouncement() {
    return announcements.last();
  }

  @Override
  public List<Announcement> announcementsFor(String userId, Instant now) {
    long last = announcements.last();
    if (last == 0) {
      return List.of();
    }
    return transactions.look(
        connection -> {
          long dealtWith =
              users.find(connection, userId, false).map(InboxUser::announced).orElse(0L);
          return dealtWith >= last ? List.of() : announcements.after(connection, dealtWith, now);
        });
  }

  @Override
  public void merge(String userId, List<Announcement> shown, long upTo) {
    Hint hint = hints.hint();
    boolean appeared =
        again(() -> transactions.run(connection -> merge(connection, userId, shown, upTo, hint)));
    hint.afterwards();
    if (appeared) {
      changed(userId);
    }
  }

  private boolean merge(
      Connection connection, String userId, List<Announcement> shown, long upTo, Hint hint)
      throws SQLException {
    InboxUser user = users.lock(connection, List.of(userId)).get(userId);
    if (user == null || user.announced() >= upTo) {
      return false;
    }
    List<Fresh> fresh = new ArrayList<>();
    if (!shown.isEmpty()) {
      List<UUID> ids = shown.stream().map(Announcement::id).toList();
      Set<String> known = items.known(connection, ids, Optional.of(user));
      for (Announcement one : shown) {
        if (known.add(InboxItems.key(one.id().toString(), user.hash()))) {
          fresh.add(new Fresh(user, user.added(one.itemOf(userId)), Optional.of(one.number())));
        }
      }
    }
    if (fresh.isEmpty()) {
      users.write(connection, List.of(user), upTo);
    } else {
      write(connection, fresh, upTo, hint);
    }
    return !fresh.isEmpty();
  }

  @Override
  public Map<String, Long> revisions(Collection<String> userIds, Instant now) {
    if (userIds.isEmpty()) {
      return Map.of();
    }
    Map<String, InboxUser> known =
        new HashMap<>(transactions.look(connection -> users.find(connection, userIds)));
    List<String> due = new ArrayList<>();
    known.forEach(
        (id, user) -> {
          if (user.isDue(now)) {
            due.add(id);
          }
        });
    if (!due.isEmpty()) {
      known.putAll(transactions.run(connection -> users.sweepAll(connection, due, now)));
    }
    Map<String, Long> revisions = new HashMap<>();
    known.forEach((id, user) -> revisions.put(id, user.revision()));
    return revisions;
  }

  @Override
  public void present(Collection<String> userIds, Instant until) {
    List<String> all = List.copyOf(userIds);
    for (int from = 0; from < all.size(); from += USERS_AT_ONCE) {
      List<String> portion = all.subList(from, Math.min(all.size(), from + USERS_AT_ONCE));
      boolean ignored =
          again(
              () ->
                  transactions.run(
                      connection -> {
                        presence.note(connection, portion, until);
                        return true;
                      }));
    }
  }

  @Override
  public boolean isPresent(String userId, Instant now) {
    return transactions.look(connection -> presence.isPresent(connection, userId, now));
  }

  @Override
  public long forget(String userId) {
    long had =
        transactions.run(
            connection -> {
              presence.forget(connection, userId);
              return users.forget(connection, userId);
            });
    hints.tellSoon();
    changed(userId);
    return had;
  }

  /**
   * Deletes what has expired, also where nobody looks, and who has long had nothing.
   *
   * @param goesOn asked before each step
   */
  void prune(Instant now, BooleanSupplier goesOn) {
    int swept = USERS_AT_ONCE;
    while (swept == USERS_AT_ONCE && goesOn.getAsBoolean()) {
      long began = System.nanoTime();
      swept =
          transactions.run(
              connection ->
                  users.sweepSome(
                      connection,
                      now,
                      presence,
                      announcements.first(connection, now),
                      USERS_AT_ONCE));
      Retention.rest(System.nanoTime() - began);
    }
    int ignored =
        transactions.run(
            connection -> announcements.prune(connection, now) + presence.prune(connection, now));
  }

  @Override
  public Subscription onChange(Consumer<String> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Another process has changed somebody's inbox. */
  void changedElsewhere() {
    announcements.lookAgain();
    changed("");
  }

  private void changed(String userId) {
    listeners.forEach(listener -> listener.accept(userId));
  }
}
