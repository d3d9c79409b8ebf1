package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.notify.model.StoredTemplate;
import dev.notify.model.StoredTemplate.Change;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.StoredTemplate.Status;
import dev.notify.model.StoredTemplate.Type;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.TemplateStore;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link TemplateStore} must do, as tests. Extend this class for a store of your own.
 *
 * @since 0.1
 */
public abstract class TemplateStoreContract {

  private static final Instant NOW = SampleMessages.CREATED_AT;
  private static final Instant LATER = NOW.plusSeconds(60);
  private static final Draft HELLO =
      Draft.of("hello", "sms.text", "Grüße {{name}} 🎈")
          .text("de/email.subject", "Hallo")
          .required("name", Type.TEXT, "Jane")
          .optional("total", Type.NUMBER, new BigDecimal("12.50"))
          .optional("day", Type.TIME, LocalDate.of(2026, 3, 2));

  private NotificationStore store;
  private TemplateStore templates;
  private boolean opened;

  /** An empty store. */
  protected abstract NotificationStore create() throws Exception;

  @BeforeEach
  void createStore() throws Exception {
    store = create();
    opened = true;
    templates = store.templates().orElseThrow();
  }

  @AfterEach
  void closeStore() {
    if (opened) {
      store.close();
    }
  }

  @Test
  public void aDraftIsKeptWithAllItsParts() {
    StoredTemplate saved = templates.save(HELLO, "ann", NOW);

    assertEquals(new StoredTemplate(HELLO, 1, Status.DRAFT, "ann", NOW), saved);
    assertEquals(Optional.of(saved), templates.find("hello", 1));
    assertEquals(Map.of(), templates.active());
  }

  @Test
  public void eachSaveIsTheNextVersionOfItsName() {
    templates.save(HELLO, "ann", NOW);
    templates.save(HELLO.text("sms.text", "two"), "bob", LATER);
    templates.save(Draft.of("other", "sms.text", "x"), "ann", NOW);

    assertEquals(
        List.of(2, 1), templates.versions("hello").stream().map(StoredTemplate::version).toList());
    assertEquals("two", templates.find("hello", 2).orElseThrow().draft().texts().get("sms.text"));
    assertEquals(List.of("hello", "other"), templates.names());
  }

  @Test
  public void whatIsNotThereIsNotFound() {
    assertEquals(Optional.empty(), templates.find("hello", 1));
    assertEquals(List.of(), templates.versions("hello"));
    assertEquals(List.of(), templates.history("hello"));
    assertFalse(templates.activate("hello", 1, "ann", NOW));
    assertFalse(templates.archive("hello", 1, "ann", NOW));
    templates.save(HELLO, "ann", NOW);
    assertFalse(templates.activate("hello", 2, "ann", NOW));
    assertEquals(Optional.empty(), templates.find("hello", 0));
  }

  @Test
  public void namesCompareWithCase() {
    templates.save(HELLO, "ann", NOW);

    assertEquals(Optional.empty(), templates.find("Hello", 1));
  }

  @Test
  public void oneVersionIsActiveAtATimeAndAnEarlierOneRollsBack() {
    templates.save(HELLO, "ann", NOW);
    templates.save(HELLO.text("sms.text", "two"), "ann", NOW);

    assertTrue(templates.activate("hello", 1, "ann", NOW));
    assertTrue(templates.activate("hello", 2, "bob", LATER));
    assertEquals(Map.of("hello", 2), templates.active());
    assertEquals(Status.ARCHIVED, templates.find("hello", 1).orElseThrow().status());

    assertTrue(templates.activate("hello", 1, "bob", LATER));
    assertEquals(Map.of("hello", 1), templates.active());
    assertEquals(Status.ARCHIVED, templates.find("hello", 2).orElseThrow().status());
  }

  @Test
  public void theActiveVersionCanBeArchived() {
    templates.save(HELLO, "ann", NOW);
    templates.activate("hello", 1, "ann", NOW);

    assertTrue(templates.archive("hello", 1, "ann", LATER));

    assertEquals(Map.of(), templates.active());
  }

  @Test
  public void whoDidWhatIsKnownTheLatestFirst() {
    templates.save(HELLO, "ann", NOW);
    templates.save(HELLO, "ann", NOW);
    templates.activate("hello", 1, "ann", NOW);
    templates.activate("hello", 1, "nobody", LATER);
    templates.activate("hello", 2, "bob", LATER);

    assertEquals(
        List.of(
            new Change(2, Status.ACTIVE, "bob", LATER),
            new Change(1, Status.ARCHIVED, "bob", LATER),
            new Change(1, Status.ACTIVE, "ann", NOW),
            new Change(2, Status.DRAFT, "ann", NOW),
            new Change(1, Status.DRAFT, "ann", NOW)),
        templates.history("hello"));
  }

  @Test
  public void ofManyAtOnceEachGetsAVersionAndOneIsActive() {
    IntStream.range(0, 16)
        .parallel()
        .forEach(
            i -> {
              StoredTemplate saved = templates.save(HELLO.text("sms.text", "no " + i), "ann", NOW);
              templates.activate("hello", saved.version(), "ann", NOW);
            });

    List<StoredTemplate> versions = templates.versions("hello");
    assertEquals(16, versions.size());
    assertEquals(16, versions.get(0).version());
    assertEquals(1, versions.stream().filter(one -> one.status() == Status.ACTIVE).count());
    assertEquals(1, templates.active().size());
  }
}
