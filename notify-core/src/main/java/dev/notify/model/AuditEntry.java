package dev.notify.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One line of the audit log: who did what, when. It holds the hash of the line before it, so none
 * can be changed, taken out or put in between without notice. It names no person in the clear.
 *
 * <p>The hash is made of {@link #canonical}: a JSON object of ASCII characters without blanks, its
 * fields in this order: {@code sequence}, {@code at} (RFC 3339, UTC, as {@link Instant#toString}
 * writes it), {@code actor}, {@code source}, {@code kind}, {@code subject} (null if there is none),
 * {@code details} (an object with sorted names), {@code previous}.
 *
 * @param sequence 1, 2, 3 and so on, without gaps
 * @param at when, to the microsecond
 * @param actor who: {@link #SELF} for the person whom it is about, one of the staff, a program
 * @param source where: a page, a form, a program
 * @param kind what was done, {@code template.activated} for example
 * @param subject to what or whom: {@code template:welcome}, or {@code person:} and a keyed hash
 * @param details more about it, as {@link #details(Map)} writes it
 * @param previous hash of the line before it, in hexadecimal digits; 64 zeros in the first
 * @param hash its own
 * @since 0.1
 */
public record AuditEntry(
    long sequence,
    Instant at,
    String actor,
    String source,
    String kind,
    Optional<String> subject,
    String details,
    String previous,
    String hash) {

  /** Stands for the person whom an entry is about, when that person did it. */
  public static final String SELF = "self";

  private static final int LONGEST_DETAILS = 4_000;
  private static final int LONGEST_SUBJECT = 191;

  /**
   * Leaves out what is finer than a microsecond. Checks nothing: a line that somebody has tampered
   * with must be readable, to be shown.
   */
  public AuditEntry {
    at = at.truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * The same, if it may be written.
   *
   * @throws InvalidNotificationException naming the part that may not
   */
  public AuditEntry checked() {
    Text.requireToken("audit.actor", actor, 255);
    Text.requireToken("audit.source", source, 255);
    Text.requireToken("audit.kind", kind, 64);
    subject.ifPresent(text -> Text.requireToken("audit.subject", text, LONGEST_SUBJECT));
    Text.requireToken("audit.details", details, LONGEST_DETAILS);
    return this;
  }

  /**
   * The last line of a log. Kept in another place, it proves that nothing up to it was cut off or
   * written anew.
   *
   * @param sequence its number; 0 of an empty log
   * @param hash its hash
   */
  public record Head(long sequence, String hash) {

    /** Of an empty log. */
    public static final Head NONE = new Head(0, "0".repeat(64));
  }

  /** What the hash is made of. */
  public String canonical() {
    return "{\"sequence\":"
        + sequence
        + ",\"at\":\""
        + at
        + "\",\"actor\":"
        + quoted(actor)
        + ",\"source\":"
        + quoted(source)
        + ",\"kind\":"
        + quoted(kind)
        + ",\"subject\":"
        + subject.map(AuditEntry::quoted).orElse("null")
        + ",\"details\":"
        + details
        + ",\"previous\":"
        + quoted(previous)
        + "}";
  }

  /** The line as it is exported: {@link #canonical} with {@code hash} as one more field. */
  public String toJson() {
    String canonical = canonical();
    return canonical.substring(0, canonical.length() - 1) + ",\"hash\":" + quoted(hash) + "}";
  }

  /** The same with its hash. */
  public AuditEntry withHash(String made) {
    return new AuditEntry(sequence, at, actor, source, kind, subject, details, previous, made);
  }

  /** The head of a log that ends with this. */
  public Head asHead() {
    return new Head(sequence, hash);
  }

  /** Details in their one form: names sorted, numbers and booleans as such, all else as text. */
  public static String details(Map<String, ?> values) {
    SortedMap<String, Object> sorted = new TreeMap<>(values);
    StringBuilder json = new StringBuilder("{");
    sorted.forEach(
        (name, value) -> {
          json.append(json.length() == 1 ? "" : ",").append(quoted(name)).append(':');
          boolean isPlain = value instanceof Number || value instanceof Boolean;
          json.append(isPlain ? value.toString() : quoted(value.toString()));
        });
    return json.append('}').toString();
  }

  private static String quoted(String text) {
    StringBuilder json = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        json.append("\\u%04x".formatted((int) c));
      } else {
        json.append(c);
      }
    }
    return json.append('"').toString();
  }
}
