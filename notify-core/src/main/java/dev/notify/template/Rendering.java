package dev.notify.template;

import dev.notify.model.TemplateException;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;

/**
 * For whom something is rendered, and how much that may take. The work is counted and not timed: so
 * a template that is refused is refused on every machine and under any load, and one that passes is
 * not refused because the machine was busy. Lies at the bottom of the scopes, where no name finds
 * it. For one thread.
 */
final class Rendering {

  /** Less than a second's work; a list of ten thousand lines with ten values each needs a tenth. */
  static final int MOST_STEPS = 5_000_000;

  private final String template;
  private final Locale locale;
  private final ZoneId zone;
  private int left = MOST_STEPS;

  Rendering(String template, Locale locale, ZoneId zone) {
    this.template = template;
    this.locale = locale;
    this.zone = zone;
  }

  String template() {
    return template;
  }

  /** The language of the text, and as a rule the person's region. */
  Locale locale() {
    return locale;
  }

  /** Where the person is. */
  ZoneId zone() {
    return zone;
  }

  /** The rendering that these scopes belong to. */
  static Rendering of(List<Object> scopes) {
    return (Rendering) scopes.get(0);
  }

  /** Pays for a piece of the work out of the budget that the scopes carry. */
  static void pay(List<Object> scopes, int steps) {
    if (!scopes.isEmpty() && scopes.get(0) instanceof Rendering rendering) {
      rendering.pay(steps);
    }
  }

  private void pay(int steps) {
    left -= steps;
    if (left < 0) {
      throw new TemplateException(template, "takes more than " + MOST_STEPS + " steps to render");
    }
  }
}
