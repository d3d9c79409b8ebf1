package dev.notify.tracking;

import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.DeliveryId;
import dev.notify.model.EmailOptions;
import dev.notify.model.Extras;
import dev.notify.spi.OutboundMessage;
import dev.notify.tracking.LinkTokens.Kind;
import dev.notify.tracking.LinkTokens.Said;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts our own links into mails: one-click unsubscribing where a person may say no, and, in
 * categories that are tracked, a pixel and links that lead by us.
 */
public final class MailLinks {

  private static final Logger log = LoggerFactory.getLogger(MailLinks.class);

  /** Longer ones are left as they are: a redirect would make them too long for some clients. */
  private static final int LONGEST_TARGET = 2_000;

  /** As the options of a mail take it: a line of a header field has 998 characters at most. */
  private static final int LONGEST_UNSUBSCRIBE = 900;

  /** Characters of an id with which a link is always short enough. */
  private static final int SURELY_FITS = 64;

  private static final DeliveryId ANY = new DeliveryId(new UUID(0, 0));

  /** As a content takes it; with links by us, HTML of nothing but links may get longer. */
  private static final int LONGEST_HTML = 16 << 20;

  private final URI base;
  private final LinkTokens tokens;
  private final Duration life;
  private volatile boolean hasWarned;

  /**
   * Links below an address.
   *
   * @param base where the application serves them
   * @param life how long a pixel and a redirect work
   */
  public MailLinks(URI base, LinkTokens tokens, Duration life) {
    this.base = base;
    this.tokens = tokens;
    this.life = life;
  }

  /** The message with our links in it. */
  public OutboundMessage in(OutboundMessage message) {
    if (!message.address().channel().equals(Channel.EMAIL)) {
      return message;
    }
    Content content = message.content();
    boolean mayRefuse = message.category().kind() != Category.Kind.TRANSACTIONAL;
    // One click needs https (RFC 8058); http is for tests and for trying things out.
    boolean isSecure = "https".equals(base.getScheme());
    if (mayRefuse && isSecure && content.email().unsubscribe().isEmpty()) {
      content = withUnsubscribe(content, message);
    }
    if (message.category().isTracked() && content.html().isPresent()) {
      content =
          content.toBuilder()
              .html(tracked(content.html().get(), message, content.email().unsubscribe()))
              .build();
    }
    return message.withContent(content);
  }

  private Content withUnsubscribe(Content content, OutboundMessage message) {
    URI link = unsubscribe(message);
    if (link.toString().length() > LONGEST_UNSUBSCRIBE) {
      if (!hasWarned) {
        hasWarned = true;
        log.warn(
            "delivery {} and others go out without a link to unsubscribe: with the recipient's id"
                + " it would be longer than {} characters",
            message.deliveryId(),
            LONGEST_UNSUBSCRIBE);
      }
      return content;
    }
    EmailOptions said = content.email();
    EmailOptions options =
        new EmailOptions(
            said.replyTo(), said.cc(), said.bcc(), said.headers(), said.tags(), Optional.of(link));
    return content.with(new Extras(Map.of(), List.of(), content.push(), options));
  }

  private URI unsubscribe(OutboundMessage message) {
    return unsubscribe(message.deliveryId(), message.recipientId(), message.category().name());
  }

  private URI unsubscribe(DeliveryId delivery, String recipientId, String category) {
    // All that it needs stands in it: it has to work when the message is long forgotten.
    String text = recipientId + '\0' + category + '\0' + Channel.EMAIL.name();
    return link(new Said(Kind.UNSUBSCRIBE, delivery, Optional.empty(), text));
  }

  /** Whether a link to unsubscribe fits into a mail's header. */
  public boolean canUnsubscribe(String recipientId, String category) {
    return recipientId.length() <= SURELY_FITS
        || unsubscribe(ANY, recipientId, category).toString().length() <= LONGEST_UNSUBSCRIBE;
  }

  /** A change of the HTML. */
  private record Edit(int start, int end, String text) {}

  private String tracked(String html, OutboundMessage message, Optional<URI> unsubscribe) {
    Optional<Instant> until = Optional.of(message.createdAt().plus(life));
    HtmlScan scan = HtmlScan.of(html);
    List<Edit> edits = new ArrayList<>();
    for (HtmlScan.Value link : scan.links()) {
      target(html.substring(link.start(), link.end()), unsubscribe)
          .map(target -> new Said(Kind.CLICK, message.deliveryId(), until, target))
          .ifPresent(said -> edits.add(new Edit(link.start(), link.end(), inHtml(link(said)))));
    }
    URI pixel = link(new Said(Kind.OPEN, message.deliveryId(), until, ""));
    String image =
        "<img src=\""
            + inHtml(pixel)
            + "\" width=\"1\" height=\"1\" alt=\"\" style=\"display:none\">";
    edits.add(new Edit(scan.endOfBody(), scan.endOfBody(), image));
    edits.sort(Comparator.comparingInt(Edit::start));
    String changed = changed(html, edits);
    return changed.length() <= LONGEST_HTML ? changed : html;
  }

  private static String changed(String html, List<Edit> edits) {
    StringBuilder changed = new StringBuilder(html.length() + 1_000);
    int copied = 0;
    for (Edit edit : edits) {
      changed.append(html, copied, edit.start()).append(edit.text());
      copied = edit.end();
    }
    return changed.append(html, copied, html.length()).toString();
  }

  /** Where a link leads, as a header field can say it; empty if it is to be left alone. */
  private Optional<String> target(String written, Optional<URI> unsubscribe) {
    return CharacterReferences.decoded(written)
        .map(String::trim)
        .filter(target -> target.length() <= LONGEST_TARGET)
        .flatMap(WebAddress::inAscii)
        .filter(target -> target.length() <= LONGEST_TARGET)
        .filter(target -> !target.startsWith(base + "/"))
        .filter(target -> !isThis(target, unsubscribe));
  }

  private static boolean isThis(String target, Optional<URI> unsubscribe) {
    return unsubscribe
        .flatMap(own -> WebAddress.inAscii(own.toString()))
        .filter(own -> URI.create(own).equals(URI.create(target)))
        .isPresent();
  }

  private static String inHtml(URI address) {
    return address.toString().replace("&", "&amp;").replace("'", "&#39;");
  }

  private URI link(Said said) {
    return URI.create(base + "/" + said.kind().letter() + "/" + tokens.sign(said));
  }
}
