package dev.notify.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.JMException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Which objects a delivery is made of, counted exactly: a JVM whose collector never collects
 * (Epsilon) keeps them all, and a histogram of its heap before and after many sends is the answer.
 * Sampling will not do here: it favours some objects when every send allocates the same ones.
 */
final class Allocations {

  private static final int WARM_UP = 200_000;
  private static final int SENDS = 500_000;
  private static final double LEAST_BYTES_SHOWN = 4;

  private Allocations() {}

  /** Counts in a JVM of its own; a line for each class, or why there is none. */
  static String count() throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+UseEpsilonGC",
            "-Xmx3g",
            "-cp",
            System.getProperty("java.class.path"),
            Allocations.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String lines;
    try (BufferedReader out = process.inputReader()) {
      lines = out.lines().filter(line -> line.startsWith("  ")).collect(Collectors.joining("\n"));
    }
    return process.waitFor() == 0
        ? lines
        : "  not counted: this JVM has no Epsilon collector, or too little memory";
  }

  /** In that JVM. */
  public static void main(String[] args) throws JMException, InterruptedException {
    Sending sending = new Sending();
    Map<String, long[]> before = histogramAfter(WARM_UP, sending);
    Map<String, long[]> after = histogramAfter(SENDS, sending);
    after.entrySet().stream()
        .map(entry -> new Line(entry.getKey(), entry.getValue(), before.get(entry.getKey())))
        .filter(line -> line.bytes() >= LEAST_BYTES_SHOWN)
        .sorted(Comparator.comparingDouble(Line::bytes).reversed())
        .forEach(System.out::println);
  }

  private record Line(String type, double objects, double bytes) {
    Line(String type, long[] after, long @Nullable [] before) {
      this(
          type,
          (after[0] - (before == null ? 0 : before[0])) / (double) SENDS,
          (after[1] - (before == null ? 0 : before[1])) / (double) SENDS);
    }

    @Override
    public String toString() {
      return "  %6.1f B  %4.1f x %s".formatted(bytes, objects, type);
    }
  }

  private static Map<String, long[]> histogramAfter(int sends, Sending sending)
      throws JMException, InterruptedException {
    for (int i = 0; i < sends; i++) {
      sending.send();
    }
    TimeUnit.SECONDS.sleep(1); // for what is under way
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[] {"-all"}},
                new String[] {String[].class.getName()});
    Map<String, long[]> byType = new HashMap<>();
    for (String line : histogram.toString().lines().toList()) {
      String[] fields = line.strip().split("\\s+");
      if (fields.length >= 4 && fields[0].endsWith(":")) {
        long[] sum = byType.computeIfAbsent(simple(fields[3]), type -> new long[2]);
        sum[0] += Long.parseLong(fields[1]);
        sum[1] += Long.parseLong(fields[2]);
      }
    }
    return byType;
  }

  /** Lambdas have a number and an address that mean nothing to the reader. */
  private static String simple(String type) {
    return type.replaceFirst("\\$\\$Lambda.*", " lambda");
  }
}
