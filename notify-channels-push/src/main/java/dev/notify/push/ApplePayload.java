package dev.notify.push;

import static dev.notify.push.Traits.isAlert;
import static dev.notify.push.Traits.isUrgent;
import static dev.notify.push.Traits.object;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.Content;
import dev.notify.model.Priority;
import dev.notify.model.PushOptions;
import dev.notify.model.PushOptions.Interruption;
import java.util.Locale;

/**
 * The {@code aps} of a message and the headers that follow from it, the same whether APNs gets them
 * from us or from FCM. See Apple on <a
 * href="https://developer.apple.com/documentation/usernotifications/generating-a-remote-notification">the
 * payload</a>.
 */
final class ApplePayload {

  private ApplePayload() {}

  /**
   * Whether it is of type {@code background}: nothing a person would notice. A number on the icon
   * or a sound is of type {@code alert}, words or not.
   */
  static boolean isBackground(Content content) {
    PushOptions push = content.push();
    return !isAlert(content) && push.badge().isEmpty() && push.sound().isEmpty();
  }

  /** Whether it goes out at once; APNs refuses a background message that wants to. */
  static boolean isImmediate(Content content, Priority priority) {
    return !isBackground(content) && isUrgent(priority);
  }

  /** All of {@code aps} but title and body. */
  static ObjectNode aps(Content content) {
    PushOptions push = content.push();
    ObjectNode aps = object();
    if (!isAlert(content)) {
      aps.put("content-available", 1);
    } else if (content.image().isPresent()) {
      // Without it the extension that fetches the picture is not started.
      aps.put("mutable-content", 1);
    }
    push.badge().ifPresent(number -> aps.put("badge", number));
    push.sound().ifPresent(name -> putSound(aps, name, push));
    push.apple().threadId().ifPresent(id -> aps.put("thread-id", id));
    push.apple().category().ifPresent(name -> aps.put("category", name));
    push.apple().interruption().ifPresent(level -> aps.put("interruption-level", word(level)));
    if (isAlert(content)) {
      push.apple().subtitle().ifPresent(text -> aps.putObject("alert").put("subtitle", text));
    }
    return aps;
  }

  /** Adds title and body, which FCM only needs from us where there is a subtitle. */
  static void addWords(ObjectNode aps, Content content) {
    ObjectNode alert = aps.withObject("/alert");
    content.title().ifPresent(title -> alert.put("title", title));
    content.body().ifPresent(text -> alert.put("body", text));
  }

  /** A critical message is heard through silence only if its sound says so as well. */
  private static void putSound(ObjectNode aps, String name, PushOptions push) {
    if (push.apple().interruption().filter(Interruption.CRITICAL::equals).isPresent()) {
      aps.putObject("sound").put("critical", 1).put("name", name).put("volume", 1.0);
    } else {
      aps.put("sound", name);
    }
  }

  private static String word(Interruption level) {
    return level.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
