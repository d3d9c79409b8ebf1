package dev.notify.tracking;

import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.Extras;
import dev.notify.spi.OutboundMessage;
import dev.notify.tracking.LinkTokens.Kind;
import dev.notify.tracking.LinkTokens.Said;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts our own links into mails: one-click unsubscribing where a person may say no, and, in
 * categories that are tracked, a pixel and links that lead by us.
 */
public final class MailLinks {

  /** Longer ones are left as they are: a redirect would make them too long for some clients. */
  private static final int LONGEST_TARGET = 2_000;

  private static final Pattern HREF =
      Pattern.compile(
          "(<a\\b[^>]*?\\shref\\s*=\\s*)(?:\"([^\"]*)\"|'([^']*)')", Pattern.CASE_INSENSITIVE);

  private static final Pattern END_OF_BODY =
      Pattern.compile("</body\\s*>", Pattern.CASE_INSENSITIVE);

  private final URI base;
  private final LinkTokens tokens;
  private final Duration life;

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
    if (mayRefuse && content.email().unsubscribe().isEmpty()) {
      content = withUnsubscribe(content, message);
    }
    if (message.category().isTracked() && content.html().isPresent()) {
      content = content.toBuilder().html(tracked(content.html().get(), message)).build();
    }
    return message.withContent(content);
  }

  private Content withUnsubscribe(Content content, OutboundMessage message) {
    EmailOptions said = content.email();
    EmailOptions options =
        new EmailOptions(
            said.replyTo(),
            said.cc(),
            said.bcc(),
            said.headers(),
            said.tags(),
            Optional.of(unsubscribe(message)));
    return content.with(new Extras(Map.of(), List.of(), content.push(), options));
  }

  private URI unsubscribe(OutboundMessage message) {
    // All that it needs stands in it: it has to work when the message is long forgotten.
    String text =
        message.recipientId()
            + '\0'
            + message.category().name()
            + '\0'
            + message.address().channel().name();
    return link(new Said(Kind.UNSUBSCRIBE, message.deliveryId(), Optional.empty(), text));
  }

  private String tracked(String html, OutboundMessage message) {
    Optional<Instant> until = Optional.of(message.createdAt().plus(life));
    Matcher links = HREF.matcher(html);
    StringBuilder changed = new StringBuilder(html.length() + 1_000);
    while (links.find()) {
      String written = links.group(2) != null ? links.group(2) : links.group(3);
      String target = written.strip().replace("&amp;", "&");
      if (isToBeFollowed(target)) {
        URI ours = link(new Said(Kind.CLICK, message.deliveryId(), until, target));
        links.appendReplacement(
            changed, Matcher.quoteReplacement(links.group(1) + '"' + ours + '"'));
      } else {
        links.appendReplacement(changed, Matcher.quoteReplacement(links.group()));
      }
    }
    links.appendTail(changed);
    URI pixel = link(new Said(Kind.OPEN, message.deliveryId(), until, ""));
    String image =
        "<img src=\"" + pixel + "\" width=\"1\" height=\"1\" alt=\"\" style=\"display:none\">";
    return withBeforeEnd(changed.toString(), image);
  }

  /** Not our own, as that of unsubscribing; nothing but the web; nothing with a fragment only. */
  private boolean isToBeFollowed(String target) {
    return target.length() <= LONGEST_TARGET
        && target.matches("(?i)https?://[^\\s\"'<>]+")
        && !target.startsWith(base + "/");
  }

  private static String withBeforeEnd(String html, String image) {
    Matcher end = END_OF_BODY.matcher(html);
    int last = -1;
    while (end.find()) {
      last = end.start();
    }
    return last < 0 ? html + image : html.substring(0, last) + image + html.substring(last);
  }

  private URI link(Said said) {
    return URI.create(base + "/" + said.kind().letter() + "/" + tokens.sign(said));
  }
}
