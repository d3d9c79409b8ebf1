package dev.notify.engine;

/**
 * What a message has in common with those it may share a call with.
 *
 * @param common compared by {@code equals}
 * @param shares whether there can be others at all
 */
record Kind(Object common, boolean shares) {

  private static final Kind ALONE = new Kind("alone", false);

  /** Of a message that goes by itself. */
  static Kind alone() {
    return ALONE;
  }

  /** Of messages that may go together. */
  static Kind shared(Object common) {
    return new Kind(common, true);
  }
}
