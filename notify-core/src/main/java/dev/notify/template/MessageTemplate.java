package dev.notify.template;

import com.github.mustachejava.Mustache;
import com.github.mustachejava.MustacheException;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Extras;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.TemplateException;
import dev.notify.spi.TemplateSource;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The compiled parts of one template for one channel and locale. */
final class MessageTemplate {

  private final String name;
  private final Locale formats;
  private final Map<Part, Mustache> parts;
  private final Set<String> requiredVariables;

  private MessageTemplate(String name, Locale formats, Map<Part, Mustache> parts) {
    this.name = name;
    this.formats = formats;
    this.parts = parts;
    Set<String> required = new LinkedHashSet<>();
    parts.values().forEach(part -> RequiredVariables.collect(part, required));
    requiredVariables = Set.copyOf(required);
  }

  static MessageTemplate compile(
      TemplateSource source, String name, Channel channel, Languages languages) {
    List<String> folders = languages.folders();
    for (String folder : folders) {
      Map<Part, Mustache> parts = new EnumMap<>(Part.class);
      for (Part part : Part.values()) {
        String path = name + "/" + folder + channel.name() + "." + part.fileWord(channel);
        source
            .find(path)
            .ifPresent(
                text ->
                    parts.put(
                        part, new PartCompiler(source, name, folders, part).compile(path, text)));
      }
      if (parts.containsKey(Part.BODY) || parts.containsKey(Part.HTML)) {
        requireSubject(name, folder, channel, parts.keySet());
        return new MessageTemplate(name, languages.formats(folder), parts);
      }
    }
    throw new TemplateException(
        name,
        "has no text for channel '%s', looked for %s: expected %s/%s.text%s"
            .formatted(
                channel,
                languages(folders),
                name,
                channel,
                channel.equals(Channel.EMAIL) ? " or .html" : ""));
  }

  /** Mail relays take a mail without a subject for spam, and our provider refuses it. */
  private static void requireSubject(String name, String folder, Channel channel, Set<Part> parts) {
    if (channel.equals(Channel.EMAIL) && !parts.contains(Part.TITLE)) {
      throw new TemplateException(
          name, "has a text but no subject: expected %s/%semail.subject".formatted(name, folder));
    }
  }

  private static String languages(List<String> folders) {
    return folders.stream()
        .map(folder -> folder.isEmpty() ? "no locale" : folder.substring(0, folder.length() - 1))
        .collect(Collectors.joining(", "));
  }

  Set<String> requiredVariables() {
    return requiredVariables;
  }

  Content render(Map<String, Object> variables, ZoneId zone) {
    List<Object> scope = List.of(new Rendering(name, formats, zone), variables);
    try {
      return new Content(
          line(Part.TITLE, scope),
          text(Part.BODY, scope),
          text(Part.HTML, scope),
          line(Part.IMAGE, scope),
          line(Part.LINK, scope),
          Extras.NONE);
    } catch (InvalidNotificationException e) {
      throw new TemplateException(
          name, "renders to what no message may hold: " + e.getMessage(), e);
    }
  }

  private Optional<String> text(Part part, List<Object> scope) {
    Mustache mustache = parts.get(part);
    if (mustache == null) {
      return Optional.empty();
    }
    BoundedWriter out = new BoundedWriter(name);
    try {
      mustache.execute(out, scope);
    } catch (StackOverflowError e) {
      throw new TemplateException(name, "cannot be rendered: it is nested too deeply", e);
    } catch (MustacheException e) {
      throw told(e)
          .orElseGet(() -> new TemplateException(name, "cannot be rendered: " + e.getMessage(), e));
    }
    return Optional.of(out.toString());
  }

  /** mustache.java wraps what is thrown while it reads a value, more than once. */
  private static Optional<TemplateException> told(MustacheException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof TemplateException told) {
        return Optional.of(told);
      }
    }
    return Optional.empty();
  }

  /** A file ends with a line break that a subject must not have. */
  private Optional<String> line(Part part, List<Object> scope) {
    return text(part, scope).map(String::strip).filter(text -> !text.isEmpty());
  }
}
