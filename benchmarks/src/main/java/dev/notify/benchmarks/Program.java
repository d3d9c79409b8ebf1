package dev.notify.benchmarks;

import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;

/** What all programs that {@code benchmarks/run} starts have around their work. */
public final class Program {

  /** Kept, since a logger that nobody holds forgets its level. */
  private static final Logger EVERYONE = Logger.getLogger("");

  private Program() {}

  /**
   * What a program does.
   *
   * @param <O> what is asked of it
   */
  @FunctionalInterface
  public interface Work<O> {

    /** Does it, and answers whether all was well. */
    boolean run(O options) throws Exception;
  }

  /**
   * Runs a program and ends this process, whatever threads are left behind: with 0 if all was well,
   * 1 if not, 2 if what is asked of it makes no sense.
   *
   * @param parse reads what is asked; throws an {@link IllegalArgumentException} that names what
   *     makes no sense
   */
  public static <O> void run(
      String usage, Function<String[], O> parse, Work<O> work, String... args) {
    O options;
    try {
      options = parse.apply(args);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n" + usage);
      System.exit(2);
      return;
    }
    quiet(Level.WARNING);
    int status = 1;
    try {
      status = work.run(options) ? 0 : 1;
    } catch (Exception e) {
      e.printStackTrace();
    }
    System.exit(status);
  }

  /** What is asked of a program that may be told to be quick, and nothing else. */
  public static boolean isQuick(String... args) {
    for (String arg : args) {
      if (!arg.equals("--quick")) {
        throw new IllegalArgumentException(arg);
      }
    }
    return args.length > 0;
  }

  /** Has only what is as bad as this logged, whoever says it. */
  public static void quiet(Level level) {
    EVERYONE.setLevel(level);
  }
}
