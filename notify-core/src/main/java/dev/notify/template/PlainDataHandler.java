package dev.notify.template;

import com.github.mustachejava.Binding;
import com.github.mustachejava.Code;
import com.github.mustachejava.TemplateContext;
import com.github.mustachejava.reflect.AbstractObjectHandler;
import com.github.mustachejava.util.Wrapper;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads values from maps and nothing else: no reflection, so that a template cannot call into the
 * application.
 */
final class PlainDataHandler extends AbstractObjectHandler {

  @Override
  public Binding createBinding(String name, TemplateContext context, Code code) {
    return scopes -> value(name, scopes);
  }

  @Override
  public Wrapper find(String name, List<Object> scopes) {
    return asked -> value(name, asked);
  }

  /**
   * The innermost scope that has the first word of the name decides, as the Mustache manual says.
   */
  private static @Nullable Object value(String name, List<Object> scopes) {
    int dot = name.indexOf('.');
    String head = dot > 0 ? name.substring(0, dot) : name;
    for (int i = scopes.size() - 1; i >= 0; i--) {
      if (scopes.get(i) instanceof Map<?, ?> data
          && (data.containsKey(head) || data.containsKey(name))) {
        return PlainData.lookUp(data, name);
      }
    }
    return null;
  }
}
