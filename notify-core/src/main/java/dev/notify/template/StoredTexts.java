package dev.notify.template;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.notify.model.RefusedException;
import dev.notify.model.StoredTemplate;
import dev.notify.spi.TemplateSource;
import dev.notify.spi.TemplateStore;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts of the active versions in a store, then those of another source. Which versions are
 * active is read in one query and kept for a while; versions never change and are kept for good.
 */
final class StoredTexts implements TemplateSource {

  private static final int MOST_KEPT = 1_000;

  private static final Pattern NAMED = Pattern.compile("(.+)@([0-9]{1,9})");

  private record Version(String name, int number) {}

  private final TemplateStore store;
  private final TemplateSource others;
  private final LoadingCache<Class<?>, Map<String, Integer>> active;
  private final Cache<Version, StoredTemplate> versions =
      Caffeine.newBuilder().maximumSize(MOST_KEPT).executor(Runnable::run).build();
  private volatile Map<String, Integer> latest = Map.of();

  StoredTexts(TemplateStore store, TemplateSource others, Duration seenWithin) {
    this.store = store;
    this.others = others;
    active =
        Caffeine.newBuilder()
            .expireAfterWrite(seenWithin)
            .executor(Runnable::run)
            .build(only -> look());
  }

  /** A database that is away for a moment must not change what is sent. */
  private Map<String, Integer> look() {
    try {
      latest = Map.copyOf(store.active());
    } catch (RefusedException e) {
      if (latest.isEmpty()) {
        throw e;
      }
    }
    return latest;
  }

  /** Sees at once what was changed here. */
  void changed() {
    active.invalidateAll();
  }

  @Override
  public Optional<String> find(String path) {
    Map<String, Integer> now = active.get(TemplateStore.class);
    for (int end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      String name = path.substring(0, end);
      Optional<StoredTemplate> version = version(name, now);
      if (version.isPresent()) {
        String text = version.get().draft().texts().get(path.substring(end + 1));
        // Partials are many under one name: those that the store does not have may be files.
        return text == null && name.equals(StoredTemplate.PARTIALS)
            ? others.find(path)
            : Optional.ofNullable(text);
      }
    }
    return others.find(path);
  }

  /** The version that a name stands for; {@code name@3} is that one, active or not. */
  private Optional<StoredTemplate> version(String name, Map<String, Integer> now) {
    Matcher named = NAMED.matcher(name);
    if (named.matches()) {
      return version(new Version(named.group(1), Integer.parseInt(named.group(2))));
    }
    Integer number = now.get(name);
    return number == null ? Optional.empty() : version(new Version(name, number));
  }

  private Optional<StoredTemplate> version(Version version) {
    StoredTemplate known = versions.getIfPresent(version);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<StoredTemplate> found = store.find(version.name(), version.number());
    found.ifPresent(one -> versions.put(version, one));
    return found;
  }

  /** The version that is sent of a name, if the store has one. */
  Optional<Integer> activeVersion(String name) {
    return Optional.ofNullable(active.get(TemplateStore.class).get(name));
  }

  @Override
  public String revision(String template) {
    Map<String, Integer> now = active.get(TemplateStore.class);
    return now.getOrDefault(template, 0)
        + "."
        + now.getOrDefault(StoredTemplate.PARTIALS, 0)
        + others.revision(template);
  }
}
