package dev.notify.simulation;

import java.util.ArrayList;
import java.util.List;

/** What happened, line by line. Two runs of a seed have the same one. */
final class History {

  private static final long FNV_PRIME = 0x100000001b3L;

  private final World world;
  private final List<String> lines = new ArrayList<>();
  private long hash = 0xcbf29ce484222325L;

  History(World world) {
    this.world = world;
  }

  void add(String what) {
    String line = world.now() / 1_000 + " us  " + what;
    lines.add(line);
    for (int i = 0; i < line.length(); i++) {
      hash = (hash ^ line.charAt(i)) * FNV_PRIME;
    }
  }

  long hash() {
    return hash;
  }

  List<String> tail(int count) {
    return lines.subList(Math.max(0, lines.size() - count), lines.size());
  }
}
