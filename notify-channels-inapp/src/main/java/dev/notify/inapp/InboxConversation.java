package dev.notify.inapp;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.notify.inapp.InboxStream.Sink;
import dev.notify.model.InboxItem;
import dev.notify.model.InboxItem.Mark;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A stream whose client also says what its person does, in frames of text, as over a WebSocket. Out
 * go {@linkplain InboxEvent#message events}; in come objects of JSON:
 *
 * <pre>{@code
 * {"read": ["01a1...", "01a2..."]}      also seen, unread, archive, restore; 200 ids at most
 * {"seen": "all"}                       also read and archive: the whole feed
 * {"read": "all", "category": "news"}   all of one category
 * }</pre>
 *
 * <p>There is no answer: what changed comes back as an event, to all tabs. Ids of others, and
 * unknown ones, change nothing. A client that sends more than {@value #FRAMES_AT_ONCE} frames at
 * once, or {@value #FRAMES_PER_SECOND} a second for long, is refused. Thread-safe.
 *
 * @since 0.1
 */
public final class InboxConversation implements AutoCloseable {

  /** Most characters that a frame can have. */
  public static final int LONGEST_FRAME = 16 * 1024;

  /** Frames that a client can send at once. */
  public static final int FRAMES_AT_ONCE = 60;

  /** Frames that a client can send each second in the long run. */
  public static final int FRAMES_PER_SECOND = 10;

  private static final Map<String, Mark> MARKS =
      Map.of(
          "seen", Mark.SEEN,
          "read", Mark.READ,
          "unread", Mark.UNREAD,
          "archive", Mark.ARCHIVED,
          "restore", Mark.RESTORED);

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(3)
                          .maxStringLength(LONGEST_FRAME)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final Inbox inbox;
  private final String userId;
  private final InboxStream stream;
  private double framesLeft = FRAMES_AT_ONCE;
  private Instant lastFrame;

  private InboxConversation(Inbox inbox, String userId, InboxStream stream) {
    this.inbox = inbox;
    this.userId = userId;
    this.stream = stream;
    lastFrame = inbox.now();
  }

  /**
   * Begins, as {@link InboxStreams#open} does.
   *
   * @return empty if there are as many streams as are allowed
   */
  public static Optional<InboxConversation> open(
      InboxStreams streams, String userId, Optional<Long> lastRevision, Sink sink) {
    return streams
        .open(userId, lastRevision, sink)
        .map(stream -> new InboxConversation(streams.inbox(), userId, stream));
  }

  /**
   * Does what a frame says.
   *
   * @return why it was not done, without quoting it; then end the conversation. Empty if it was
   *     done
   */
  public Optional<String> received(String frame) {
    if (!isInTime()) {
      return Optional.of(
          "too many frames: "
              + FRAMES_AT_ONCE
              + " at once and "
              + FRAMES_PER_SECOND
              + " a second are allowed");
    }
    if (frame.length() > LONGEST_FRAME) {
      return Optional.of("a frame has at most " + LONGEST_FRAME + " characters");
    }
    JsonNode said;
    try {
      said = JSON.readTree(frame);
    } catch (JsonProcessingException e) {
      return Optional.of("not JSON");
    }
    if (!said.isObject()) {
      return Optional.of("not an object");
    }
    Optional<String> category = Optional.empty();
    Optional<Mark> mark = Optional.empty();
    JsonNode what = said;
    for (Map.Entry<String, JsonNode> field : said.properties()) {
      Mark named = MARKS.get(field.getKey());
      if (named != null && mark.isEmpty()) {
        mark = Optional.of(named);
        what = field.getValue();
      } else if (field.getKey().equals("category") && field.getValue().isTextual()) {
        category = Optional.of(field.getValue().textValue());
      } else {
        return Optional.of("one of " + names() + ", and perhaps a category, is understood");
      }
    }
    if (mark.isEmpty()) {
      return Optional.of("one of " + names() + " is needed");
    }
    return what.isTextual() ? all(mark.get(), what, category) : some(mark.get(), what, category);
  }

  /** Whether the client has a frame left. */
  private synchronized boolean isInTime() {
    Instant now = inbox.now();
    double seconds = Math.max(0, Duration.between(lastFrame, now).toNanos()) / 1e9;
    lastFrame = now;
    framesLeft = Math.min(FRAMES_AT_ONCE, framesLeft + seconds * FRAMES_PER_SECOND);
    if (framesLeft < 1) {
      return false;
    }
    framesLeft--;
    return true;
  }

  private static List<String> names() {
    return MARKS.keySet().stream().sorted().toList();
  }

  private Optional<String> all(Mark mark, JsonNode what, Optional<String> category) {
    if (!what.textValue().equals("all") || mark == Mark.RESTORED) {
      return Optional.of("ids, or \"all\" of the feed, are needed");
    }
    List<InboxItem> ignored = inbox.markAll(userId, mark, category);
    return Optional.empty();
  }

  private Optional<String> some(Mark mark, JsonNode what, Optional<String> category) {
    if (!what.isArray() || what.size() > Inbox.LONGEST_PAGE || category.isPresent()) {
      return Optional.of("an array of at most " + Inbox.LONGEST_PAGE + " ids is needed");
    }
    List<String> ids = new ArrayList<>();
    for (JsonNode id : what) {
      if (!id.isTextual()) {
        return Optional.of("ids are texts");
      }
      ids.add(id.textValue());
    }
    List<InboxItem> ignored = inbox.mark(userId, mark, ids);
    return Optional.empty();
  }

  /** Ends it. */
  @Override
  public void close() {
    stream.close();
  }
}
