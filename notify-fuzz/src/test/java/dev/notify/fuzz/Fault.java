package dev.notify.fuzz;

/**
 * What was wrong with an input, the first of its kind.
 *
 * @param kind equal for inputs that found the same
 * @param input the way to repeat it
 * @param what all that is known
 */
record Fault(String kind, String input, String what) {

  static Fault of(Chance chance, Throwable thrown) {
    StackTraceElement[] stack = thrown.getStackTrace();
    String place = stack.length == 0 ? "" : " at " + stack[0];
    for (StackTraceElement frame : stack) {
      if (frame.getClassName().startsWith("dev.notify.")) {
        place += " in " + frame;
        break;
      }
    }
    return new Fault(thrown.getClass().getName() + place, chance.toString(), trace(thrown));
  }

  /** Down to where the library was called. */
  private static String trace(Throwable thrown) {
    StringBuilder text = new StringBuilder(String.valueOf(thrown));
    int frames = 0;
    for (StackTraceElement frame : thrown.getStackTrace()) {
      if (frame.getClassName().startsWith("dev.notify.fuzz.") || frames++ > 30) {
        break;
      }
      text.append("\n  at ").append(frame);
    }
    return thrown.getCause() == null ? text.toString() : text + "\nby " + trace(thrown.getCause());
  }

  static Fault of(Chance chance, String kind, String what) {
    return new Fault(kind, chance.toString(), what);
  }

  @Override
  public String toString() {
    return "\n" + kind + ", " + input + "\n" + what;
  }
}
