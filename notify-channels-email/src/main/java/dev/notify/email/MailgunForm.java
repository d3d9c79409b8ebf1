package dev.notify.email;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.spi.OutboundMessage;
import jakarta.mail.internet.InternetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.FormBody;
import okhttp3.RequestBody;

/**
 * Several mails of equal content as the one form that Mailgun takes for them (<a
 * href="https://documentation.mailgun.com/docs/mailgun/user-manual/sending-messages/batch-sending">batch
 * sending</a>). What is each recipient's own is a variable, which Mailgun fills in. Without
 * variables everybody would see all addresses, so the form always has an entry for each.
 */
final class MailgunForm {

  /** Header fields of a letter that differ among recipients, and what Mailgun makes them of. */
  private static final Map<String, String> OWN =
      Map.of(
          Letter.REFERENCE_HEADER,
          "%recipient.reference%",
          "List-Unsubscribe",
          "%recipient.unsubscribe%");

  /** What Mailgun fills in, beside our own variables. */
  private static final Pattern VARIABLE =
      Pattern.compile(
          "%(?:recipient|unsubscribe|tag_unsubscribe|mailing_list)", Pattern.CASE_INSENSITIVE);

  /** Names that need no thought in a list of addresses. */
  private static final Pattern PLAIN_NAME = Pattern.compile("[\\p{L}\\p{M}\\p{N} .'\u2019-]*");

  private MailgunForm() {}

  /** What mails must have in common; it shows nothing of it. */
  private record Common(
      Optional<String> title,
      Optional<String> body,
      Optional<String> html,
      Optional<Address> replyTo,
      Map<String, String> headers,
      List<String> tags,
      boolean unsubscribes,
      Category.Kind kind) {

    @Override
    public String toString() {
      return "Common[" + kind + "]";
    }
  }

  /** What the message must have in common with others in the form. */
  static Object common(OutboundMessage message) {
    Content content = message.content();
    EmailOptions options = content.email();
    return new Common(
        content.title(),
        content.body(),
        content.html(),
        options.replyTo(),
        options.headers(),
        options.tags(),
        options.unsubscribe().isPresent(),
        message.category().kind());
  }

  /** Whether nothing of it could be taken for a variable, or for several addresses. */
  static boolean canHold(OutboundMessage message) {
    Content content = message.content();
    EmailOptions options = content.email();
    Stream<String> texts =
        Stream.of(
                Stream.of(content.title(), content.body(), content.html())
                    .flatMap(Optional::stream),
                options.replyTo().stream().flatMap(MailgunForm::texts),
                options.headers().keySet().stream(),
                options.headers().values().stream())
            .flatMap(stream -> stream);
    return isPlain(message.address()) && texts.noneMatch(MailgunForm::hasVariable);
  }

  /** The same of what stands in each mail of a provider. */
  static boolean canHold(Sender sender) {
    return Stream.of(
            Stream.of(sender.from().toUnicodeString()),
            sender.replyTo().stream().map(InternetAddress::toUnicodeString),
            sender.defaultSubject().stream())
        .flatMap(texts -> texts)
        .noneMatch(MailgunForm::hasVariable);
  }

  private static boolean isPlain(Address to) {
    return to.value().indexOf('%') < 0
        && to.displayName().stream().allMatch(name -> PLAIN_NAME.matcher(name).matches());
  }

  private static Stream<String> texts(Address address) {
    return Stream.concat(Stream.of(address.value()), address.displayName().stream());
  }

  private static boolean hasVariable(String text) {
    return VARIABLE.matcher(text).find();
  }

  /** The form for letters whose messages have everything in common, to one address each. */
  static RequestBody of(List<Letter> letters) {
    Letter letter = letters.get(0);
    FormBody.Builder form =
        new FormBody.Builder(UTF_8)
            .add("from", letter.sender().from().toUnicodeString())
            .add("to", recipients(letters))
            .add("recipient-variables", variables(letters));
    if (!letter.subject().isEmpty()) {
      form.add("subject", letter.subject());
    }
    if (!letter.text().isEmpty()) {
      form.add("text", letter.text());
    }
    letter.html().ifPresent(html -> form.add("html", html));
    letter.replyTo().ifPresent(address -> form.add("h:Reply-To", address.toUnicodeString()));
    letter.headers().forEach((name, value) -> form.add("h:" + name, OWN.getOrDefault(name, value)));
    form.add("v:" + Letter.REFERENCE, "%recipient.reference%");
    letter.tags().stream().limit(MailgunProvider.MOST_TAGS).forEach(tag -> form.add("o:tag", tag));
    return form.build();
  }

  private static String recipients(List<Letter> letters) {
    return letters.stream()
        .map(letter -> letter.to().toUnicodeString())
        .collect(Collectors.joining(", "));
  }

  private static String variables(List<Letter> letters) {
    ObjectNode all = HttpMail.object();
    for (Letter letter : letters) {
      ObjectNode own = all.putObject(letter.to().getAddress()).put("reference", letter.reference());
      Optional.ofNullable(letter.headers().get("List-Unsubscribe"))
          .ifPresent(target -> own.put("unsubscribe", target));
    }
    return all.toString();
  }
}
