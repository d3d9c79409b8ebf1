package dev.notify.template;

import dev.notify.model.TemplateException;
import java.util.List;

/**
 * How much one rendering may do. It is counted and not timed: so a template that is refused is
 * refused on every machine and under any load, and one that passes is not refused because the
 * machine was busy. Lies at the bottom of the scopes, where no name finds it. For one thread.
 */
final class Budget {

  /** Less than a second's work; a list of ten thousand lines with ten values each needs a tenth. */
  static final int MOST_STEPS = 5_000_000;

  private final String template;
  private int left = MOST_STEPS;

  Budget(String template) {
    this.template = template;
  }

  /** Pays for a piece of the work out of the budget that the scopes carry. */
  static void pay(List<Object> scopes, int steps) {
    if (!scopes.isEmpty() && scopes.get(0) instanceof Budget budget) {
      budget.pay(steps);
    }
  }

  private void pay(int steps) {
    left -= steps;
    if (left < 0) {
      throw new TemplateException(template, "takes more than " + MOST_STEPS + " steps to render");
    }
  }
}
