package dev.notify;

import dev.notify.model.Channel;
import dev.notify.model.Origin;
import dev.notify.model.PreferenceChange;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Preferences.Scope;
import dev.notify.spi.PreferenceStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Writes every change of what people have chosen into the audit log. */
record AuditedPreferences(PreferenceStore kept, AuditLog audit) implements PreferenceStore {

  private static final int MOST_NAMED = 20;

  @Override
  public Preferences find(String recipientId) {
    return kept.find(recipientId);
  }

  @Override
  public void expect(Collection<String> recipientIds) {
    kept.expect(recipientIds);
  }

  @Override
  public Preferences update(String recipientId, Origin origin, UnaryOperator<Preferences> change) {
    return audit.together(() -> audited(recipientId, origin, change));
  }

  private Preferences audited(
      String recipientId, Origin origin, UnaryOperator<Preferences> change) {
    AtomicReference<Preferences> before = new AtomicReference<>(Preferences.NONE);
    Preferences after =
        kept.update(
            recipientId,
            origin,
            chosen -> {
              before.set(chosen);
              return change.apply(chosen);
            });
    Preferences found = Objects.requireNonNull(before.get());
    if (!after.equals(found)) {
      audit.note("preferences.changed", recipientId, origin, details(found, after));
    }
    return after;
  }

  /** What was changed, not what it was before: the log must make sense without the rest. */
  private static Map<String, Object> details(Preferences before, Preferences after) {
    Map<String, Object> details = new HashMap<>();
    Set<Scope> scopes = new HashSet<>(before.choices().keySet());
    scopes.addAll(after.choices().keySet());
    List<String> named = new ArrayList<>();
    for (Scope scope : scopes) {
      Optional<Choice> then = Optional.ofNullable(before.choices().get(scope));
      Optional<Choice> now = Optional.ofNullable(after.choices().get(scope));
      if (!then.equals(now)) {
        String wanted = now.map(choice -> choice.wanted() ? "yes" : "no").orElse("taken back");
        named.add(name(scope) + ": " + wanted);
      }
    }
    named.stream().sorted().limit(MOST_NAMED).forEach(line -> put(details, line));
    details.put("choices", named.size());
    if (!before.quietHours().equals(after.quietHours())
        || !before.quietHoursOn().equals(after.quietHoursOn())) {
      details.put("quietHours", "changed");
    }
    if (!before.pausedUntil().equals(after.pausedUntil())) {
      details.put("pausedUntil", after.pausedUntil().map(Object::toString).orElse("ended"));
    }
    if (!before.channelOrder().equals(after.channelOrder())) {
      details.put("channelOrder", "changed");
    }
    return details;
  }

  private static void put(Map<String, Object> details, String line) {
    int colon = line.lastIndexOf(": ");
    details.put(line.substring(0, colon), line.substring(colon + 2));
  }

  private static String name(Scope scope) {
    return "choice "
        + scope.category().orElse("*")
        + "/"
        + scope.channel().map(Channel::name).orElse("*");
  }

  @Override
  public List<PreferenceChange> history(String recipientId) {
    return kept.history(recipientId);
  }

  @Override
  public long forget(String recipientId) {
    return kept.forget(recipientId);
  }
}
