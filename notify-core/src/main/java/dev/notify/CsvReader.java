package dev.notify;

import dev.notify.model.InvalidNotificationException;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Reads CSV (RFC 4180) record by record. Of a record that is broken only the first line is lost: a
 * quote that nobody closes does not swallow those that follow.
 */
final class CsvReader {

  private static final int LONGEST_LINE = 16_384;
  private static final int MOST_LINES = 20;

  private final Reader in;
  private final Deque<String> putBack = new ArrayDeque<>();
  private boolean skipsLineFeed;
  private long line;

  CsvReader(Reader in) {
    this.in = in;
  }

  /** Where the record that was read last began, counted from 1. */
  long line() {
    return line;
  }

  private long linesOfLast = 1;

  /**
   * The fields of the next record; empty at the end.
   *
   * @throws InvalidNotificationException if it is broken; the next call goes on behind it
   */
  Optional<List<String>> next() throws IOException {
    line += line == 0 ? 1 : linesOfLast;
    linesOfLast = 1;
    Optional<String> first = nextLine();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>(List.of(first.get()));
    while (isOpen(lines) && lines.size() < MOST_LINES) {
      Optional<String> more = nextLine();
      if (more.isEmpty()) {
        break;
      }
      lines.add(more.get());
    }
    try {
      List<String> fields = fields(String.join("\n", lines));
      linesOfLast = lines.size();
      return Optional.of(fields);
    } catch (InvalidNotificationException e) {
      for (int i = lines.size() - 1; i > 0; i--) {
        putBack.addFirst(lines.get(i));
      }
      throw e;
    }
  }

  private static boolean isOpen(List<String> lines) {
    return lines.stream().flatMapToInt(String::chars).filter(c -> c == '"').count() % 2 == 1;
  }

  private Optional<String> nextLine() throws IOException {
    if (!putBack.isEmpty()) {
      return Optional.of(putBack.removeFirst());
    }
    StringBuilder read = new StringBuilder();
    int c = in.read();
    if (c == '\n' && skipsLineFeed) {
      c = in.read();
    }
    if (c < 0) {
      return Optional.empty();
    }
    for (; c >= 0 && c != '\n' && c != '\r'; c = in.read()) {
      // One more than is allowed, so that it shows.
      if (read.length() <= LONGEST_LINE) {
        read.append((char) c);
      }
    }
    skipsLineFeed = c == '\r';
    return Optional.of(read.toString());
  }

  private static List<String> fields(String record) {
    if (record.length() > LONGEST_LINE) {
      throw fault("has more than " + LONGEST_LINE + " characters");
    }
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (true) {
      int end;
      if (at < record.length() && record.charAt(at) == '"') {
        end = at + 1;
        StringBuilder field = new StringBuilder();
        for (; ; end++) {
          if (end >= record.length()) {
            throw fault("has a quote that is not closed");
          }
          if (record.charAt(end) == '"') {
            if (end + 1 >= record.length() || record.charAt(end + 1) != '"') {
              break;
            }
            end++;
          }
          field.append(record.charAt(end));
        }
        end++;
        fields.add(field.toString());
      } else {
        int comma = record.indexOf(',', at);
        end = comma < 0 ? record.length() : comma;
        String field = record.substring(at, end);
        if (field.indexOf('"') >= 0) {
          throw fault("has a quote within a field that does not begin with one");
        }
        fields.add(field);
      }
      if (end >= record.length()) {
        return fields;
      }
      if (record.charAt(end) != ',') {
        throw fault("has something between a quote and the comma");
      }
      at = end + 1;
    }
  }

  private static InvalidNotificationException fault(String what) {
    return new InvalidNotificationException("csv", what);
  }
}
