package dev.notify.policy;

import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.InvalidNotificationException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The categories of a dispatcher by name. Once any is declared, only declared ones may be used.
 *
 * @since 0.1
 */
public final class Categories {

  private final Map<String, Category> byName = new TreeMap<>();
  private final boolean open;

  /** These categories, and {@link Category#GENERAL}. */
  public Categories(Collection<Category> declared) {
    for (Category category : declared) {
      if (byName.put(category.name(), category) != null) {
        throw new ConfigurationException("category: '" + category.name() + "' is declared twice");
      }
    }
    open = byName.isEmpty();
    byName.putIfAbsent(Category.GENERAL.name(), Category.GENERAL);
  }

  /** All there are, by name. */
  public List<Category> all() {
    return List.copyOf(byName.values());
  }

  /**
   * The category of this name; one that is not declared is optional where none is, else an error.
   */
  public Category find(String name) {
    Category known = byName.get(name);
    if (known != null) {
      return known;
    }
    if (open) {
      return Category.optional(name);
    }
    throw new InvalidNotificationException(
        "category", "'" + name + "' is not declared; there are " + byName.keySet());
  }
}
