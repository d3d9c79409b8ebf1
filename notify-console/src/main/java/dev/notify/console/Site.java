package dev.notify.console;

import dev.notify.NotificationDispatcher;
import java.time.InstantSource;
import java.util.Optional;

/**
 * What all pages stand on.
 *
 * @param dispatcher whose pages they are
 * @param sandbox what stands in for vendors, if anything does
 * @param base the path below which the pages are, without a slash at its end
 * @param token what forms send along
 * @param logout where a form logs out; empty if there is nothing to log out of
 * @param clock what is now
 */
record Site(
    NotificationDispatcher dispatcher,
    Optional<Sandbox> sandbox,
    String base,
    String token,
    Optional<String> logout,
    InstantSource clock) {

  String url(String path) {
    return base + path;
  }

  /** A form that changes something, begun; it carries the token. */
  Markup form(Markup html, String path, String cssClass) {
    html.open("form", "method", "post", "action", url(path), "class", cssClass);
    return html.open("input", "type", "hidden", "name", "token", "value", token);
  }
}
