package dev.notify.spi;

import dev.notify.model.StoredTemplate;
import dev.notify.model.StoredTemplate.Change;
import dev.notify.model.StoredTemplate.Draft;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the versions of templates, and which of them is sent. It checks nothing of what they say:
 * {@code TemplateLibrary} stands in front. Thread-safe. {@code TemplateStoreContract} of {@code
 * notify-test} has what a store must do, as tests.
 *
 * @since 0.1
 */
public interface TemplateStore {

  /** Keeps a draft as the next version of its name. Of several at once each gets its own. */
  StoredTemplate save(Draft draft, String by, Instant at);

  /** A version. */
  Optional<StoredTemplate> find(String name, int version);

  /** All versions of a name, the latest first. */
  List<StoredTemplate> versions(String name);

  /** All names there are, in order. */
  List<String> names();

  /** The active version of every name that has one. */
  Map<String, Integer> active();

  /** Makes a version the active one, and archives the one that was; says whether there is such. */
  boolean activate(String name, int version, String by, Instant at);

  /** Archives a version, the active one too; says whether there is such. */
  boolean archive(String name, int version, String by, Instant at);

  /** What was done to a name's versions, the latest first. */
  List<Change> history(String name);
}
