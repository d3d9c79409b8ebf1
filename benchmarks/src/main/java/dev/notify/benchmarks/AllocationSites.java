package dev.notify.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;

/**
 * Who allocates, by a flight recording of the moments at which a thread needed new memory: they
 * come after equal amounts, so each counts the same. Each goes to the nearest method of the library
 * on its stack, and to the class of the object.
 */
final class AllocationSites {

  private static final String LIBRARY = "dev.notify.";
  private static final String BENCHMARKS = "dev.notify.benchmarks.";
  private static final String SAMPLE = "jdk.ObjectAllocationInNewTLAB";
  private static final int MOST_LINES = 16;

  private final Map<String, Long> bySite = new TreeMap<>();
  private final Map<String, Long> byClass = new TreeMap<>();
  private long total;

  /** Settings for the recorder: nothing but the samples. */
  static String settings() {
    return """
        <?xml version="1.0" encoding="UTF-8"?>
        <configuration version="2.0">
          <event name="%s">
            <setting name="enabled">true</setting>
            <setting name="stackTrace">true</setting>
          </event>
        </configuration>
        """
        .formatted(SAMPLE);
  }

  static AllocationSites of(Path recording) throws IOException {
    AllocationSites sites = new AllocationSites();
    try (RecordingFile file = new RecordingFile(recording)) {
      while (file.hasMoreEvents()) {
        RecordedEvent event = file.readEvent();
        if (event.getEventType().getName().equals(SAMPLE)) {
          sites.add(event);
        }
      }
    }
    return sites;
  }

  private void add(RecordedEvent sample) {
    RecordedStackTrace stack = sample.getStackTrace();
    String site = stack == null ? "" : site(stack.getFrames());
    if (site.isEmpty()) {
      return; // JMH and the JVM itself
    }
    bySite.merge(site, 1L, Long::sum);
    byClass.merge(simple(sample.getClass("objectClass").getName()), 1L, Long::sum);
    total++;
  }

  private static String site(List<RecordedFrame> frames) {
    for (RecordedFrame frame : frames) {
      String type = frame.getMethod().getType().getName();
      if (type.startsWith(LIBRARY)) {
        return type.startsWith(BENCHMARKS) ? "" : simple(type) + "." + frame.getMethod().getName();
      }
    }
    return "";
  }

  private static String simple(String type) {
    String withoutAddress = type.replaceFirst("/.*", "");
    return withoutAddress.substring(withoutAddress.lastIndexOf('.') + 1);
  }

  /** The largest sites and classes, with their part of {@code bytes}. */
  String describe(double bytes) {
    return "send.bytes by method (nearest of the library):\n"
        + lines(bySite, bytes)
        + "\nsend.bytes by class:\n"
        + lines(byClass, bytes);
  }

  private String lines(Map<String, Long> weights, double bytes) {
    return weights.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(MOST_LINES)
        .map(
            entry ->
                "  %5.0f B  %s"
                    .formatted(bytes * entry.getValue() / Math.max(1, total), entry.getKey()))
        .collect(Collectors.joining("\n"));
  }
}
