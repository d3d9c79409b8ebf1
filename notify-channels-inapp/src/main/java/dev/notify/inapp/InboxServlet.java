package dev.notify.inapp;

import dev.notify.inapp.InboxStream.Sink;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Streams of inboxes as <a
 * href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent events</a>, in
 * a servlet container. Register it with {@code asyncSupported}; it holds no thread and never
 * blocks.
 *
 * <pre>{@code
 * var registration = context.addServlet("inbox", InboxServlet.of(streams, this::userOf));
 * registration.addMapping("/inbox/stream");
 * registration.setAsyncSupported(true);
 * }</pre>
 *
 * <p>A client that does not read is given up by the container, when its connection has been idle
 * for too long. Thread-safe.
 *
 * @since 0.1
 */
public final class InboxServlet extends HttpServlet {

  private static final long serialVersionUID = 1L;

  private static final int TOO_MANY_REQUESTS = 429;

  private final transient InboxStreams streams;
  private final transient Function<HttpServletRequest, Optional<String>> users;

  private InboxServlet(InboxStreams streams, Function<HttpServletRequest, Optional<String>> users) {
    this.streams = streams;
    this.users = users;
  }

  /**
   * A servlet for these streams.
   *
   * @param users whose inbox a request is for, as the application knows from its session or token;
   *     empty is answered with 401
   */
  public static InboxServlet of(
      InboxStreams streams, Function<HttpServletRequest, Optional<String>> users) {
    return new InboxServlet(streams, users);
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Optional<String> user = users.apply(request);
    if (user.isEmpty()) {
      refuse(response, HttpServletResponse.SC_UNAUTHORIZED);
      return;
    }
    Optional<String> last = Optional.ofNullable(request.getHeader(ServerSent.LAST_EVENT_ID));
    AsyncSink sink = new AsyncSink();
    Optional<InboxStream> stream = streams.open(user.get(), InboxStreams.revision(last), sink);
    if (stream.isEmpty()) {
      response.setHeader("Retry-After", ServerSent.RETRY_AFTER);
      refuse(response, TOO_MANY_REQUESTS);
      return;
    }
    ServerSent.HEADERS.forEach(response::setHeader);
    try {
      AsyncContext context = request.startAsync();
      context.setTimeout(0);
      context.addListener(new Ending(stream.get()));
      sink.begin(context, response.getOutputStream());
    } catch (IOException | RuntimeException e) {
      stream.get().close();
      throw e;
    }
  }

  /** Else a request for the head alone would open a stream. */
  @Override
  protected void doHead(HttpServletRequest request, HttpServletResponse response) {
    response.setHeader("Allow", "GET");
    refuse(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED);
  }

  private static void refuse(HttpServletResponse response, int status) {
    response.setHeader("Cache-Control", "no-store");
    response.setStatus(status);
  }

  private void writeObject(ObjectOutputStream out) throws IOException {
    throw new NotSerializableException("InboxServlet");
  }

  private void readObject(ObjectInputStream in) throws IOException {
    throw new NotSerializableException("InboxServlet");
  }

  /** The container ended it. */
  private record Ending(InboxStream stream) implements AsyncListener {
    @Override
    public void onComplete(AsyncEvent event) {
      stream.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
      stream.close();
    }

    @Override
    public void onError(AsyncEvent event) {
      stream.close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {}
  }

  /** Writes whenever the container can take something. */
  private static final class AsyncSink implements Sink, WriteListener {

    private @Nullable AsyncContext context;
    private @Nullable ServletOutputStream out;
    private byte @Nullable [] pending = ServerSent.BEGINNING;
    private @Nullable CompletableFuture<Void> written;
    private boolean isPossible;
    private boolean isToFlush;
    private boolean isEnded;

    void begin(AsyncContext asyncContext, ServletOutputStream output) {
      synchronized (this) {
        context = asyncContext;
        out = output;
        if (isEnded) {
          asyncContext.complete();
          return;
        }
      }
      output.setWriteListener(this);
    }

    @Override
    public CompletionStage<?> write(InboxEvent event) {
      CompletableFuture<Void> next = new CompletableFuture<>();
      synchronized (this) {
        byte[] bytes = event.serverSent();
        // Nothing is asked to be written before the last was, but the beginning.
        pending = pending == null ? bytes : joined(pending, bytes);
        written = next;
      }
      drive();
      return next;
    }

    private static byte[] joined(byte[] first, byte[] second) {
      byte[] both = Arrays.copyOf(first, first.length + second.length);
      System.arraycopy(second, 0, both, first.length, second.length);
      return both;
    }

    @Override
    public void onWritePossible() {
      synchronized (this) {
        isPossible = true;
      }
      drive();
    }

    private void drive() {
      CompletableFuture<Void> done = null;
      Throwable fault = null;
      synchronized (this) {
        if (!isPossible || isEnded || out == null) {
          return;
        }
        try {
          while (out.isReady()) {
            if (pending != null) {
              out.write(pending);
              pending = null;
              isToFlush = true;
            } else if (isToFlush) {
              isToFlush = false;
              out.flush();
            } else {
              done = written;
              written = null;
              break;
            }
          }
        } catch (IOException | RuntimeException e) {
          fault = e;
          done = written;
          written = null;
        }
      }
      settle(done, fault);
    }

    private static void settle(@Nullable CompletableFuture<Void> done, @Nullable Throwable fault) {
      if (done != null && fault != null) {
        done.completeExceptionally(fault);
      } else if (done != null) {
        done.complete(null);
      }
    }

    @Override
    public void onError(Throwable fault) {
      AsyncContext ended;
      CompletableFuture<Void> done;
      synchronized (this) {
        ended = isEnded ? null : context;
        isEnded = true;
        done = written;
        written = null;
      }
      settle(done, fault);
      complete(ended);
    }

    @Override
    public void end() {
      AsyncContext ended;
      synchronized (this) {
        ended = isEnded ? null : context;
        isEnded = true;
      }
      complete(ended);
    }

    private static void complete(@Nullable AsyncContext ended) {
      if (ended == null) {
        return;
      }
      try {
        ended.complete();
      } catch (IllegalStateException e) {
        // The container was faster.
      }
    }
  }
}
