package dev.notify.inapp;

import dev.notify.spi.InboxStore.Changes;
import dev.notify.spi.InboxStore.Counts;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a stream tells: JSON of one line, the same for all tabs of one user. Text in it comes from
 * the application and is to be shown as text.
 *
 * @since 0.1
 */
public final class InboxEvent {

  /** A line of comment, which keeps proxies from closing what is silent. */
  static final InboxEvent HEARTBEAT = new InboxEvent(Kind.HEARTBEAT, 0, "");

  /** What it is. */
  public enum Kind {
    /** Items that changed, and the numbers on the bell. */
    INBOX,
    /** What the client knows is worth nothing; it is to read the inbox anew. */
    RESET,
    /** Nothing but that the stream is alive. */
    HEARTBEAT;

    String word() {
      return switch (this) {
        case INBOX -> "inbox";
        case RESET -> "reset";
        case HEARTBEAT -> "heartbeat";
      };
    }
  }

  private final Kind kind;
  private final long revision;
  private final String json;

  private InboxEvent(Kind kind, long revision, String json) {
    this.kind = kind;
    this.revision = revision;
    this.json = json;
  }

  static InboxEvent of(Counts counts) {
    return new InboxEvent(
        Kind.INBOX,
        counts.revision(),
        InboxJson.event(List.of(), counts.unread(), counts.unseen()));
  }

  static InboxEvent of(Changes changes) {
    Counts counts = changes.counts();
    return new InboxEvent(
        changes.isUnknown() ? Kind.RESET : Kind.INBOX,
        changes.upTo(),
        InboxJson.event(changes.items(), counts.unread(), counts.unseen()));
  }

  /** What it is. */
  public Kind kind() {
    return kind;
  }

  /** What the client knows with it, to be given back when it comes again; 0 of a heartbeat. */
  public long revision() {
    return revision;
  }

  /** {@code {"items":[...],"unread":2,"unseen":1}}; empty of a heartbeat. */
  public String json() {
    return json;
  }

  /**
   * As <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent
   * events</a> are written, with the revision as its id.
   */
  public byte[] serverSent() {
    String text =
        kind == Kind.HEARTBEAT
            ? ":\n\n"
            : "id: " + revision + "\nevent: " + kind.word() + "\ndata: " + json + "\n\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** As one object: {@code {"event":"inbox","revision":17,"items":[...],"unread":2,"unseen":1}}. */
  public String message() {
    return kind == Kind.HEARTBEAT
        ? "{\"event\":\"heartbeat\"}"
        : "{\"event\":\"" + kind.word() + "\",\"revision\":" + revision + "," + json.substring(1);
  }

  @Override
  public String toString() {
    return "InboxEvent[" + kind + ", " + revision + "]";
  }
}
