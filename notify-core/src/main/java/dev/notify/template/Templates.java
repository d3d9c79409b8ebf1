package dev.notify.template;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Recipient;
import dev.notify.model.TemplateException;
import dev.notify.model.TemplateRef;
import dev.notify.spi.TemplateSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All templates of a dispatcher, compiled once. Thread-safe.
 *
 * <p>A locale falls back from {@code pt-BR} to {@code pt} to the texts without locale; all parts of
 * a message come from the same one, so that languages never mix.
 *
 * @since 0.1
 */
public final class Templates {

  private static final int MOST_COMPILED = 5_000;

  private final TemplateSource source;
  private final Locale language;
  private final ZoneId defaultZone;
  private final Map<String, Object> ofTheHouse;
  private final Cache<Key, MessageTemplate> compiled =
      Caffeine.newBuilder().maximumSize(MOST_COMPILED).executor(Runnable::run).build();

  private final ConcurrentHashMap<Key, CompletableFuture<MessageTemplate>> inProgress =
      new ConcurrentHashMap<>();

  private record Key(String name, String revision, Channel channel, Locale locale) {}

  /** Templates whose texts come from here; those without locale are English. */
  public Templates(TemplateSource source) {
    this(source, Locale.ENGLISH, ZoneOffset.UTC);
  }

  /**
   * Templates whose texts come from here.
   *
   * @param language of the texts without locale: their dates and numbers are written in it
   * @param defaultZone of people whose zone is unknown
   */
  public Templates(TemplateSource source, Locale language, ZoneId defaultZone) {
    this(source, language, defaultZone, Map.of());
  }

  /**
   * Templates whose texts come from here.
   *
   * @param language of the texts without locale: their dates and numbers are written in it
   * @param defaultZone of people whose zone is unknown
   * @param ofTheHouse variables that every template sees, unless the notification has its own of
   *     the same name
   */
  public Templates(
      TemplateSource source, Locale language, ZoneId defaultZone, Map<String, Object> ofTheHouse) {
    this.source = source;
    this.language = language;
    this.defaultZone = defaultZone;
    this.ofTheHouse = Map.copyOf(ofTheHouse);
  }

  /**
   * Checks that a template can be rendered for this channel and person.
   *
   * @throws TemplateException if it is missing or broken
   * @throws InvalidNotificationException naming the variable that is missing
   */
  public void check(TemplateRef ref, Channel channel, Locale locale, Recipient recipient) {
    Map<String, Object> scope = scope(ref, recipient);
    for (String variable : template(ref.name(), channel, locale).requiredVariables()) {
      if (PlainData.lookUp(scope, variable) == null) {
        throw new InvalidNotificationException(
            "variables." + variable, "template '" + ref.name() + "' (" + channel + ") needs it");
      }
    }
  }

  /**
   * The message that a template makes.
   *
   * @throws TemplateException if it is missing, broken, or renders to more than the allowed size
   */
  public Content render(TemplateRef ref, Channel channel, Locale locale, Recipient recipient) {
    return template(ref.name(), channel, locale)
        .render(scope(ref, recipient), recipient.zone().orElse(defaultZone));
  }

  private Map<String, Object> scope(TemplateRef ref, Recipient recipient) {
    Map<String, Object> scope = PlainData.scope(ref.variables(), recipient);
    ofTheHouse.forEach(scope::putIfAbsent);
    return scope;
  }

  /**
   * Names of the variables without which the template cannot be sent, but those that every template
   * sees.
   *
   * @throws TemplateException if it is missing or broken
   */
  public Set<String> requiredVariables(String name, Channel channel, Locale locale) {
    Set<String> required = template(name, channel, locale).requiredVariables();
    if (ofTheHouse.isEmpty()) {
      return required;
    }
    Set<String> others = new TreeSet<>(required);
    others.removeIf(variable -> PlainData.lookUp(ofTheHouse, variable) != null);
    return others;
  }

  /** Forgets what was compiled, so that changed texts are read again. */
  public void reload() {
    compiled.invalidateAll();
  }

  private MessageTemplate template(String name, Channel channel, Locale locale) {
    Key key = new Key(name, source.revision(name), channel, locale);
    MessageTemplate known = compiled.getIfPresent(key);
    return known != null ? known : compileOnce(key);
  }

  /** Not under the cache's lock: a source may be slow, and other templates need not wait for it. */
  private MessageTemplate compileOnce(Key key) {
    CompletableFuture<MessageTemplate> mine = new CompletableFuture<>();
    CompletableFuture<MessageTemplate> others = inProgress.putIfAbsent(key, mine);
    if (others != null) {
      return await(others);
    }
    try {
      // It may have come between the look into the cache and here.
      MessageTemplate template = compiled.getIfPresent(key);
      if (template == null) {
        template =
            MessageTemplate.compile(
                source, key.name(), key.channel(), new Languages(key.locale(), language));
        compiled.put(key, template);
      }
      mine.complete(template);
      return template;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      inProgress.remove(key);
    }
  }

  private static MessageTemplate await(CompletableFuture<MessageTemplate> others) {
    try {
      return others.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw e;
    }
  }
}
