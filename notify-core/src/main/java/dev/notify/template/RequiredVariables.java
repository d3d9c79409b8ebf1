package dev.notify.template;

import com.github.mustachejava.Code;
import com.github.mustachejava.codes.ExtendCode;
import com.github.mustachejava.codes.IterableCode;
import com.github.mustachejava.codes.NotIterableCode;
import com.github.mustachejava.codes.PartialCode;
import com.github.mustachejava.codes.ValueCode;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Finds the variables a template cannot do without: those that stand outside every section. What
 * stands inside one is shown only if the data is there, so it is not required.
 */
final class RequiredVariables {

  private final Set<String> names;
  private final Set<String> visitedPartials = new HashSet<>();
  private final Set<ExtendCode> visitedLayouts = Collections.newSetFromMap(new IdentityHashMap<>());

  private RequiredVariables(Set<String> names) {
    this.names = names;
  }

  static void collect(Code template, Set<String> names) {
    new RequiredVariables(names).visitChildren(template);
  }

  private void visitChildren(Code code) {
    Code[] children = code.getCodes();
    if (children != null) {
      for (Code child : children) {
        visit(child);
      }
    }
  }

  private void visit(Code code) {
    if (code instanceof ValueCode value) {
      String name = Filtered.variable(value.getName());
      if (!".".equals(name)) {
        names.add(name);
      }
    } else if (code instanceof IterableCode || code instanceof NotIterableCode) {
      return;
    } else if (code instanceof ExtendCode layout) {
      // Each use of a layout fills it with something else.
      if (visitedLayouts.add(layout)) {
        visitChildren(code);
      }
    } else if (!(code instanceof PartialCode partial) || visitedPartials.add(partial.getName())) {
      visitChildren(code);
    }
  }
}
