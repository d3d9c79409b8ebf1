package dev.notify.template;

import com.github.mustachejava.MustacheException;
import com.github.mustachejava.TemplateContext;
import dev.notify.model.TemplateException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A variable with a filter, {@code orderedAt|date:long}: to Mustache a name as any other, so that a
 * template with filters stays one.
 */
final class Filtered {

  private static final Pattern FORM =
      Pattern.compile("([^|]+)\\|\\s*([a-z]+)\\s*(?::\\s*([A-Za-z0-9_.-]{1,100})\\s*)?");

  /** Formats are costly to make. */
  private static final int STEPS = 50;

  private final String variable;
  private final Filter filter;
  private final String argument;
  private final Function<List<Object>, @Nullable Object> data;

  private Filtered(String variable, Filter filter, String argument) {
    this.variable = variable;
    this.filter = filter;
    this.argument = argument;
    data = PlainDataHandler.lookUp(variable);
  }

  static boolean isFiltered(String name) {
    return name.indexOf('|') > 0;
  }

  /** The variable's name without its filter. */
  static String variable(String name) {
    return isFiltered(name) ? name.substring(0, name.indexOf('|')).strip() : name;
  }

  static Filtered parse(String name, TemplateContext context) {
    Matcher form = FORM.matcher(name);
    if (!form.matches()) {
      throw new MustacheException(
          "{{" + name + "}} has a filter that does not read as '|name' or '|name:argument'",
          context);
    }
    Filter filter =
        Filter.find(form.group(2))
            .orElseThrow(
                () ->
                    new MustacheException(
                        "there is no filter '" + form.group(2) + "'; there are " + Filter.names(),
                        context));
    String argument = form.group(3) == null ? "" : form.group(3);
    if (!filter.takes(argument)) {
      throw new MustacheException(
          "{{" + name + "}}: filter '" + form.group(2) + "' takes " + filter.argument(), context);
    }
    return new Filtered(form.group(1).strip(), filter, argument);
  }

  @Nullable Object value(List<Object> scopes) {
    Rendering rendering = Rendering.of(scopes);
    Rendering.pay(scopes, STEPS);
    Object value = data.apply(scopes);
    if (value == null) {
      return null;
    }
    try {
      return filter.apply(value, argument(scopes), rendering);
    } catch (IllegalArgumentException | ArithmeticException | java.time.DateTimeException e) {
      throw new TemplateException(
          rendering.template(),
          "'" + variable + "' is not what filter '" + filter.word() + "' takes: " + filter.input(),
          e);
    }
  }

  private String argument(List<Object> scopes) {
    if (filter != Filter.MONEY || Filter.CURRENCY.matcher(argument).matches()) {
      return argument;
    }
    return String.valueOf(PlainDataHandler.lookUp(argument).apply(scopes));
  }
}
