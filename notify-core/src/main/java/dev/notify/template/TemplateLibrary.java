package dev.notify.template;

import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Recipient;
import dev.notify.model.StoredTemplate;
import dev.notify.model.StoredTemplate.Change;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.StoredTemplate.Variable;
import dev.notify.model.TemplateException;
import dev.notify.model.TemplateRef;
import dev.notify.spi.TemplateSource;
import dev.notify.spi.TemplateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Templates that are edited while the application runs: saved as drafts, tried, activated, rolled
 * back. Of a name that has an active version, that version is sent; all other names come from the
 * source. Thread-safe.
 *
 * <p>What is changed here holds here at once, and on other nodes within ten seconds.
 *
 * @since 0.1
 */
public final class TemplateLibrary {

  private static final Duration SEEN_WITHIN = Duration.ofSeconds(10);

  private final TemplateStore store;
  private final StoredTexts texts;
  private final Templates templates;
  private final InstantSource clock;
  private final Locale language;
  private final ZoneId zone;
  private final House house;

  /**
   * The templates of a store.
   *
   * @param others has what the store has not
   * @param language of texts without locale
   * @param zone of people whose zone is unknown
   */
  public TemplateLibrary(
      TemplateStore store,
      TemplateSource others,
      Locale language,
      ZoneId zone,
      InstantSource clock) {
    this(store, others, language, zone, clock, House.NONE);
  }

  /**
   * The templates of a store.
   *
   * @param others has what the store has not
   * @param language of texts without locale
   * @param zone of people whose zone is unknown
   * @param house what holds for all of them
   */
  public TemplateLibrary(
      TemplateStore store,
      TemplateSource others,
      Locale language,
      ZoneId zone,
      InstantSource clock,
      House house) {
    this.store = store;
    this.house = house;
    this.clock = clock;
    this.language = language;
    this.zone = zone;
    texts = new StoredTexts(store, others, SEEN_WITHIN);
    templates = new Templates(texts, language, zone, house.variables());
  }

  /**
   * What holds for all templates.
   *
   * @param variables those that every template sees
   * @param check has a say about what a template renders to with its samples, before it is saved or
   *     activated; throws what it has against it
   */
  public record House(Map<String, Object> variables, Check check) {

    /** Nothing does. */
    public static final House NONE = new House(Map.of(), (name, channel, content) -> {});

    /** Has a say about what a template renders to. */
    @FunctionalInterface
    public interface Check {
      /** Throws if this cannot be sent. */
      void check(String template, Channel channel, Content content);
    }

    /** Takes a copy. */
    public House {
      variables = Map.copyOf(variables);
    }
  }

  /** All texts that are sent: the store's active ones and the others. */
  public Templates templates() {
    return templates;
  }

  /**
   * Keeps a draft as the next version of its name, if it can be sent: every text of every channel
   * and locale compiles and renders with the samples, and needs no variable that is not declared as
   * required.
   *
   * @param by who saves it
   * @throws TemplateException if a text is broken or uses what is not declared
   * @throws InvalidNotificationException if a sample is missing or of the wrong kind
   */
  public StoredTemplate save(Draft draft, String by) {
    checkSamples(draft);
    if (draft.name().equals(StoredTemplate.PARTIALS)) {
      checkPartials(draft);
    } else {
      checkTexts(draft);
    }
    return store.save(draft, requireWho(by), clock.instant());
  }

  /**
   * Makes a version the one that is sent; an earlier one to roll back. Messages that were accepted
   * before keep the version of then.
   *
   * @throws TemplateException if there is no such version, or it cannot be sent any more
   */
  public void activate(String name, int version, String by) {
    StoredTemplate wanted = require(name, version);
    if (!name.equals(StoredTemplate.PARTIALS)) {
      // Partials may have changed since it was saved.
      checkTexts(wanted.draft());
    }
    requireIs(store.activate(name, version, requireWho(by), clock.instant()), name, version);
    texts.changed();
  }

  /**
   * Takes a version out of use. If it was the active one, the name comes from the source again, if
   * that has it.
   *
   * @throws TemplateException if there is no such version
   */
  public void archive(String name, int version, String by) {
    requireIs(store.archive(name, version, requireWho(by), clock.instant()), name, version);
    texts.changed();
  }

  /**
   * What a version says to a reader with its sample data; nothing is sent.
   *
   * @param reader gives locale and zone
   * @throws TemplateException if there is no such version, or it has no text for the channel
   */
  public Content preview(String name, int version, Channel channel, Recipient reader) {
    return preview(name, version, channel, reader, require(name, version).draft().samples());
  }

  /** As {@link #preview(String, int, Channel, Recipient)}, with other values. */
  public Content preview(
      String name, int version, Channel channel, Recipient reader, Map<String, Object> variables) {
    StoredTemplate wanted = require(name, version);
    TemplateRef ref = new TemplateRef(wanted.name() + "@" + version, variables);
    return templates.render(ref, channel, reader.locale().orElse(language), reader);
  }

  /** The template as it stands now: {@code name@3} if the store has an active version of it. */
  public TemplateRef pinned(TemplateRef ref) {
    return texts
        .activeVersion(ref.name())
        .map(version -> new TemplateRef(ref.name() + "@" + version, ref.variables()))
        .orElse(ref);
  }

  /** Reads texts and versions again, those of other sources too. */
  public void reload() {
    texts.changed();
    templates.reload();
  }

  /** A version. */
  public Optional<StoredTemplate> find(String name, int version) {
    return store.find(name, version);
  }

  /** All versions of a name, the latest first. */
  public List<StoredTemplate> versions(String name) {
    return store.versions(name);
  }

  /** All names in the store, in order. */
  public List<String> names() {
    return store.names();
  }

  /** Who did what to a name's versions, the latest first. */
  public List<Change> history(String name) {
    return store.history(name);
  }

  private StoredTemplate require(String name, int version) {
    return store.find(name, version).orElseThrow(() -> missing(name, version));
  }

  private static void requireIs(boolean isThere, String name, int version) {
    if (!isThere) {
      throw missing(name, version);
    }
  }

  private static TemplateException missing(String name, int version) {
    return new TemplateException(name, "has no version " + version);
  }

  private static String requireWho(String by) {
    if (by.isBlank() || by.length() > 128) {
      throw new InvalidNotificationException("by", "say who, in at most 128 characters");
    }
    return by;
  }

  private static void checkSamples(Draft draft) {
    for (Variable variable : draft.variables()) {
      Object sample = draft.samples().get(variable.name());
      if (sample == null && variable.required()) {
        throw new InvalidNotificationException("samples." + variable.name(), "is missing");
      }
      if (sample != null && !variable.type().accepts(sample)) {
        throw new InvalidNotificationException(
            "samples." + variable.name(), "is no " + variable.type());
      }
    }
  }

  private void checkPartials(Draft draft) {
    for (Map.Entry<String, String> text : draft.texts().entrySet()) {
      String path = text.getKey();
      boolean hasLocale = Languages.isFolder(path.substring(0, path.indexOf('/') + 1));
      Locale locale =
          hasLocale ? Locale.forLanguageTag(path.substring(0, path.indexOf('/'))) : language;
      List<String> folders = new Languages(locale, language).folders();
      Object ignored =
          new PartCompiler(over(draft), draft.name(), folders, Part.HTML)
              .compile(draft.name() + "/" + path, text.getValue());
    }
  }

  private void checkTexts(Draft draft) {
    Templates tried = new Templates(over(draft), language, zone, house.variables());
    Recipient reader = Recipient.builder("sample").build();
    Set<String> used = new TreeSet<>();
    for (String path : draft.texts().keySet()) {
      String folder = path.substring(0, path.indexOf('/') + 1);
      Channel channel = channel(draft, path.substring(folder.length()));
      if (used.add(folder + channel)) {
        Locale locale =
            folder.isEmpty()
                ? language
                : Locale.forLanguageTag(folder.substring(0, folder.length() - 1));
        checkDeclared(draft, channel, tried.requiredVariables(draft.name(), channel, locale));
        Content made =
            tried.render(new TemplateRef(draft.name(), draft.samples()), channel, locale, reader);
        house.check().check(draft.name(), channel, made);
      }
    }
  }

  private static Channel channel(Draft draft, String file) {
    int dot = file.lastIndexOf('.');
    for (Part part : Part.values()) {
      if (dot > 0) {
        Channel channel = Channel.of(file.substring(0, dot));
        if (file.substring(dot + 1).equals(part.fileWord(channel))) {
          return channel;
        }
      }
    }
    throw new TemplateException(
        draft.name(),
        "has a text '" + file + "', which is no CHANNEL.PART, email.text for example");
  }

  private static void checkDeclared(Draft draft, Channel channel, Set<String> needed) {
    Set<String> declared =
        draft.variables().stream()
            .filter(Variable::required)
            .map(Variable::name)
            .collect(Collectors.toSet());
    for (String variable : needed) {
      String first = variable.split("\\.", 2)[0];
      if (!first.equals("recipient") && !declared.contains(first)) {
        throw new TemplateException(
            draft.name(),
            "needs '%s' (%s), which is not declared as required: %s"
                .formatted(variable, channel, new TreeSet<>(declared)));
      }
    }
  }

  /** The draft's texts before all others, as if it were active. */
  private TemplateSource over(Draft draft) {
    String root = draft.name() + "/";
    boolean isPartials = draft.name().equals(StoredTemplate.PARTIALS);
    return path -> {
      String text = path.startsWith(root) ? draft.texts().get(path.substring(root.length())) : null;
      return text != null || (path.startsWith(root) && !isPartials)
          ? Optional.ofNullable(text)
          : texts.find(path);
    };
  }
}
