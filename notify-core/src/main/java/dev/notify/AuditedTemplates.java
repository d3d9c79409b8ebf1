package dev.notify;

import dev.notify.model.StoredTemplate;
import dev.notify.model.StoredTemplate.Change;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.spi.TemplateStore;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes every change of a stored template into the audit log. */
record AuditedTemplates(TemplateStore kept, AuditLog audit) implements TemplateStore {

  private static final String LIBRARY = "template library";

  @Override
  public StoredTemplate save(Draft draft, String by, Instant at) {
    return audit.together(
        () -> {
          StoredTemplate saved = kept.save(draft, by, at);
          note("template.saved", draft.name(), by, saved.version());
          return saved;
        });
  }

  @Override
  public Optional<StoredTemplate> find(String name, int version) {
    return kept.find(name, version);
  }

  @Override
  public List<StoredTemplate> versions(String name) {
    return kept.versions(name);
  }

  @Override
  public List<String> names() {
    return kept.names();
  }

  @Override
  public Map<String, Integer> active() {
    return kept.active();
  }

  @Override
  public boolean activate(String name, int version, String by, Instant at) {
    return audit.together(
        () -> {
          boolean isThere = kept.activate(name, version, by, at);
          if (isThere) {
            note("template.activated", name, by, version);
          }
          return isThere;
        });
  }

  @Override
  public boolean archive(String name, int version, String by, Instant at) {
    return audit.together(
        () -> {
          boolean isThere = kept.archive(name, version, by, at);
          if (isThere) {
            note("template.archived", name, by, version);
          }
          return isThere;
        });
  }

  @Override
  public List<Change> history(String name) {
    return kept.history(name);
  }

  private void note(String kind, String name, String by, int version) {
    audit.noteAs(by, LIBRARY, kind, "template:" + name, Map.of("version", version));
  }
}
