package dev.notify.examples;

import dev.notify.examples.server.NotifyServer;
import dev.notify.model.NotifyException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.LogManager;

/**
 * Runs an example, by the name in the system property {@code example}, the quickstart without one:
 *
 * <pre>{@code mvn -q compile exec:java -pl notify-examples -am -Dexample=quickstart}</pre>
 */
public final class Examples {

  /** A program with arguments that says what it does. */
  @FunctionalInterface
  interface Example {
    void run(List<String> arguments, PrintStream out);
  }

  private static final Map<String, Example> ALL =
      new TreeMap<>(
          Map.of(
              "console", ConsoleTour::run,
              "quickstart", Quickstart::run,
              "server", NotifyServer::run,
              "transaction", ShipOrder::run));

  private Examples() {}

  /** Runs one example; ends the process with 1 if it cannot do its work. */
  public static void main(String... arguments) {
    quietLogs();
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    int exit = run(System.getProperty("example", "quickstart"), List.of(arguments), out, err);
    if (exit != 0) {
      System.exit(exit);
    }
  }

  /** Runs one example and answers with what the process should; faults are told in one line. */
  static int run(String name, List<String> arguments, PrintStream out, PrintStream err) {
    Example example = ALL.get(name);
    if (example == null) {
      err.println("example: there is no '" + name + "'; there are " + ALL.keySet());
      return 1;
    }
    try {
      example.run(arguments, out);
      return 0;
    } catch (InputException | NotifyException e) {
      err.println(e.getMessage());
      return 1;
    }
  }

  /** The examples speak for themselves; of the libraries' logs only trouble is shown. */
  private static void quietLogs() {
    try (InputStream settings = Examples.class.getResourceAsStream("logging.properties")) {
      LogManager.getLogManager().readConfiguration(settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
