package dev.notify.template;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import com.github.mustachejava.MustacheException;
import com.github.mustachejava.SpecMustacheVisitor;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.codes.ExtendCode;
import com.github.mustachejava.codes.PartialCode;
import com.github.mustachejava.util.IndentWriter;
import java.io.Writer;
import java.util.List;

/**
 * Builds partials and layouts that count how deep they are nested. mustache.java's own count is
 * lost behind the writers that indent partials, so one that uses itself would end in a stack
 * overflow.
 */
final class PartVisitor extends SpecMustacheVisitor {

  private static final int DEEPEST = 20;

  PartVisitor(DefaultMustacheFactory factory) {
    super(factory);
  }

  @Override
  public void partial(TemplateContext context, String name, String indent) {
    list.add(new Partial(plain(context), df, name, indent));
  }

  @Override
  public void extend(TemplateContext context, String name, Mustache blocks) {
    list.add(new Layout(plain(context), df, blocks, name));
  }

  /** What is sent must not hang on a name that came in with the data. */
  @Override
  public void dynamicPartial(TemplateContext context, String name, String indent) {
    throw new MustacheException("a partial must be named in the template itself", context);
  }

  private static TemplateContext plain(TemplateContext context) {
    return new TemplateContext("{{", "}}", context.file(), context.line(), context.startOfLine());
  }

  /** Where the text of a partial goes, with its depth. */
  private static final class Nested extends IndentWriter {
    private final int depth;

    private Nested(Writer outer, String indent, int depth) {
      super(outer, indent);
      this.depth = depth;
    }

    static Nested in(Writer outer, String indent, TemplateContext context) {
      int depth = outer instanceof Nested nested ? nested.depth + 1 : 1;
      if (depth > DEEPEST) {
        throw new MustacheException("partials are nested deeper than " + DEEPEST, context);
      }
      return new Nested(outer, indent, depth);
    }
  }

  private static final class Partial extends PartialCode {
    private final String indent;

    Partial(TemplateContext context, DefaultMustacheFactory factory, String name, String indent) {
      super(context, factory, name);
      this.indent = indent;
    }

    @Override
    public Writer execute(Writer writer, List<Object> scopes) {
      partial.execute(Nested.in(writer, indent, tc), scopes);
      return appendText(writer);
    }
  }

  private static final class Layout extends ExtendCode {

    Layout(TemplateContext context, DefaultMustacheFactory factory, Mustache blocks, String name) {
      super(context, factory, blocks, name);
    }

    @Override
    public Writer execute(Writer writer, List<Object> scopes) {
      partial.execute(Nested.in(writer, "", tc), scopes);
      return appendText(writer);
    }
  }
}
