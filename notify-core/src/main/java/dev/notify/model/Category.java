package dev.notify.model;

import java.util.Optional;

/**
 * What a notification is about, in the terms a person can choose by, for example {@code
 * order_updates} or {@code newsletter}. Categories are declared once, on the dispatcher.
 *
 * @param name the name that notifications and preferences use
 * @param kind which rules of consent hold
 * @param passesQuietHours whether it is delivered during a recipient's quiet hours
 * @param isTracked whether opens and clicks of its mails are followed
 * @param label what people read for its name
 * @param description what people read about it; may be empty
 * @param digest how its notifications are collected and sent as one, if they are
 * @since 0.1
 */
public record Category(
    String name,
    Kind kind,
    boolean passesQuietHours,
    boolean isTracked,
    String label,
    String description,
    Optional<Digest> digest) {

  /** Which rules of consent hold for a category. */
  public enum Kind {
    /** Needed to fulfil what the person asked for: cannot be opted out of on its last channel. */
    TRANSACTIONAL,
    /** On until the person opts out. */
    OPTIONAL,
    /** Off until the person opts in. */
    MARKETING
  }

  /** The category of a notification that names none: optional, called {@code general}. */
  public static final Category GENERAL = optional("general");

  /** Checks the name. */
  public Category {
    Text.requireToken("category", name, 64);
    Text.present("category.kind", kind);
    Text.requireToken("category.label", label, 128);
    Text.requireLine("category.description", description, 1_000);
  }

  /** A category whose notifications are sent one by one. */
  public Category(
      String name,
      Kind kind,
      boolean passesQuietHours,
      boolean isTracked,
      String label,
      String description) {
    this(name, kind, passesQuietHours, isTracked, label, description, Optional.empty());
  }

  /** A category that people see by its name. */
  public Category(String name, Kind kind, boolean passesQuietHours, boolean isTracked) {
    this(name, kind, passesQuietHours, isTracked, name, "");
  }

  /** A category that cannot be opted out of on its last remaining channel. */
  public static Category transactional(String name) {
    return new Category(name, Kind.TRANSACTIONAL, false, false);
  }

  /** A category that is on until the person opts out. */
  public static Category optional(String name) {
    return new Category(name, Kind.OPTIONAL, false, false);
  }

  /** A category that is off until the person opts in. */
  public static Category marketing(String name) {
    return new Category(name, Kind.MARKETING, false, false);
  }

  /** The same category, delivered during quiet hours too. */
  public Category throughQuietHours() {
    return new Category(name, kind, true, isTracked, label, description, digest);
  }

  /** The same category, whose mails tell when they are opened and their links followed. */
  public Category tracked() {
    return new Category(name, kind, passesQuietHours, true, label, description, digest);
  }

  /** The same category, as people read of it where they choose. */
  public Category described(String asLabel, String inWords) {
    return new Category(name, kind, passesQuietHours, isTracked, asLabel, inWords, digest);
  }

  /** The same category, whose notifications to a person are collected and sent as one. */
  public Category digested(Digest inThisManner) {
    return new Category(
        name, kind, passesQuietHours, isTracked, label, description, Optional.of(inThisManner));
  }
}
