package dev.notify.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.memory.MemoryStore;
import dev.notify.model.RefusedException;
import dev.notify.model.RefusedException.Why;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.spi.TemplateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the store's texts are kept in memory. */
class StoredTextsTest {

  private static final Instant NOW = Instant.parse("2026-03-02T09:00:00Z");
  private static final Duration LONG = Duration.ofDays(1);

  private final TemplateStore store = MemoryStore.create().templates().orElseThrow();
  private final List<String> asked = new ArrayList<>();
  private boolean isAway;

  /** The store as another node sees it. */
  private final TemplateStore watched =
      (TemplateStore)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {TemplateStore.class},
              (proxy, method, arguments) -> {
                asked.add(method.getName());
                if (isAway) {
                  throw new RefusedException(Why.STORE_UNAVAILABLE, "away");
                }
                try {
                  return method.invoke(store, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });

  @BeforeEach
  void save() {
    store.save(Draft.of("hello", "sms.text", "one"), "ann", NOW);
    store.save(Draft.of("hello", "sms.text", "two"), "ann", NOW);
    store.activate("hello", 1, "ann", NOW);
  }

  private StoredTexts texts(Duration seenWithin) {
    return new StoredTexts(watched, path -> Optional.of("file"), seenWithin);
  }

  @Test
  void whatIsThereAndWhatIsNotIsAskedForOnce() {
    StoredTexts texts = texts(LONG);

    for (int i = 0; i < 20; i++) {
      assertThat(texts.find("hello/sms.text")).contains("one");
      assertThat(texts.find("hello/email.text")).isEmpty();
      assertThat(texts.find("other/sms.text")).contains("file");
      assertThat(texts.revision("hello")).isEqualTo(texts.revision("hello"));
    }

    assertThat(asked).containsExactly("active", "find");
  }

  @Test
  void whatAnotherNodeChangesIsSeenAfterAWhile() {
    StoredTexts soon = texts(Duration.ZERO);
    StoredTexts later = texts(LONG);
    String before = soon.revision("hello");
    assertThat(later.find("hello/sms.text")).contains("one");

    store.activate("hello", 2, "bob", NOW);

    assertThat(soon.find("hello/sms.text")).contains("two");
    assertThat(soon.revision("hello")).isNotEqualTo(before);
    assertThat(later.find("hello/sms.text")).contains("one");
    later.changed();
    assertThat(later.find("hello/sms.text")).contains("two");
  }

  @Test
  void whileTheDatabaseIsAwayWhatWasLastKnownGoesOn() {
    StoredTexts texts = texts(Duration.ZERO);
    assertThat(texts.find("hello/sms.text")).contains("one");

    isAway = true;

    assertThat(texts.find("hello/sms.text")).contains("one");
    assertThatThrownBy(() -> texts(LONG).find("hello/sms.text"))
        .isInstanceOf(RefusedException.class);
  }

  @Test
  void aNamedVersionIsThatOneWhateverIsActive() {
    StoredTexts texts = texts(LONG);

    assertThat(texts.find("hello@2/sms.text")).contains("two");
    assertThat(texts.find("hello@2/de/sms.text")).isEmpty();
  }
}
