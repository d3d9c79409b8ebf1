package dev.notify.template;

import com.github.mustachejava.Binding;
import com.github.mustachejava.Code;
import com.github.mustachejava.Iteration;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.reflect.AbstractObjectHandler;
import com.github.mustachejava.util.Wrapper;
import java.io.Writer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads values from maps and nothing else: no reflection, so that a template cannot call into the
 * application.
 */
final class PlainDataHandler extends AbstractObjectHandler {

  @Override
  public Binding createBinding(@Nullable String name, TemplateContext context, Code code) {
    if (name == null) {
      return scopes -> null; // the plain text between two tags
    }
    if (Filtered.isFiltered(name)) {
      return Filtered.parse(name, context)::value;
    }
    return Name.of(name)::value;
  }

  /** The value of a name without filters; {@code .} is what the section goes over. */
  static Function<List<Object>, @Nullable Object> lookUp(String name) {
    return ".".equals(name) ? scopes -> scopes.get(scopes.size() - 1) : Name.of(name)::value;
  }

  @Override
  public Wrapper find(String name, List<Object> scopes) {
    return Name.of(name)::value;
  }

  /** Every item costs something, even if nothing is said of it. */
  @Override
  public Writer iterate(
      Iteration iteration, Writer writer, @Nullable Object object, List<Object> scopes) {
    Rendering.pay(scopes, object instanceof Collection<?> items ? items.size() : 1);
    return super.iterate(iteration, writer, object, scopes);
  }

  /**
   * A variable's name, taken apart once.
   *
   * @param whole the name as it stands
   * @param head its first word, the same if it has one only
   */
  private record Name(String whole, String head) {

    static Name of(String name) {
      int dot = name.indexOf('.');
      return new Name(name, dot > 0 ? name.substring(0, dot) : name);
    }

    /**
     * The innermost scope that has the first word of the name decides, as the Mustache manual says.
     */
    @Nullable Object value(List<Object> scopes) {
      Rendering.pay(scopes, scopes.size());
      for (int i = scopes.size() - 1; i >= 0; i--) {
        if (scopes.get(i) instanceof Map<?, ?> data) {
          Object value = data.get(whole);
          if (value != null) {
            return value;
          }
          if (data.containsKey(head) || data.containsKey(whole)) {
            return PlainData.lookUp(data, whole);
          }
        }
      }
      return null;
    }
  }
}
