package dev.notify.memory;

import dev.notify.model.StoredTemplate;
import dev.notify.model.StoredTemplate.Change;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.StoredTemplate.Status;
import dev.notify.spi.TemplateStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Templates of the memory store; people edit them, so one lock will do. */
final class MemoryTemplates implements TemplateStore {

  private final Map<String, List<StoredTemplate>> versions = new TreeMap<>();
  private final Map<String, List<Change>> changes = new TreeMap<>();

  @Override
  public synchronized StoredTemplate save(Draft draft, String by, Instant at) {
    List<StoredTemplate> all = versions.computeIfAbsent(draft.name(), name -> new ArrayList<>());
    StoredTemplate saved = new StoredTemplate(draft, all.size() + 1, Status.DRAFT, by, at);
    all.add(saved);
    log(draft.name(), new Change(saved.version(), Status.DRAFT, by, at));
    return saved;
  }

  @Override
  public synchronized Optional<StoredTemplate> find(String name, int version) {
    List<StoredTemplate> all = versions.getOrDefault(name, List.of());
    return version < 1 || version > all.size()
        ? Optional.empty()
        : Optional.of(all.get(version - 1));
  }

  @Override
  public synchronized List<StoredTemplate> versions(String name) {
    return latestFirst(versions.getOrDefault(name, List.of()));
  }

  @Override
  public synchronized List<String> names() {
    return List.copyOf(versions.keySet());
  }

  @Override
  public synchronized Map<String, Integer> active() {
    Map<String, Integer> active = new TreeMap<>();
    versions.forEach(
        (name, all) ->
            all.stream()
                .filter(one -> one.status() == Status.ACTIVE)
                .forEach(one -> active.put(name, one.version())));
    return active;
  }

  @Override
  public synchronized boolean activate(String name, int version, String by, Instant at) {
    if (find(name, version).isEmpty()) {
      return false;
    }
    versions.getOrDefault(name, List.of()).stream()
        .filter(one -> one.status() == Status.ACTIVE && one.version() != version)
        .toList()
        .forEach(one -> become(one, Status.ARCHIVED, by, at));
    become(find(name, version).orElseThrow(), Status.ACTIVE, by, at);
    return true;
  }

  @Override
  public synchronized boolean archive(String name, int version, String by, Instant at) {
    Optional<StoredTemplate> found = find(name, version);
    found.ifPresent(one -> become(one, Status.ARCHIVED, by, at));
    return found.isPresent();
  }

  @Override
  public synchronized List<Change> history(String name) {
    return latestFirst(changes.getOrDefault(name, List.of()));
  }

  private void become(StoredTemplate one, Status status, String by, Instant at) {
    if (one.status() == status) {
      return;
    }
    versions
        .getOrDefault(one.name(), new ArrayList<>())
        .set(
            one.version() - 1,
            new StoredTemplate(one.draft(), one.version(), status, one.savedBy(), one.savedAt()));
    log(one.name(), new Change(one.version(), status, by, at));
  }

  private void log(String name, Change change) {
    changes.computeIfAbsent(name, key -> new ArrayList<>()).add(change);
  }

  private static <T> List<T> latestFirst(List<T> all) {
    List<T> turned = new ArrayList<>(all);
    Collections.reverse(turned);
    return List.copyOf(turned);
  }
}
