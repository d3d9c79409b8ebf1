package dev.notify.jdbc;

import dev.notify.model.Address;
import java.util.ArrayList;
import java.util.List;

/**
 * What one send took for granted: that these people have chosen nothing, and that these addresses
 * are not suppressed. Made by the sender's thread, checked by whoever stores for it.
 */
final class Presumption {

  /** Nothing is taken for granted. */
  static final Presumption NONE = new Presumption();

  private List<Unknown<String>> withoutChoices = List.of();
  private List<Unknown<Address>> unsuppressed = List.of();
  private volatile State state = State.OPEN;

  /**
   * What nobody has looked up.
   *
   * @param what the person's id, or the address
   * @param stamp {@link Recent#stamp} of the moment
   */
  record Unknown<T>(T what, long stamp) {}

  private enum State {
    /** More may be presumed. */
    OPEN,
    /** In the hands of who stores. */
    HANDED_OVER,
    CHECKED,
    /** Right, as the very statement found that stored what was decided by it. */
    CONFIRMED,
    WRONG
  }

  void addWithoutChoices(String recipientId, long stamp) {
    withoutChoices = with(withoutChoices, new Unknown<>(recipientId, stamp));
  }

  void addUnsuppressed(Address address, long stamp) {
    unsuppressed = with(unsuppressed, new Unknown<>(address, stamp));
  }

  /** Most sends presume nothing, or one thing. */
  private static <T> List<T> with(List<T> few, T another) {
    List<T> more = few.isEmpty() ? new ArrayList<>(1) : few;
    more.add(another);
    return more;
  }

  List<Unknown<String>> withoutChoices() {
    return withoutChoices;
  }

  List<Unknown<Address>> unsuppressed() {
    return unsuppressed;
  }

  private boolean isEmpty() {
    return withoutChoices.isEmpty() && unsuppressed.isEmpty();
  }

  void handOver() {
    state = State.HANDED_OVER;
  }

  /** Whether it has to be looked at before anything is stored that was decided by it. */
  boolean isToBeChecked() {
    return state == State.HANDED_OVER && !isEmpty();
  }

  void checked(boolean right) {
    state = right ? State.CHECKED : State.WRONG;
  }

  void confirmed() {
    state = State.CONFIRMED;
  }

  boolean isConfirmed() {
    return state == State.CONFIRMED;
  }

  boolean isWrong() {
    return state == State.WRONG;
  }

  /** Whether what came of the send may be due to something that is not so. */
  boolean isInDoubt() {
    return isWrong() || (state == State.OPEN && !isEmpty());
  }
}
