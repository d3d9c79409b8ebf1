package dev.notify.routing;

import dev.notify.model.ConfigurationException;
import dev.notify.spi.Audience;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Audiences of what an application often has at hand. For the rows of a query see {@code
 * JdbcAudience} of the JDBC store.
 *
 * @since 0.1
 */
public final class Audiences {

  private Audiences() {}

  /**
   * People by their ids, in the order in which they come. Each {@code iterator()} must begin anew
   * and give the same ids in the same order.
   */
  public static Audience of(String name, Iterable<String> ids) {
    return new IterableAudience(name, ids);
  }

  /**
   * People by their ids, one on each line of a file in UTF-8; blank lines and those that begin with
   * {@code #} say nothing. The file must not change while a broadcast reads it.
   *
   * @throws ConfigurationException if there is no such file
   */
  public static Audience lines(String name, Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigurationException("audience " + name + ": " + file + " is not a file");
    }
    return new FileAudience(name, file);
  }
}
