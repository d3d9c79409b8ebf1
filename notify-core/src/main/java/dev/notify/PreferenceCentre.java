package dev.notify;

import dev.notify.engine.EngineParts;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Origin;
import dev.notify.model.Preferences;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Preferences.Match;
import dev.notify.model.RefusedException;
import dev.notify.spi.PreferenceStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * A person's own page. Who has the link may see and change what is chosen: it names the person and
 * nothing else is asked for, no cookie above all, so no other page can act in the person's name.
 */
final class PreferenceCentre {

  static final String SOURCE = "preference centre";

  private final EngineParts parts;
  private final PreferenceStore store;
  private final AuditLog audit;

  PreferenceCentre(EngineParts parts, PreferenceStore store, AuditLog audit) {
    this.parts = parts;
    this.store = store;
    this.audit = audit;
  }

  /** What was asked by whom. */
  record Request(
      String verb,
      String recipientId,
      String accept,
      String contentType,
      PageTexts texts,
      byte[] body) {

    boolean wantsJson() {
      return isJson(accept) || isJson(contentType);
    }

    boolean isJson() {
      return isJson(contentType);
    }

    private static boolean isJson(String type) {
      return type.toLowerCase(Locale.ROOT).startsWith("application/json");
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return "Request[" + verb + " for " + recipientId + "]";
    }
  }

  /** What a person may choose between. */
  record Offer(List<Category> categories, List<Channel> channels) {}

  /** A change that somebody asked for. */
  interface Wish {
    /**
     * What is chosen then.
     *
     * @throws InvalidNotificationException if that is not possible
     */
    Preferences on(Preferences before, Origin origin);
  }

  LinkAnswer answer(Request request) {
    try {
      return switch (request.verb()) {
        case "GET", "HEAD" -> shown(request, store.find(request.recipientId()), 200, "");
        case "POST", "PUT" -> changed(request);
        default -> notAllowed(request.texts());
      };
    } catch (RefusedException e) {
      return problem(request, 503, request.texts().get("later"));
    }
  }

  private static LinkAnswer notAllowed(PageTexts texts) {
    return LinkAnswer.notAllowed(texts.get("impossible"), "GET, HEAD, POST, PUT");
  }

  private LinkAnswer changed(Request request) {
    if (request.body().length > LinkHandler.LONGEST_BODY) {
      return problem(request, 413, request.texts().get("long"));
    }
    try {
      Offer offer = offer();
      Wish wish =
          request.isJson()
              ? CentreJson.wish(request.text(), offer)
              : CentreForm.of(request.text(), offer);
      Instant now = parts.clock().instant();
      Origin origin = audit.originOnPageOf(request.recipientId(), SOURCE, now);
      UnaryOperator<Preferences> change = before -> wish.on(before, origin);
      Preferences after = store.update(request.recipientId(), origin, change);
      return shown(request, after, 200, request.texts().get("saved"));
    } catch (InvalidNotificationException e) {
      return problem(request, 400, e.getMessage());
    }
  }

  private LinkAnswer problem(Request request, int status, String text) {
    return request.wantsJson()
        ? LinkAnswer.json(status, CentreJson.error(text))
        : LinkAnswer.styledPage(
            status, CentrePage.problem(text, request.texts()), CentrePage.STYLE);
  }

  private LinkAnswer shown(Request request, Preferences chosen, int status, String said) {
    return request.wantsJson()
        ? LinkAnswer.json(status, CentreJson.of(chosen, offer()))
        : LinkAnswer.styledPage(
            status,
            CentrePage.of(chosen, offer(), parts.clock().instant(), said, request.texts()),
            CentrePage.STYLE);
  }

  private Offer offer() {
    return new Offer(
        parts.categories().all(), parts.chains().channels().stream().sorted().toList());
  }

  /** Whether messages of the category come by the channel, as far as choices go. */
  static boolean isOn(Preferences chosen, Category category, Channel channel) {
    Optional<Match> match = chosen.choiceFor(channel, category.name());
    boolean mustBeByName = category.kind() == Category.Kind.MARKETING;
    Predicate<Match> says =
        found -> found.choice().wanted() && (!mustBeByName || found.scope().category().isPresent());
    return match.isEmpty() ? !mustBeByName : says.test(match.get());
  }

  /** Records a choice where it changes anything: what stands keeps its time and source. */
  static void choose(
      Preferences.Builder next,
      Preferences before,
      Category category,
      Channel channel,
      boolean wanted,
      Origin origin) {
    if (isOn(before, category, channel) != wanted) {
      next.category(category.name(), channel, new Choice(wanted, origin.at(), origin.source()));
    }
  }
}
