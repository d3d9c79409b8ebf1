package dev.notify.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What only push messages have. The first four every platform has in some form; the rest is for one
 * platform alone, and means nothing to the others. How long a message may wait and how urgent it is
 * are the notification's own {@link Notification#timeToLive} and {@link Notification#priority}.
 *
 * @param badge number on the application's icon; 0 removes it
 * @param sound name of a sound of the application, or {@code default}; none plays nothing
 * @param actions buttons, in order
 * @param collapseKey of several waiting messages with the same key a device gets the last one
 * @param apple for Apple devices
 * @param android for Android devices
 * @param web for browsers
 * @since 0.1
 */
public record PushOptions(
    Optional<Integer> badge,
    Optional<String> sound,
    List<Action> actions,
    Optional<String> collapseKey,
    Apple apple,
    Android android,
    Web web) {

  /** APNs takes 64 bytes, and so do we everywhere. */
  private static final int LONGEST_COLLAPSE_KEY = 64;

  private static final int MOST_ACTIONS = 8;

  /** Nothing special. */
  public static final PushOptions NONE = builder().build();

  /** Checks lengths, that the badge is not negative and that actions have different ids. */
  public PushOptions {
    badge.ifPresent(
        count -> {
          if (count < 0) {
            throw new InvalidNotificationException("push.badge", "must not be negative");
          }
        });
    sound.ifPresent(name -> Text.requireToken("push.sound", name, 128));
    collapseKey.ifPresent(PushOptions::requireCollapseKey);
    actions = List.copyOf(actions);
    if (actions.size() > MOST_ACTIONS) {
      throw new InvalidNotificationException(
          "push.actions", "has " + actions.size() + ", at most " + MOST_ACTIONS + " are allowed");
    }
    Set<String> ids = new LinkedHashSet<>();
    for (Action action : actions) {
      if (!ids.add(action.id())) {
        throw new InvalidNotificationException(
            "push.actions", "has the id '" + Text.shown(action.id()) + "' twice");
      }
    }
  }

  private static void requireCollapseKey(String key) {
    Text.requireToken("push.collapseKey", key, LONGEST_COLLAPSE_KEY);
    if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw new InvalidNotificationException(
          "push.collapseKey", "must be of visible ASCII characters without spaces");
    }
  }

  /**
   * A button below a push message. The application declares on Apple devices what its buttons are,
   * by {@link Apple#category}; elsewhere it is told here.
   *
   * @param id by which the application knows which one was pressed
   * @param title what stands on it
   * @param link what it opens, where the platform can do that by itself
   */
  public record Action(String id, String title, Optional<String> link) {

    /** Checks that id and title are not blank. */
    public Action {
      Text.requireToken("push.actions.id", id, 64);
      Text.requireToken("push.actions.title", title, 128);
      link.ifPresent(text -> Text.requireToken("push.actions.link", text, 2048));
    }

    /** A button that the application acts on. */
    public static Action of(String id, String title) {
      return new Action(id, title, Optional.empty());
    }

    /** A button that opens something. */
    public static Action opening(String id, String title, String link) {
      return new Action(id, title, Optional.of(link));
    }
  }

  /**
   * For Apple devices, as in the <a
   * href="https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification">payload</a>.
   *
   * @param subtitle second line of the title
   * @param threadId groups messages on the lock screen
   * @param category which of the application's sets of buttons it has
   * @param interruption whether it may break through Focus
   */
  public record Apple(
      Optional<String> subtitle,
      Optional<String> threadId,
      Optional<String> category,
      Optional<Interruption> interruption) {

    /** Nothing special. */
    public static final Apple NONE =
        new Apple(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks that texts are one line. */
    public Apple {
      subtitle.ifPresent(text -> Text.requireLine("push.apple.subtitle", text, 998));
      threadId.ifPresent(text -> Text.requireToken("push.apple.threadId", text, 128));
      category.ifPresent(text -> Text.requireToken("push.apple.category", text, 128));
    }
  }

  /** How far a message may interrupt a person, in Apple's words. */
  public enum Interruption {
    /** Joins the list without lighting the screen. */
    PASSIVE,
    /** As usual. */
    ACTIVE,
    /** Breaks through Focus; the application needs an entitlement. */
    TIME_SENSITIVE,
    /** Breaks through silence as well; the application needs Apple's leave. */
    CRITICAL
  }

  /**
   * For Android, as in <a
   * href="https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages#androidnotification">AndroidNotification</a>.
   *
   * @param channelId the application's notification channel
   * @param icon name of a drawable of the application
   * @param color of the icon, {@code #rrggbb}
   */
  public record Android(Optional<String> channelId, Optional<String> icon, Optional<String> color) {

    /** Nothing special. */
    public static final Android NONE =
        new Android(Optional.empty(), Optional.empty(), Optional.empty());

    /** Checks the form of the colour. */
    public Android {
      channelId.ifPresent(text -> Text.requireToken("push.android.channelId", text, 128));
      icon.ifPresent(text -> Text.requireToken("push.android.icon", text, 128));
      color.ifPresent(
          text -> {
            if (!text.matches("#[0-9a-fA-F]{6}")) {
              throw new InvalidNotificationException(
                  "push.android.color", "must have the form #rrggbb");
            }
          });
    }
  }

  /**
   * For browsers, as in the <a
   * href="https://notifications.spec.whatwg.org/#dictdef-notificationoptions">Notifications
   * API</a>.
   *
   * @param icon address of a small picture
   * @param badge address of a picture for where there is no room for the message
   * @param requiresInteraction whether it stays until the person acts
   */
  public record Web(Optional<String> icon, Optional<String> badge, boolean requiresInteraction) {

    /** Nothing special. */
    public static final Web NONE = new Web(Optional.empty(), Optional.empty(), false);

    /** Checks that addresses are one line. */
    public Web {
      icon.ifPresent(text -> Text.requireToken("push.web.icon", text, 2048));
      badge.ifPresent(text -> Text.requireToken("push.web.badge", text, 2048));
    }
  }

  /** Starts options. */
  public static Builder builder() {
    return new Builder();
  }

  /** Builds {@link PushOptions}; not thread-safe. */
  public static final class Builder {
    private Optional<Integer> badge = Optional.empty();
    private Optional<String> sound = Optional.empty();
    private final List<Action> actions = new ArrayList<>();
    private Optional<String> collapseKey = Optional.empty();
    private Apple apple = Apple.NONE;
    private Android android = Android.NONE;
    private Web web = Web.NONE;

    private Builder() {}

    /** Sets the number on the icon; 0 removes it. */
    public Builder badge(int value) {
      badge = Optional.of(value);
      return this;
    }

    /** Sets the sound, {@code default} for the system's own. */
    public Builder sound(String value) {
      sound = Optional.of(Text.present("push.sound", value));
      return this;
    }

    /** Adds a button. */
    public Builder action(Action value) {
      actions.add(Text.present("push.actions", value));
      return this;
    }

    /** Sets the key by which a later message takes the place of an earlier one. */
    public Builder collapseKey(String value) {
      collapseKey = Optional.of(Text.present("push.collapseKey", value));
      return this;
    }

    /** Sets what is for Apple devices only. */
    public Builder apple(Apple value) {
      apple = Text.present("push.apple", value);
      return this;
    }

    /** Sets what is for Android only. */
    public Builder android(Android value) {
      android = Text.present("push.android", value);
      return this;
    }

    /** Sets what is for browsers only. */
    public Builder web(Web value) {
      web = Text.present("push.web", value);
      return this;
    }

    /** The options. */
    public PushOptions build() {
      return new PushOptions(badge, sound, actions, collapseKey, apple, android, web);
    }
  }
}
