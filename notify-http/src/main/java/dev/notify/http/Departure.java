package dev.notify.http;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Whether a request has begun to leave. Rides on the request as a tag; the gate below is the last
 * thing before the first byte, so that of leaving and calling off exactly one happens.
 */
final class Departure {

  private enum State {
    WAITING,
    LEFT,
    CALLED_OFF
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
  private volatile Runnable before = () -> {};

  /** Sets what is done last before it leaves, on the thread that makes the call. */
  void before(Runnable action) {
    before = action;
  }

  /** Whether the vendor may have seen something of the request. */
  boolean hasLeft() {
    return state.get() == State.LEFT;
  }

  /** Keeps it from leaving; {@code false} if it has left already. */
  boolean callOff() {
    return state.compareAndSet(State.WAITING, State.CALLED_OFF) || !hasLeft();
  }

  private boolean leave() {
    return state.compareAndSet(State.WAITING, State.LEFT) || hasLeft();
  }

  /** A network interceptor: runs when the connection stands and nothing has been written. */
  static Response gate(Interceptor.Chain chain) throws IOException {
    Request request = chain.request();
    Departure departure = request.tag(Departure.class);
    if (departure != null) {
      departure.before.run();
      if (!departure.leave()) {
        throw new IOException("called off");
      }
    }
    return chain.proceed(request);
  }
}
