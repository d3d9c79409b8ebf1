package dev.notify.email;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.http.WebhookProof;
import dev.notify.model.Address;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.ProviderEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the vendors' JSON reports have in common. Vendors' words are cut, for nobody vouches for
 * them.
 */
final class MailReport {

  private static final int LONGEST_CAUSE = 200;

  private static final ObjectMapper JSON =
      new ObjectMapper(
          JsonFactory.builder()
              .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(32).build())
              .build());

  private MailReport() {}

  /** The document; refused if it is none, or nested without need. */
  static JsonNode json(byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      if (node == null || !node.isContainerNode()) {
        throw WebhookProof.malformed("is no JSON");
      }
      return node;
    } catch (IOException e) {
      // What Jackson says quotes the document. Bytes that are in no encoding end here too.
      throw WebhookProof.malformed("is no JSON");
    }
  }

  /** A text that stands in the document's document. */
  static JsonNode json(String text) {
    return json(text.getBytes(StandardCharsets.UTF_8));
  }

  static Optional<String> text(JsonNode node) {
    return Optional.ofNullable(node.textValue()).filter(text -> !text.isBlank());
  }

  /** An address, if it is one. */
  static Optional<Address> address(JsonNode node) {
    try {
      return text(node).map(MailReport::bare).map(Address::email);
    } catch (InvalidNotificationException e) {
      return Optional.empty();
    }
  }

  /** A moment in ISO 8601, with whatever zone and fraction. */
  static Instant moment(JsonNode node) {
    try {
      return WebhookProof.believable(OffsetDateTime.parse(node.asText("")).toInstant());
    } catch (DateTimeException e) {
      throw WebhookProof.malformed("a time is not in ISO 8601");
    }
  }

  /** A moment in seconds since 1970, with or without a fraction; empty if it is none. */
  static Optional<Instant> epoch(JsonNode node) {
    double seconds = node.isTextual() ? parsed(node.textValue()) : node.asDouble(Double.NaN);
    return seconds >= 0 && seconds < 1e11
        ? Optional.of(Instant.ofEpochMilli(Math.round(seconds * 1_000)))
        : Optional.empty();
  }

  /** Those that are not blank, for a cause. */
  static String words(String... words) {
    return Stream.of(words).filter(word -> !word.isBlank()).collect(Collectors.joining(" "));
  }

  private static double parsed(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /**
   * An event.
   *
   * @param cause a code or a word, nothing that a mail server wrote: that repeats addresses
   */
  static ProviderEvent event(
      String provider,
      Optional<String> messageId,
      Optional<String> reference,
      Optional<String> recipient,
      Type type,
      Instant at,
      String cause) {
    String safe = cause.replaceAll("[^A-Za-z0-9 ._:-]", "").replaceAll(" +", " ");
    return new ProviderEvent(
            provider,
            messageId.orElse(""),
            type,
            at,
            safe.length() <= LONGEST_CAUSE ? safe : safe.substring(0, LONGEST_CAUSE))
        .withReference(reference)
        .about(recipient.map(MailReport::bare));
  }

  /** {@code Jane <jane@example.com>} without the name. */
  private static String bare(String address) {
    int open = address.lastIndexOf('<');
    int close = address.lastIndexOf('>');
    return (open >= 0 && close > open ? address.substring(open + 1, close) : address).strip();
  }
}
