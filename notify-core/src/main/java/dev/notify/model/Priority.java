package dev.notify.model;

/**
 * How urgent a notification is. Each priority has its own lane: a flood in one cannot hold up a
 * more urgent one, and every lane keeps a share of the work so that none starves.
 *
 * @since 0.1
 */
public enum Priority {
  /** One-time codes, alarms. Passes quiet hours. */
  CRITICAL,
  /** Something a person waits for. */
  HIGH,
  /** The default. */
  NORMAL,
  /** Newsletters, bulk. */
  LOW
}
