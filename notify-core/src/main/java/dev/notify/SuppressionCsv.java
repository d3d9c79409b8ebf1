package dev.notify;

import dev.notify.SuppressionImport.WrongLine;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Suppression;
import dev.notify.model.Suppression.Kind;
import dev.notify.spi.SuppressionList;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/** The suppression list as CSV (RFC 4180); streams both ways. */
final class SuppressionCsv {

  private static final List<String> COLUMNS =
      List.of("channel", "address", "kind", "cause", "at", "until");

  private SuppressionCsv() {}

  static void write(SuppressionList list, Writer out) throws IOException {
    out.write(String.join(",", COLUMNS) + "\r\n");
    try {
      list.forEach(
          entry -> {
            try {
              out.write(line(entry));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.flush();
  }

  private static String line(Suppression entry) {
    return quoted(entry.address().channel().name())
        + ','
        + quoted(entry.address().value())
        + ','
        + entry.kind()
        + ','
        + quoted(entry.cause())
        + ','
        + entry.at()
        + ','
        + entry.until().map(Instant::toString).orElse("")
        + "\r\n";
  }

  private static String quoted(String field) {
    boolean needsQuotes =
        field.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
    return needsQuotes ? '"' + field.replace("\"", "\"\"") + '"' : field;
  }

  /**
   * Reads all lines.
   *
   * @param keep keeps an entry; says whether that changed anything
   */
  static SuppressionImport read(Reader in, Instant now, Predicate<Suppression> keep)
      throws IOException {
    CsvReader csv = new CsvReader(in);
    Header header = header(csv);
    long added = 0;
    long unchanged = 0;
    long refused = 0;
    List<WrongLine> wrong = new ArrayList<>();
    boolean more = true;
    while (more) {
      try {
        Optional<List<String>> fields = csv.next();
        more = fields.isPresent();
        if (more && !isBlank(fields.get())) {
          if (keep.test(header.entry(fields.get(), now))) {
            added++;
          } else {
            unchanged++;
          }
        }
      } catch (InvalidNotificationException e) {
        refused++;
        if (wrong.size() < SuppressionImport.MOST_NAMED) {
          wrong.add(new WrongLine(csv.line(), e.getMessage()));
        }
      }
    }
    return new SuppressionImport(added, unchanged, refused, wrong);
  }

  private static boolean isBlank(List<String> fields) {
    return fields.size() == 1 && fields.get(0).isBlank();
  }

  private static Header header(CsvReader csv) throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : csv.next().orElse(List.of())) {
      // Some programs begin a file with a byte order mark.
      names.add(name.replace("\uFEFF", "").strip().toLowerCase(Locale.ROOT));
    }
    if (!names.contains("address")) {
      throw new InvalidNotificationException(
          "csv", "the first line must name the columns, 'address' among them: " + COLUMNS);
    }
    return new Header(names);
  }

  private record Header(List<String> names) {

    Suppression entry(List<String> fields, Instant now) {
      if (fields.size() != names.size()) {
        throw new InvalidNotificationException(
            "csv", "has " + fields.size() + " fields, the first line has " + names.size());
      }
      Address address = address(of(fields, "channel"), of(fields, "address").orElse(""));
      return new Suppression(
          address,
          of(fields, "kind").map(Header::kind).orElse(Kind.MANUAL),
          of(fields, "cause").orElse("imported"),
          of(fields, "at").map(text -> time("at", text)).orElse(now),
          of(fields, "until").map(text -> time("until", text)));
    }

    private Optional<String> of(List<String> fields, String name) {
      int column = names.indexOf(name);
      return column < 0
          ? Optional.empty()
          : Optional.of(fields.get(column).strip()).filter(text -> !text.isEmpty());
    }

    private static Address address(Optional<String> channel, String value) {
      Address address = Address.of(channel.map(Header::channel).orElse(Channel.EMAIL), value);
      if (address.channel().equals(Channel.EMAIL) && !value.matches("[^@\\s]+@[^@\\s]+")) {
        throw new InvalidNotificationException("address", "is no e-mail address");
      }
      if (address.channel().equals(Channel.SMS) && !value.matches("\\+[1-9][0-9]{4,14}")) {
        throw new InvalidNotificationException(
            "address", "is no phone number such as +14155550100");
      }
      return address;
    }

    /** Not quoted if it is none: in a file whose columns are out of place it is an address. */
    private static Channel channel(String text) {
      try {
        return Channel.of(text);
      } catch (InvalidNotificationException e) {
        throw new InvalidNotificationException("channel", "is no channel name such as email");
      }
    }

    private static Kind kind(String text) {
      try {
        return Kind.valueOf(text.toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new InvalidNotificationException("kind", "is none of " + List.of(Kind.values()));
      }
    }

    private static Instant time(String name, String text) {
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw new InvalidNotificationException(name, "is no moment such as 2026-05-05T12:00:00Z");
      }
    }
  }
}
