package dev.notify;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.InboxItem;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.NotificationId;
import dev.notify.model.NotificationRecord;
import dev.notify.model.OpenHours;
import dev.notify.model.RecipientEntry;
import dev.notify.model.StoredSchedule;
import dev.notify.spi.ExperimentStore.Participation;
import dev.notify.spi.InboxStore;
import dev.notify.spi.InboxStore.Query;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.PreferenceStore;
import dev.notify.spi.ScheduleStore;
import dev.notify.spi.SuppressionList;
import java.io.IOException;
import java.io.Writer;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that is kept of one person, wherever it is kept: to be counted, and to be written out. */
final class PersonFile {

  private static final int AT_ONCE = 100;

  private final String recipientId;
  private final Wiring wiring;
  private final NotificationStore store;
  private final PreferenceStore preferences;
  private final SuppressionList suppressions;
  private final Set<String> inboxes = new LinkedHashSet<>();

  PersonFile(
      String recipientId,
      Wiring wiring,
      PreferenceStore preferences,
      SuppressionList suppressions) {
    this.recipientId = recipientId;
    this.wiring = wiring;
    this.preferences = preferences;
    this.suppressions = suppressions;
    store = wiring.parts().store();
  }

  static String requireSomebody(String recipientId) {
    if (recipientId.isBlank() || recipientId.equals(NotificationRecord.ERASED.recipientId())) {
      throw new InvalidNotificationException("recipient", "'" + recipientId + "' is nobody");
    }
    return recipientId;
  }

  /** What is done with each of many. */
  private interface Visitor<T> {
    void visit(T one) throws IOException;
  }

  private Optional<RecipientEntry> entry() {
    return wiring.people().flatMap(people -> people.entry(recipientId));
  }

  private void eachNotification(Visitor<NotificationRecord> visitor) throws IOException {
    Optional<NotificationId> last = Optional.empty();
    List<NotificationRecord> page;
    do {
      page = store.findOf(recipientId, last, AT_ONCE);
      for (NotificationRecord one : page) {
        visitor.visit(one);
        last = Optional.of(one.id());
      }
    } while (!page.isEmpty());
  }

  private void eachSchedule(Visitor<StoredSchedule> visitor) throws IOException {
    Optional<ScheduleStore> schedules = store.schedules();
    String last = "";
    for (List<StoredSchedule> page = schedules(schedules, last);
        !page.isEmpty();
        page = schedules(schedules, last)) {
      for (StoredSchedule one : page) {
        last = one.id();
        if (isTheirs(one)) {
          visitor.visit(one);
        }
      }
    }
  }

  private static List<StoredSchedule> schedules(Optional<ScheduleStore> schedules, String after) {
    return schedules.map(kept -> kept.list(after, AT_ONCE)).orElse(List.of());
  }

  private boolean isTheirs(StoredSchedule one) {
    return one.schedule().audience().isEmpty()
        && one.schedule().notification().recipientId().equals(recipientId);
  }

  private OpenHours openHours() {
    return wiring.openHours().find(recipientId);
  }

  private List<Participation> experiments() {
    return store.experiments().map(kept -> kept.participations(recipientId)).orElse(List.of());
  }

  /**
   * The inboxes of the person: those of the in-app addresses that were known when this was asked
   * first, and the one that is called after the person.
   */
  Set<String> inboxes() {
    if (inboxes.isEmpty()) {
      inboxes.add(recipientId);
      entry().stream()
          .flatMap(known -> known.reachable().addresses().stream())
          .filter(address -> address.channel().equals(Channel.IN_APP))
          .forEach(address -> inboxes.add(address.value()));
    }
    return Set.copyOf(inboxes);
  }

  private void eachItem(Visitor<InboxItem> visitor) throws IOException {
    Optional<InboxStore> kept = store.inboxes();
    if (kept.isEmpty()) {
      return;
    }
    for (String inbox : inboxes()) {
      for (Query first : List.of(Query.feed(AT_ONCE), Query.archive(AT_ONCE))) {
        Optional<Query> query = Optional.of(first);
        while (query.isPresent()) {
          InboxStore.Page page = kept.get().page(inbox, query.get(), wiring.now());
          for (InboxItem item : page.items()) {
            visitor.visit(item);
          }
          query = page.next().map(first::behind);
        }
      }
    }
  }

  /** How much of each kind there is. */
  Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    long[] found = new long[3];
    try {
      eachItem(one -> found[2]++);
      eachNotification(one -> found[0]++);
      eachSchedule(one -> found[1]++);
    } catch (IOException e) {
      throw new IllegalStateException("counting writes nothing", e);
    }
    counts.put("notifications", found[0]);
    counts.put("schedules", found[1]);
    counts.put("inbox", found[2]);
    counts.put("choices", (long) preferences.history(recipientId).size());
    counts.put("experiments", (long) experiments().size());
    counts.put("recipient", entry().isPresent() ? 1L : 0L);
    counts.put("openHours", openHours().total() > 0 ? 1L : 0L);
    return counts;
  }

  /**
   * Writes everything as one object of JSON.
   *
   * @return how much of each kind was written
   */
  Map<String, Long> write(Writer out) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    Optional<RecipientEntry> entry = entry();
    Set<Address> addresses = new LinkedHashSet<>();
    entry.ifPresent(known -> addresses.addAll(known.reachable().addresses()));
    OpenHours hours = openHours();

    Map<String, @Nullable Object> beginning = new LinkedHashMap<>();
    beginning.put("format", "notify-person-1");
    beginning.put("id", recipientId);
    beginning.put("exportedAt", wiring.now().toString());
    beginning.put("person", entry.map(PersonJson::of).orElse(null));
    beginning.put("preferences", PersonJson.of(preferences.find(recipientId)));
    beginning.put(
        "preferenceHistory",
        preferences.history(recipientId).stream().map(PersonJson::of).toList());
    beginning.put("openHours", hours.total() > 0 ? hours.counts() : null);
    List<Participation> experiments = experiments();
    beginning.put("experiments", experiments.stream().map(PersonJson::of).toList());
    counts.put("experiments", (long) experiments.size());
    String first = CentreJson.written(beginning);
    out.write(first, 0, first.length() - 1);

    JsonArray schedules = new JsonArray(out, "schedules");
    eachSchedule(one -> schedules.add(PersonJson.of(one)));
    counts.put("schedules", schedules.end());
    JsonArray inbox = new JsonArray(out, "inbox");
    eachItem(one -> inbox.add(PersonJson.of(one)));
    counts.put("inbox", inbox.end());
    JsonArray notifications = new JsonArray(out, "notifications");
    eachNotification(
        one -> {
          one.deliveries().forEach(delivery -> addresses.add(delivery.address()));
          notifications.add(PersonJson.of(one));
        });
    counts.put("notifications", notifications.end());
    JsonArray suppressed = new JsonArray(out, "suppressions");
    for (Address address : addresses) {
      var found = suppressions.find(address);
      if (found.isPresent()) {
        suppressed.add(PersonJson.of(found.get()));
      }
    }
    counts.put("suppressions", suppressed.end());
    out.write("}\n");
    out.flush();
    return counts;
  }

  /** A field with an array that is written item by item. */
  private static final class JsonArray {
    private final Writer out;
    private long items;

    JsonArray(Writer out, String name) throws IOException {
      this.out = out;
      out.write(",\"" + name + "\":[");
    }

    void add(Object item) throws IOException {
      out.write(items == 0 ? "\n" : ",\n");
      out.write(CentreJson.written(item));
      items++;
    }

    long end() throws IOException {
      out.write("]");
      return items;
    }
  }
}
