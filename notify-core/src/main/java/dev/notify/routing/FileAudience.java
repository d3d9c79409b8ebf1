package dev.notify.routing;

import dev.notify.model.NotifyException;
import dev.notify.spi.Audience;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Ids from a file, one a line; the cursor is the byte and the number of the next line. */
final class FileAudience implements Audience {

  private static final int LONGEST = 255;
  private static final int NO_LINE = LONGEST * 4 + 2;
  private static final int BYTE_ORDER_MARK = 0xfeff;

  private final String name;
  private final Path file;

  FileAudience(String name, Path file) {
    this.name = name;
    this.file = file;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Page page(String cursor, int limit) {
    String[] place = cursor.isEmpty() ? new String[] {"0", "1"} : cursor.split(":", 2);
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long start = Long.parseLong(place[0]);
      if (start > channel.size()) {
        throw new NotifyException(file.getFileName() + " is shorter than it was: " + start);
      }
      channel.position(start);
      Reading reading = new Reading(start, Long.parseLong(place[1]));
      try (InputStream in = new BufferedInputStream(Channels.newInputStream(channel))) {
        return reading.page(in, limit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One page being read. */
  private final class Reading {
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(64);
    private long offset;
    private long number;

    Reading(long offset, long number) {
      this.offset = offset;
      this.number = number;
    }

    Page page(InputStream in, int limit) throws IOException {
      List<Member> members = new ArrayList<>(limit);
      boolean more = true;
      while (more && members.size() < limit) {
        more = readLine(in);
        String id = text();
        if (!id.isEmpty() && !id.startsWith("#")) {
          members.add(Member.of(id));
        }
        number++;
      }
      return new Page(members, offset + ":" + number, !more);
    }

    /** Answers whether the line had an end, so that another may follow. */
    private boolean readLine(InputStream in) throws IOException {
      line.reset();
      for (int b = in.read(); b >= 0; b = in.read()) {
        offset++;
        if (b == '\n') {
          return true;
        }
        if (line.size() == NO_LINE) {
          throw bad("has more than " + LONGEST + " characters");
        }
        line.write(b);
      }
      return false;
    }

    private String text() {
      String id;
      try {
        id =
            StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(line.toByteArray()))
                .toString();
      } catch (CharacterCodingException e) {
        throw bad("is not UTF-8");
      }
      boolean marked = number == 1 && !id.isEmpty() && id.charAt(0) == BYTE_ORDER_MARK;
      String stripped = (marked ? id.substring(1) : id).strip();
      if (stripped.length() > LONGEST) {
        throw bad("has more than " + LONGEST + " characters");
      }
      if (stripped.chars().anyMatch(Character::isISOControl)) {
        throw bad("has a control character");
      }
      return stripped;
    }

    private NotifyException bad(String problem) {
      return new NotifyException(file.getFileName() + ":" + number + ": " + problem);
    }
  }

  @Override
  public String toString() {
    return "Audience[" + name + ", " + file.getFileName() + "]";
  }
}
