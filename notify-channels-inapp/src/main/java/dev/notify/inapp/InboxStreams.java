package dev.notify.inapp;

import dev.notify.inapp.InboxStream.Sink;
import dev.notify.model.ConfigurationException;
import dev.notify.spi.InboxStore;
import dev.notify.spi.InboxStore.Changes;
import dev.notify.spi.InboxStore.Counts;
import dev.notify.spi.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Open streams of inboxes: each client is told of every change in its inbox, once and in order,
 * whatever happened in between and on whichever node. Knows nothing of HTTP; {@link
 * InboxHttpHandler}, {@link InboxServlet} and {@link InboxWebSocket} bring clients here.
 *
 * <pre>{@code
 * InboxStreams streams = InboxStreams.of(inbox);
 * server.createContext("/inbox/stream", InboxHttpHandler.of(streams, this::userOf));
 * }</pre>
 *
 * <p>The store's hints make it quick, and a question after the revisions of all who are connected
 * makes it sure, every second. Who is connected is noted in the store, for {@link InboxPresence};
 * so let all adapters of a process share one, or whoever leaves one of two is taken to be gone for
 * up to half a minute. Thread-safe; close it when the server has stopped.
 *
 * @since 0.1
 */
public final class InboxStreams implements AutoCloseable {

  /** Streams that a user may have open, unless set. */
  public static final int PER_USER = 20;

  /** Streams that may be open on this node, unless set. */
  public static final int IN_ALL = 10_000;

  private static final Logger log = LoggerFactory.getLogger(InboxStreams.class);

  /** Items in one event; what is more comes with the next. */
  private static final int ITEMS_AT_ONCE = 50;

  private static final int USERS_AT_ONCE = 200;
  private static final int WORKERS = 4;

  /** However many hints come, revisions are asked for no more often, */
  private static final long HINTS_APART = TimeUnit.MILLISECONDS.toNanos(25);

  /** and there is so much rest for each time that asking took. */
  private static final long RESTS = 3;

  private static final long NOTED_EVERY = Duration.ofSeconds(30).toMillis();
  private static final long SWEPT_EVERY = 1_000;

  private final Inbox inbox;
  private final InboxStore store;
  private final int perUser;
  private final int inAll;
  private final long heartbeat;
  private final long patience;
  private final Executor workers;
  private final Optional<ExecutorService> own;
  private final ScheduledExecutorService timer;
  private final Subscription hints;
  private final Map<String, Tabs> users = new ConcurrentHashMap<>();
  private final Attendance attendance;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean isPolling = new AtomicBoolean();
  private final AtomicBoolean isHinted = new AtomicBoolean();
  private volatile long asking;
  private volatile boolean isClosed;

  private InboxStreams(Builder builder) {
    inbox = builder.inbox;
    store = inbox.store();
    perUser = builder.perUser;
    inAll = builder.inAll;
    heartbeat = builder.heartbeat.toNanos();
    patience = builder.patience.toNanos();
    own =
        builder.executor.isPresent()
            ? Optional.empty()
            : Optional.of(Executors.newFixedThreadPool(WORKERS, named("notify-inbox-streams-")));
    workers = builder.executor.orElseGet(own::orElseThrow);
    attendance = new Attendance(inbox, this::isOpen, this::work);
    timer = Executors.newSingleThreadScheduledExecutor(named("notify-inbox-timer-"));
    hints = store.onChange(this::hint);
    long poll = builder.pollEvery.toMillis();
    every(poll, this::poll);
    every(SWEPT_EVERY, this::sweep);
    every(NOTED_EVERY, () -> attendance.note(users.keySet()));
  }

  /** Streams of these inboxes as they usually are. */
  public static InboxStreams of(Inbox inbox) {
    return builder(inbox).build();
  }

  /** Streams of these inboxes, to be set up. */
  public static Builder builder(Inbox inbox) {
    return new Builder(inbox);
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger made = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + made.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private void every(long millis, Runnable task) {
    var ignored =
        timer.scheduleWithFixedDelay(() -> guarded(task), millis, millis, TimeUnit.MILLISECONDS);
  }

  private void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      if (isClosed) {
        // The store may have been closed before.
        return;
      }
      // Its message may quote somebody.
      log.warn("streams of inboxes go on after {}", e.getClass().getName());
    }
  }

  private boolean work(Runnable task) {
    try {
      workers.execute(() -> guarded(task));
      return true;
    } catch (RejectedExecutionException e) {
      if (!isClosed) {
        log.warn("no room for work on streams of inboxes; it is tried again");
      }
      return false;
    }
  }

  Inbox inbox() {
    return inbox;
  }

  /** Whether a user has a stream open on this node. */
  public boolean isOpen(String userId) {
    return users.containsKey(userId);
  }

  /** Streams that are open on this node. */
  public int open() {
    return open.get();
  }

  /**
   * Opens a stream. A new one begins with the numbers on the bell; one that comes again goes on
   * behind the last event that its client got, or begins with a {@code RESET} if that is no
   * revision of this inbox.
   *
   * @param lastRevision of the last event that the client got; empty if it got none
   * @return empty if the user, or this node, has as many as are allowed, or this is closed
   */
  public Optional<InboxStream> open(String userId, Optional<Long> lastRevision, Sink sink) {
    if (isClosed) {
      return Optional.empty();
    }
    if (open.incrementAndGet() > inAll) {
      open.decrementAndGet();
      return Optional.empty();
    }
    long cursor =
        lastRevision.map(known -> known < 0 ? Long.MAX_VALUE : known).orElse(InboxStream.FRESH);
    InboxStream[] made = new InboxStream[1];
    boolean[] isFirst = new boolean[1];
    var ignored =
        users.compute(
            userId,
            (id, known) -> {
              Tabs tabs = known == null ? new Tabs(id) : known;
              isFirst[0] = known == null;
              if (tabs.streams.size() < perUser) {
                made[0] = new InboxStream(this, tabs, sink, cursor);
                tabs.streams.add(made[0]);
              }
              return tabs;
            });
    if (made[0] == null) {
      open.decrementAndGet();
      return Optional.empty();
    }
    wake(made[0].tabs());
    if (isFirst[0]) {
      attendance.note(List.of(userId));
    }
    if (isClosed) {
      made[0].close();
      return Optional.empty();
    }
    return Optional.of(made[0]);
  }

  /**
   * The revision that a client says it knows, as in {@code Last-Event-ID}: empty if it says
   * nothing, and one that no inbox knows if it is no number. {@link #open} judges it.
   */
  public static Optional<Long> revision(Optional<String> said) {
    return said.map(String::strip)
        .filter(text -> !text.isEmpty())
        .map(
            text -> {
              try {
                return Long.parseLong(text);
              } catch (NumberFormatException e) {
                return Long.MAX_VALUE;
              }
            });
  }

  void closed(InboxStream stream) {
    open.decrementAndGet();
    String userId = stream.tabs().userId;
    Tabs left =
        users.computeIfPresent(
            userId,
            (id, tabs) -> {
              tabs.streams.remove(stream);
              return tabs.streams.isEmpty() ? null : tabs;
            });
    if (left == null) {
      attendance.note(List.of(userId));
    }
  }

  // What wakes them

  private void hint(String userId) {
    if (!userId.isEmpty()) {
      Tabs tabs = users.get(userId);
      if (tabs != null) {
        wake(tabs);
      }
    } else if (!users.isEmpty() && isHinted.compareAndSet(false, true)) {
      try {
        long rest = Math.max(HINTS_APART, RESTS * asking);
        var ignored = timer.schedule(() -> guarded(this::poll), rest, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        // Closed just now.
      }
    }
  }

  void wake(Tabs tabs) {
    tabs.isDirty.set(true);
    if (tabs.isQueued.compareAndSet(false, true) && !work(() -> look(tabs))) {
      tabs.isQueued.set(false);
    }
  }

  private void poll() {
    if (users.isEmpty()) {
      // Who comes now has a look of their own, and hints are for them again.
      isHinted.set(false);
      return;
    }
    if (!isPolling.compareAndSet(false, true)) {
      return;
    }
    isHinted.set(false);
    boolean ignored =
        work(
                () -> {
                  try {
                    compare();
                  } finally {
                    isPolling.set(false);
                    if (isHinted.get()) {
                      // Something changed behind the first that were asked about.
                      isHinted.set(false);
                      hint("");
                    }
                  }
                })
            || isPolling.compareAndSet(true, false);
  }

  /** Wakes those whose inbox is not where their streams are. */
  private void compare() {
    long began = System.nanoTime();
    long announced = store.lastAnnouncement();
    List<Tabs> all = new ArrayList<>(users.values());
    for (int from = 0; from < all.size() && !isClosed; from += USERS_AT_ONCE) {
      List<Tabs> portion = all.subList(from, Math.min(all.size(), from + USERS_AT_ONCE));
      Map<String, Long> revisions =
          store.revisions(portion.stream().map(tabs -> tabs.userId).toList(), inbox.now());
      for (Tabs tabs : portion) {
        if (tabs.announced < announced || tabs.lacks(revisions.getOrDefault(tabs.userId, 0L))) {
          wake(tabs);
        }
      }
    }
    asking = System.nanoTime() - began;
  }

  private void sweep() {
    for (Tabs tabs : users.values()) {
      for (InboxStream stream : tabs.streams) {
        if (stream.isStuck(patience)) {
          stream.close();
        } else {
          stream.beat(heartbeat);
        }
      }
    }
  }

  // What is told

  private void look(Tabs tabs) {
    tabs.isDirty.set(false);
    try {
      tell(tabs);
    } finally {
      tabs.isQueued.set(false);
      // Whoever came in between saw that a look was under way, and left it at that.
      if (tabs.isDirty.get() && !tabs.streams.isEmpty()) {
        wake(tabs);
      }
    }
  }

  private void tell(Tabs tabs) {
    Map<Long, List<InboxStream>> places = new LinkedHashMap<>();
    for (InboxStream stream : tabs.streams) {
      if (stream.isReady()) {
        places.computeIfAbsent(stream.cursor(), place -> new ArrayList<>()).add(stream);
      }
    }
    long announced = store.lastAnnouncement();
    places.forEach((cursor, streams) -> tell(tabs, cursor, streams));
    if (!places.isEmpty()) {
      tabs.announced = announced;
    }
  }

  /** One look for all tabs that are at the same place. */
  private void tell(Tabs tabs, long cursor, List<InboxStream> streams) {
    if (cursor == InboxStream.FRESH) {
      Counts counts = inbox.counts(tabs.userId);
      InboxEvent event = InboxEvent.of(counts);
      streams.forEach(stream -> stream.advance(cursor, event));
      return;
    }
    Changes changes = inbox.changes(tabs.userId, cursor, ITEMS_AT_ONCE);
    if (changes.upTo() == cursor) {
      return;
    }
    InboxEvent event = InboxEvent.of(changes);
    streams.forEach(stream -> stream.advance(cursor, event));
    if (changes.more()) {
      tabs.isDirty.set(true);
    }
  }

  /** Ends all streams. Clients come again, to this node or another, and miss nothing. */
  @Override
  public void close() {
    isClosed = true;
    hints.close();
    timer.shutdownNow();
    users.values().forEach(tabs -> tabs.streams.forEach(InboxStream::close));
    own.ifPresent(ExecutorService::shutdown);
  }

  @Override
  public String toString() {
    return "InboxStreams[" + open + " open]";
  }

  /** Builds {@link InboxStreams}; not thread-safe. */
  public static final class Builder {
    private final Inbox inbox;
    private int perUser = PER_USER;
    private int inAll = IN_ALL;
    private Duration heartbeat = Duration.ofSeconds(15);
    private Duration patience = Duration.ofSeconds(30);
    private Duration pollEvery = Duration.ofSeconds(1);
    private Optional<Executor> executor = Optional.empty();

    private Builder(Inbox inbox) {
      this.inbox = inbox;
    }

    /** Sets how many streams a user may have open on this node; {@value #PER_USER} unless set. */
    public Builder perUser(int most) {
      perUser = requireOne("perUser", most);
      return this;
    }

    /** Sets how many streams may be open on this node; {@value #IN_ALL} unless set. */
    public Builder inAll(int most) {
      inAll = requireOne("inAll", most);
      return this;
    }

    private static int requireOne(String name, int most) {
      if (most < 1) {
        throw new ConfigurationException(name + ": must be at least 1, not " + most);
      }
      return most;
    }

    /** Sets after how much silence a stream shows that it is alive; 15 seconds unless set. */
    public Builder heartbeat(Duration value) {
      heartbeat = Inbox.requirePositive("heartbeat", value);
      return this;
    }

    /**
     * Sets how long a client may take for one event before it is dropped; 30 seconds unless set.
     */
    public Builder patience(Duration value) {
      patience = Inbox.requirePositive("patience", value);
      return this;
    }

    /**
     * Sets how often revisions are asked for, so that also a change is told whose hint was lost;
     * every second unless set, at least a millisecond.
     */
    public Builder pollEvery(Duration value) {
      if (value.toMillis() < 1) {
        throw new ConfigurationException("pollEvery: must be at least 1 ms, not " + value);
      }
      pollEvery = value;
      return this;
    }

    /**
     * Sets where the store is asked; four threads of its own unless set. It is not shut down. Give
     * it more than one thread, and room: what it refuses is tried again at the next poll.
     */
    public Builder executor(Executor value) {
      executor = Optional.of(value);
      return this;
    }

    /** The streams, at work. */
    public InboxStreams build() {
      return new InboxStreams(this);
    }
  }
}
