package dev.notify.http;

import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.spi.AbstractInterruptibleChannel;
import okhttp3.Call;

/**
 * Ends a call when the thread that makes it is interrupted. A blocked socket does not react to
 * interruption; to be told of it as channels are costs nothing, while another thread for the call
 * costs two changes of threads for every message.
 *
 * <p>Belongs to the thread that watches; what interrupts it may be any.
 */
final class Interruption extends AbstractInterruptibleChannel {

  private final Departure departure;
  private final Call call;

  Interruption(Departure departure, Call call) {
    this.departure = departure;
    this.call = call;
  }

  /**
   * From here on the thread's interruption ends the call, at once if it has come already. To be
   * said again after anything that may have used a channel itself, which then watches no more.
   */
  void watch() {
    begin();
  }

  /** Interruption is the thread's own matter again; its flag stays as it is. */
  void rest() {
    try {
      end(true);
    } catch (AsynchronousCloseException e) {
      // It has happened, which the caller asks for when it has no answer.
    }
  }

  boolean hasHappened() {
    return !isOpen();
  }

  @Override
  protected void implCloseChannel() {
    departure.callOff();
    call.cancel();
  }
}
