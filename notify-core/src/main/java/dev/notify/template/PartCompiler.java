package dev.notify.template;

import com.github.mustachejava.Mustache;
import com.github.mustachejava.MustacheException;
import com.github.mustachejava.MustacheNotFoundException;
import com.github.mustachejava.MustacheVisitor;
import com.github.mustachejava.SpecMustacheFactory;
import dev.notify.model.TemplateException;
import dev.notify.spi.TemplateSource;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Compiles one part. Only HTML is escaped; partials and layouts come from {@code partials/}, with
 * the same fallback of locales.
 */
final class PartCompiler extends SpecMustacheFactory {

  private static final Pattern PARTIAL =
      Pattern.compile("[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*");

  private final TemplateSource source;
  private final String name;
  private final List<String> folders;
  private final Part part;

  PartCompiler(TemplateSource source, String name, List<String> folders, Part part) {
    this.source = source;
    this.name = name;
    this.folders = folders;
    this.part = part;
    setObjectHandler(new PlainDataHandler());
  }

  Mustache compile(String path, String text) {
    try {
      return compile(new StringReader(text), path);
    } catch (MustacheNotFoundException e) {
      throw new TemplateException(
          name, "uses partial '" + e.getName() + "', which does not exist", e);
    } catch (MustacheException | IllegalArgumentException e) {
      throw new TemplateException(name, "cannot be compiled: " + path + ": " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new TemplateException(name, "cannot be compiled: " + path + " is nested too deeply", e);
    }
  }

  @Override
  public MustacheVisitor createMustacheVisitor() {
    return new PartVisitor(this);
  }

  @Override
  public Reader getReader(String resourceName) {
    if (PARTIAL.matcher(resourceName).matches()) {
      for (String folder : folders) {
        var text = source.find("partials/" + folder + resourceName);
        if (text.isPresent()) {
          return new StringReader(text.get());
        }
      }
    }
    throw new MustacheNotFoundException(resourceName);
  }

  @Override
  public String resolvePartialPath(String dir, String partial, String extension) {
    return partial.toLowerCase(Locale.ROOT);
  }

  @Override
  public void encode(String value, Writer writer) {
    try {
      if (part == Part.HTML) {
        super.encode(value, writer);
      } else {
        writer.write(value);
      }
    } catch (IOException e) {
      throw new MustacheException("cannot write", e);
    }
  }
}
