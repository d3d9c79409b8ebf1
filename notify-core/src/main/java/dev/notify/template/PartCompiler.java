package dev.notify.template;

import com.github.mustachejava.Code;
import com.github.mustachejava.Mustache;
import com.github.mustachejava.MustacheException;
import com.github.mustachejava.MustacheNotFoundException;
import com.github.mustachejava.MustacheVisitor;
import com.github.mustachejava.SpecMustacheFactory;
import com.github.mustachejava.codes.PartialCode;
import dev.notify.model.TemplateException;
import dev.notify.spi.TemplateSource;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.Writer;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Compiles one part. Only HTML is escaped; partials and layouts come from {@code partials/}, with
 * the same fallback of locales.
 */
final class PartCompiler extends SpecMustacheFactory {

  private static final Pattern PARTIAL =
      Pattern.compile("[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*");

  private static final int LONGEST_TEXT = 1 << 20;
  private static final int MOST_PARTIALS = 200;
  private static final int MOST_TAGS = 10_000;
  private static final int MOST_STEPS = 200_000;
  private static final int DEEPEST = 50;

  private final TemplateSource source;
  private final String name;
  private final List<String> folders;
  private final Part part;
  private int characters;
  private int partials;
  private int tags;
  private int steps;
  private boolean isCompiling;
  private int depth;

  PartCompiler(TemplateSource source, String name, List<String> folders, Part part) {
    this.source = source;
    this.name = name;
    this.folders = folders;
    this.part = part;
    setObjectHandler(new PlainDataHandler());
  }

  Mustache compile(String path, String text) {
    isCompiling = true;
    try {
      return compile(reader(text), path);
    } catch (MustacheNotFoundException e) {
      throw new TemplateException(
          name, "uses partial '" + e.getName() + "', which does not exist", e);
    } catch (MustacheException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new TemplateException(name, "cannot be compiled: " + path + ": " + e.getMessage(), e);
    } catch (StackOverflowError e) {
      throw new TemplateException(name, "cannot be compiled: " + path + " is nested too deeply", e);
    } finally {
      isCompiling = false;
    }
  }

  @Override
  public MustacheVisitor createMustacheVisitor() {
    if (++depth > DEEPEST) {
      throw new MustacheException("it is nested too deeply, more than " + DEEPEST + " sections");
    }
    return new PartVisitor(this);
  }

  /** A section, or the whole text, has been read to its end. */
  void endOfSection() {
    depth--;
  }

  /** Counts a tag; layouts multiply them, so a few thousand would do for a bomb. */
  void tag() {
    if (++tags > MOST_TAGS) {
      throw new MustacheException(
          "it has more than " + MOST_TAGS + " tags, with those of its partials");
    }
  }

  /**
   * Counts the parts of a partial each time that a layout puts its blocks into them: where layouts
   * and partials use each other several times, every way through them is gone.
   */
  void walked(Code @Nullable [] codes) {
    if (isCompiling) {
      steps += size(codes);
      if (steps > MOST_STEPS) {
        throw new MustacheException("its layouts and partials use each other too often");
      }
    }
  }

  /**
   * Without what is in the partials and layouts among them, which are counted when it is their
   * turn.
   */
  private static int size(Code @Nullable [] codes) {
    int size = 1;
    if (codes != null) {
      for (Code code : codes) {
        size += code instanceof PartialCode ? 1 : size(code.getCodes());
      }
    }
    return size;
  }

  private Reader reader(String text) {
    characters += text.length();
    if (characters > LONGEST_TEXT) {
      throw new MustacheException(
          "it has more than " + LONGEST_TEXT + " characters, with those of its partials");
    }
    return new StringReader(text);
  }

  /** Every use of a partial is compiled, so that two uses in each of twenty would be a million. */
  private Reader partial(String text) {
    if (++partials > MOST_PARTIALS) {
      throw new MustacheException("it uses more than " + MOST_PARTIALS + " partials");
    }
    return reader(text);
  }

  @Override
  public Reader getReader(String resourceName) {
    if (PARTIAL.matcher(resourceName).matches()) {
      for (String folder : folders) {
        var text = source.find("partials/" + folder + resourceName);
        if (text.isPresent()) {
          return partial(text.get());
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
