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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

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
  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,8}");
  private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}|[0-9]{3}");

  private final TemplateSource source;
  private final Cache<Key, MessageTemplate> compiled =
      Caffeine.newBuilder().maximumSize(MOST_COMPILED).executor(Runnable::run).build();

  private final ConcurrentHashMap<Key, CompletableFuture<MessageTemplate>> inProgress =
      new ConcurrentHashMap<>();

  private record Key(String name, Channel channel, Locale locale) {}

  /** Templates whose texts come from here. */
  public Templates(TemplateSource source) {
    this.source = source;
  }

  /**
   * Checks that a template can be rendered for this channel and person.
   *
   * @throws TemplateException if it is missing or broken
   * @throws InvalidNotificationException naming the variable that is missing
   */
  public void check(TemplateRef ref, Channel channel, Locale locale, Recipient recipient) {
    Map<String, Object> scope = PlainData.scope(ref.variables(), recipient);
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
        .render(PlainData.scope(ref.variables(), recipient));
  }

  /**
   * Names of the variables without which the template cannot be sent.
   *
   * @throws TemplateException if it is missing or broken
   */
  public Set<String> requiredVariables(String name, Channel channel, Locale locale) {
    return template(name, channel, locale).requiredVariables();
  }

  /** Forgets what was compiled, so that changed texts are read again. */
  public void reload() {
    compiled.invalidateAll();
  }

  private MessageTemplate template(String name, Channel channel, Locale locale) {
    Key key = new Key(name, channel, locale);
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
            MessageTemplate.compile(source, key.name(), key.channel(), fallbacks(key.locale()));
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

  /** Folders to look in, most specific first; the empty one holds the texts without locale. */
  private static List<String> fallbacks(Locale locale) {
    List<String> folders = new ArrayList<>(3);
    // Locale's old constructor takes any text, and this one becomes part of a path.
    if (LANGUAGE.matcher(locale.getLanguage()).matches()) {
      if (COUNTRY.matcher(locale.getCountry()).matches()) {
        folders.add(locale.getLanguage() + "-" + locale.getCountry() + "/");
      }
      folders.add(locale.getLanguage() + "/");
    }
    folders.add("");
    return folders;
  }
}
