package dev.notify.template;

import com.github.mustachejava.Code;
import com.github.mustachejava.Mustache;
import com.github.mustachejava.MustacheException;
import com.github.mustachejava.SpecMustacheVisitor;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.codes.ExtendCode;
import com.github.mustachejava.codes.PartialCode;
import com.github.mustachejava.codes.WriteCode;
import com.github.mustachejava.util.IndentWriter;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds partials and layouts that count how deep they are nested. mustache.java's own count is
 * lost behind the writers that indent partials, so one that uses itself would end in a stack
 * overflow.
 */
final class PartVisitor extends SpecMustacheVisitor {

  private static final int DEEPEST = 20;
  private static final int LONGEST_NAME = 250;
  private static final int LONGEST_TEXT = 8 << 10;

  private final PartCompiler compiler;
  private int codes;
  private int textLength;

  PartVisitor(PartCompiler compiler) {
    super(compiler);
    this.compiler = compiler;
  }

  @Override
  public Mustache mustache(TemplateContext context) {
    compiler.endOfSection();
    return super.mustache(context);
  }

  @Override
  public void value(TemplateContext context, String name, boolean encoded) {
    requireName(context, name);
    super.value(context, name, encoded);
  }

  @Override
  public void iterable(TemplateContext context, String name, Mustache inner) {
    requireName(context, name);
    super.iterable(context, name, inner);
  }

  @Override
  public void notIterable(TemplateContext context, String name, Mustache inner) {
    requireName(context, name);
    super.notIterable(context, name, inner);
  }

  @Override
  public void name(TemplateContext context, String name, Mustache inner) {
    requireName(context, name);
    super.name(context, name, inner);
  }

  @Override
  public void checkName(TemplateContext context, String name, Mustache inner) {
    throw new MustacheException("{{?" + shown(name) + "}} is not Mustache", context);
  }

  @Override
  public void pragma(TemplateContext context, String pragma, @Nullable String arguments) {
    throw new MustacheException("{{%" + shown(pragma) + "}} is not Mustache", context);
  }

  /** Text is joined line by line, which takes forever for very many lines. */
  @Override
  public void write(TemplateContext context, String text) {
    if (text.isEmpty()) {
      return;
    }
    if (list.size() != codes) {
      codes = list.size();
      textLength = 0;
    }
    textLength += text.length();
    if (codes > 0 && textLength > LONGEST_TEXT) {
      list.add(new WriteCode(context, df, text));
    } else {
      super.write(context, text);
    }
  }

  private void requireName(TemplateContext context, String name) {
    compiler.tag();
    if (name.length() > LONGEST_NAME) {
      throw new MustacheException("the name " + shown(name) + " is too long", context);
    }
    if (name.startsWith("*")) {
      throw new MustacheException("a variable must be named in the template itself", context);
    }
  }

  private static String shown(String name) {
    return name.length() > 30 ? name.substring(0, 30) + "..." : name;
  }

  @Override
  public void partial(TemplateContext context, String name, String indent) {
    requireName(context, name);
    list.add(new Partial(plain(context), compiler, name, indent));
  }

  @Override
  public void extend(TemplateContext context, String name, Mustache blocks) {
    requireName(context, name);
    list.add(new Layout(plain(context), compiler, blocks, name));
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
    private final PartCompiler compiler;
    private final String indent;

    Partial(TemplateContext context, PartCompiler compiler, String name, String indent) {
      super(context, compiler, name);
      this.compiler = compiler;
      this.indent = indent;
    }

    @Override
    public Code[] getCodes() {
      Code[] codes = super.getCodes();
      compiler.walked(codes);
      return codes;
    }

    @Override
    public Writer execute(Writer writer, List<Object> scopes) {
      Rendering.pay(scopes, 1);
      partial.execute(Nested.in(writer, indent, tc), scopes);
      return appendText(writer);
    }
  }

  private static final class Layout extends ExtendCode {
    private final PartCompiler compiler;

    Layout(TemplateContext context, PartCompiler compiler, Mustache blocks, String name) {
      super(context, compiler, blocks, name);
      this.compiler = compiler;
    }

    @Override
    public Code[] getCodes() {
      Code[] codes = super.getCodes();
      compiler.walked(codes);
      return codes;
    }

    @Override
    public Writer execute(Writer writer, List<Object> scopes) {
      Rendering.pay(scopes, 1);
      partial.execute(Nested.in(writer, "", tc), scopes);
      return appendText(writer);
    }
  }
}
