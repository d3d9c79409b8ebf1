package dev.notify;

import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.InvalidNotificationException;
import dev.notify.policy.Categories;
import dev.notify.routing.ProviderChains;
import dev.notify.tracking.MailLinks;
import dev.notify.tracking.PlainWords;
import java.util.Map;
import java.util.Optional;

/**
 * Who sends the e-mails of {@linkplain Category#marketing marketing} categories, and from where:
 * the law of many countries wants both in every one of them, beside a way to unsubscribe. A
 * dispatcher with such a category and a provider of e-mail is not built without it, and refuses a
 * marketing mail that does not show name and address, or that has no one-click link.
 *
 * <p>Templates write them as {@code {{sender.name}}} and {@code {{sender.postalAddress}}}. How they
 * are broken into lines, punctuated and marked up does not matter.
 *
 * <pre>{@code
 * builder.marketingMail(MarketingMail.of("Shop Ltd", "1 Main Street, Springfield, IL 62701, USA"));
 * }</pre>
 *
 * @see <a href="https://www.law.cornell.edu/uscode/text/15/7704">15 U.S.C. 7704 (CAN-SPAM)</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8058">RFC 8058</a>
 * @since 0.1
 */
public final class MarketingMail {

  /** Nothing is checked: the application sees to all of it in another way. */
  public static final MarketingMail UNCHECKED = new MarketingMail("", "", false, false);

  private static final int LONGEST = 500;

  private final String name;
  private final String postalAddress;
  private final PlainWords wordsOfName;
  private final PlainWords wordsOfAddress;
  private final boolean isChecked;
  private final boolean hasOwnLinks;

  private MarketingMail(String name, String address, boolean isChecked, boolean hasOwnLinks) {
    this.name = name;
    this.postalAddress = address;
    wordsOfName = PlainWords.of(name);
    wordsOfAddress = PlainWords.of(address);
    this.isChecked = isChecked;
    this.hasOwnLinks = hasOwnLinks;
  }

  /**
   * Marketing mail from this sender.
   *
   * @param name the company or person as the law knows it
   * @param postalAddress where letters reach them; lines may be separated by commas or line ends
   * @throws ConfigurationException if one of them has no letters, or more than 500 characters
   */
  public static MarketingMail of(String name, String postalAddress) {
    return new MarketingMail(
        checked("name", name), checked("postalAddress", postalAddress), true, false);
  }

  private static String checked(String part, String value) {
    if (PlainWords.of(value).isEmpty() || value.length() > LONGEST) {
      throw new ConfigurationException(
          "marketingMail: " + part + " must have letters, and at most " + LONGEST + " characters");
    }
    return value.strip();
  }

  /**
   * The same, for an application that gives each marketing mail a one-click link of its own, by
   * {@code EmailOptions}; the dispatcher then needs no {@link SignedLinks}.
   */
  public MarketingMail withOwnUnsubscribeLinks() {
    return new MarketingMail(name, postalAddress, isChecked, true);
  }

  /** What templates see as {@code sender}. */
  Map<String, Object> variables() {
    return isChecked
        ? Map.of("sender", Map.of("name", name, "postalAddress", postalAddress))
        : Map.of();
  }

  /** Refuses a dispatcher that could not send lawful mail. */
  static void requireDeclared(
      Optional<MarketingMail> declared,
      Categories categories,
      ProviderChains chains,
      Optional<SignedLinks> links) {
    Optional<Category> marketing =
        categories.all().stream().filter(MarketingMail::isMarketing).findFirst();
    if (marketing.isEmpty() || chains.of(Channel.EMAIL).isEmpty()) {
      return;
    }
    String why = "category '" + marketing.get().name() + "' is marketing, and goes by e-mail; ";
    if (declared.isEmpty()) {
      throw new ConfigurationException(
          "marketingMail: "
              + why
              + "say who sends it, with .marketingMail(MarketingMail.of(name, postalAddress)), or"
              + " switch the check off with MarketingMail.UNCHECKED");
    }
    MarketingMail mail = declared.get();
    if (mail.isChecked && !mail.hasOwnLinks && links.isEmpty()) {
      throw new ConfigurationException(
          "links: "
              + why
              + "each needs a link to unsubscribe by one click: give the builder"
              + " .links(SignedLinks.below(...)), or say"
              + " MarketingMail.of(...).withOwnUnsubscribeLinks(), or MarketingMail.UNCHECKED");
    }
  }

  private static boolean isMarketing(Category category) {
    return category.kind() == Category.Kind.MARKETING;
  }

  /** Whether mails of a category must show who sends them, and how to get no more. */
  boolean holdsFor(Category category, Channel channel) {
    return isChecked && isMarketing(category) && channel.equals(Channel.EMAIL);
  }

  /**
   * Refuses a marketing mail without the sender's name and address.
   *
   * @param template the template it was made of, if it was
   */
  void requireSender(Content content, Optional<String> template) {
    content.body().ifPresent(text -> requireSender("body", text, false, template));
    content.html().ifPresent(text -> requireSender("html", text, true, template));
    if (content.body().isEmpty() && content.html().isEmpty()) {
      requireSender("body", "", false, template);
    }
  }

  private void requireSender(String part, String text, boolean isHtml, Optional<String> template) {
    PlainWords words = isHtml ? PlainWords.ofHtml(text) : PlainWords.of(text);
    requireIn(words, part, wordsOfName, "name", template);
    requireIn(words, part, wordsOfAddress, "postalAddress", template);
  }

  private static void requireIn(
      PlainWords words, String part, PlainWords value, String variable, Optional<String> template) {
    if (!words.contains(value)) {
      throw new InvalidNotificationException(
          part,
          "a marketing mail must show its sender's "
              + (variable.equals("name") ? "name" : "postal address")
              + ", as declared by the builder's marketingMail"
              + template
                  .map(name -> "; let template '" + name + "' say {{sender." + variable + "}}")
                  .orElse(""));
    }
  }

  /** Refuses a marketing mail that nobody could unsubscribe from by one click. */
  void requireUnsubscribe(
      EmailOptions options, Category category, String recipientId, Optional<MailLinks> links) {
    boolean hasOne =
        options.unsubscribe().isPresent()
            || links.filter(ours -> ours.canUnsubscribe(recipientId, category.name())).isPresent();
    if (!hasOne) {
      throw new InvalidNotificationException(
          "email.unsubscribe",
          links.isPresent()
              ? "with an id of this length the link would not fit into a header field; use a"
                  + " shorter one, or give the mail a link of its own"
              : "a marketing mail needs a link to unsubscribe by one click (RFC 8058)");
    }
  }

  @Override
  public String toString() {
    return isChecked ? "MarketingMail[" + name + "]" : "MarketingMail[unchecked]";
  }
}
