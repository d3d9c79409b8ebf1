package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.DispatcherBuilder;
import dev.notify.MarketingMail;
import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.Category;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.NotificationType;
import dev.notify.model.Preferences.Choice;
import dev.notify.model.Recipient;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.routing.Audiences;
import dev.notify.template.TemplateSources;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Marketing mail shows who sends it, from where, and can be unsubscribed from by one click. */
class MarketingMailTest {

  private static final MarketingMail SHOP =
      MarketingMail.of("Shop Ltd", "1 Main St, Springfield, IL 62701");

  private static final String FOOTER = "Shop Ltd\n1 Main St\nSpringfield, IL 62701";
  private static final byte[] KEY = new byte[32];

  private final Stage stage = new Stage();

  private DispatcherBuilder unsaid() {
    return stage.builder().categories(Category.marketing("offers"), Category.GENERAL);
  }

  private static SignedLinks links() {
    return SignedLinks.below(URI.create("https://shop.example.com/n"), KEY);
  }

  private NotificationDispatcher agreed(DispatcherBuilder builder) {
    NotificationDispatcher dispatcher = builder.build();
    Choice yes = new Choice(true, Instant.parse(Stage.START), "test");
    var unused =
        dispatcher
            .preferences()
            .update("jane", chosen -> chosen.toBuilder().category("offers", yes).build());
    return dispatcher;
  }

  private static Notification.Builder offer() {
    return Notification.to("jane").category("offers").title("Offer").channels(EMAIL);
  }

  private static Notification inHtml(String html) {
    Content content = Content.builder().title("Offer").body(FOOTER).html(html).build();
    return Notification.to("jane").category("offers").content(content).channels(EMAIL).build();
  }

  private Content last() {
    return stage.email.messages().get(stage.email.calls() - 1).content();
  }

  private static Notification offer(String template) {
    return Notification.to("jane")
        .category("offers")
        .template(template, Map.of())
        .channels(EMAIL)
        .build();
  }

  @Test
  void aDispatcherThatDoesNotSayWhoSendsItIsNotBuilt() {
    assertThatThrownBy(unsaid().links(links())::build)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("marketingMail: category 'offers' is marketing")
        .hasMessageContaining("MarketingMail.of(name, postalAddress)")
        .hasMessageContaining("MarketingMail.UNCHECKED");
  }

  @Test
  void aDispatcherWithoutLinksToUnsubscribeIsNotBuilt() {
    assertThatThrownBy(unsaid().marketingMail(SHOP)::build)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("links: category 'offers' is marketing")
        .hasMessageContaining("withOwnUnsubscribeLinks")
        .hasMessageContaining("MarketingMail.UNCHECKED");
  }

  @Test
  void nobodyNeedsItWhoSendsNoMarketingOrNoMail() {
    stage.builder().categories(Category.optional("news")).build().close();
    stage.bare().provider(stage.sms).categories(Category.marketing("offers")).build().close();
  }

  @Test
  void itCanBeSwitchedOffOnPurpose() {
    try (var dispatcher = agreed(unsaid().marketingMail(MarketingMail.UNCHECKED))) {
      assertThat(dispatcher, dispatcher.send(offer().body("Cheap!").build())).is(SENT);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Shop Ltd", "1 Main St, Springfield, IL 62701", "Cheap!"})
  void aMailThatDoesNotShowBothIsRefused(String body) {
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP).links(links()))) {
      assertThatThrownBy(() -> dispatcher.send(offer().body(body).build()))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageStartingWith("body: a marketing mail must show its sender's ");
      assertThatThrownBy(() -> dispatcher.explain(offer().body(body).build()))
          .isInstanceOf(InvalidNotificationException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<p>Shop&nbsp;Ltd<br>1 Main St<br/>Springfield, IL&#32;62701</p>",
        "<b>shop</b> <i>ltd</i>, 1 MAIN ST,\n Springfield - IL 62701 <!-- end -->"
      })
  void howItIsMarkedUpDoesNotMatter(String html) {
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP).links(links()))) {
      assertThat(dispatcher, dispatcher.send(inHtml(html))).is(SENT);
      assertThat(last().email().unsubscribe()).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!-- Shop Ltd, 1 Main St, Springfield, IL 62701 -->",
        "<style>.a { content: 'Shop Ltd, 1 Main St, Springfield, IL 62701' }</style>",
        "<title>Shop Ltd, 1 Main St, Springfield, IL 62701</title>",
        "<p title='Shop Ltd, 1 Main St, Springfield, IL 62701'>Cheap!</p>"
      })
  void whatNobodySeesDoesNotCount(String html) {
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP).links(links()))) {
      assertThatThrownBy(() -> dispatcher.send(inHtml(html)))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageStartingWith("html: ");
    }
  }

  @Test
  void aTextMessageAndAnotherCategoryNeedNone() {
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP).links(links()))) {
      assertThat(dispatcher, dispatcher.send(offer().channels(SMS).body("Cheap!").build()))
          .is(SENT);
      assertThat(dispatcher, dispatcher.send(Stage.hello().build())).is(SENT);
    }
  }

  @Test
  void templatesSeeTheSender() {
    var texts =
        TemplateSources.of(
            Map.of(
                "offer/email.subject", "Offer",
                "offer/email.text", "Cheap! {{sender.name}}, {{sender.postalAddress}}",
                "bare/email.subject", "Offer",
                "bare/email.text", "Cheap!"));
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP).links(links()).templates(texts))) {
      assertThat(dispatcher, dispatcher.send(offer("offer"))).is(SENT);
      assertThat(last().body()).contains("Cheap! Shop Ltd, 1 Main St, Springfield, IL 62701");
      assertThatThrownBy(() -> dispatcher.send(offer("bare")))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("let template 'bare' say {{sender.name}}");
    }
  }

  record Sale(String product) {}

  @Test
  void theTemplateOfAMarketingTypeIsCheckedWhenItIsSaved() {
    var type = NotificationType.of("sale", Sale.class).category("offers").channels(EMAIL).build();
    var texts =
        TemplateSources.of(
            Map.of("sale/email.subject", "Sale", "sale/email.text", "{{product}} {{sender.name}}"));
    Draft bare = Draft.of("sale", "email.subject", "Sale").text("email.text", "Buy!");
    try (var dispatcher =
        agreed(unsaid().marketingMail(SHOP).links(links()).templates(texts).types(type))) {
      assertThatThrownBy(() -> dispatcher.templates().save(bare, "staff"))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageContaining("{{sender.name}}");

      var saved =
          dispatcher
              .templates()
              .save(
                  bare.text("email.text", "Buy! {{sender.name}}, {{sender.postalAddress}}"),
                  "staff");
      dispatcher.templates().activate("sale", saved.version(), "staff");

      assertThat(dispatcher, dispatcher.send(type, "jane", new Sale("shoes"))).is(SENT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<div style=\"display:none\">Shop Ltd, 1 Main St, Springfield, IL 62701</div>Cheap!",
        "<DIV STYLE='color:red; Display : None !important'><p>Shop Ltd<p>1 Main St, Springfield,"
            + " IL 62701</DIV>",
        "<p hidden>Shop Ltd, 1 Main St, Springfield, IL 62701",
        "<span style=font-size:0px>Shop Ltd, 1 Main St, Springfield, IL 62701</span>",
        "<td style=\"visibility:hidden\"><b>Shop Ltd</b> 1 Main St, Springfield, IL 62701</td>",
        "<title>Shop Ltd, 1 Main St, Springfield, IL 62701</title>Cheap!",
        "<img alt=\"> Shop Ltd, 1 Main St, Springfield, IL 62701\">"
      })
  void whatAReaderDoesNotSeeDoesNotCount(String html) {
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP).links(links()))) {
      assertThatThrownBy(() -> dispatcher.send(inHtml(html)))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageStartingWith("html: ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<span style='display:none'>Our best offers</span> Shop Ltd, 1 Main St, Springfield IL 62701",
        "<div><span hidden>offers</div>Shop Ltd, 1 Main St, Springfield IL 62701",
        "<p style='display:none'>Offers<p>Shop Ltd, 1 Main St, Springfield IL 62701",
        "<img hidden>3 < 4 <titlebar>Shop Ltd, 1 Main St, Springfield IL 62701</titlebar>",
        "<p style='font-size: 0.9em; opacity: 0.5;line-height:0'>Shop Ltd, 1 Main St, Springfield IL"
            + " 62701",
        "<b>S</b>hop Ltd<table><tr><td>1 Main St<td>Spring&shy;field<td>IL 62701</table>"
      })
  void whatAReaderSeesCounts(String html) {
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP).links(links()))) {
      assertThat(dispatcher, dispatcher.send(inHtml(html))).is(SENT);
    }
  }

  @Test
  void aShortNameIsNotFoundWithinOtherWords() {
    MarketingMail ab = MarketingMail.of("AB", "1 Main St");
    try (var dispatcher = agreed(unsaid().marketingMail(ab).links(links()))) {
      for (String body : new String[] {"All about shoes. 1 Main St", "AB, 11 Main Street"}) {
        assertThatThrownBy(() -> dispatcher.send(offer().body(body).build()))
            .isInstanceOf(InvalidNotificationException.class)
            .hasMessageStartingWith("body: ");
      }
      assertThat(dispatcher, dispatcher.send(offer().body("About us: a.b., 1 Main St.").build()))
          .is(SENT);
    }
  }

  @Test
  void whereWordsAreNotSpacedANameMayStandAnywhere() {
    MarketingMail tokyo = MarketingMail.of("\u6771\u4eac\u5546\u5e97", "\u6771\u4eac\u90fd1-2-3");
    try (var dispatcher = agreed(unsaid().marketingMail(tokyo).links(links()))) {
      String body = "\u767a\u884c\u8005\u6771\u4eac\u5546\u5e97\u3067\u3059\u6771\u4eac\u90fd1-2-3";
      assertThat(dispatcher, dispatcher.send(offer().body(body).build())).is(SENT);
    }
  }

  @Test
  void aBroadcastIsRefusedAtOnce() {
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP).links(links()))) {
      assertThatThrownBy(
              () ->
                  dispatcher.broadcast(
                      Audiences.of("all", List.of("jane")),
                      offer().body("Cheap!").build(),
                      BroadcastOptions.DEFAULT))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageStartingWith("body: ");
    }
  }

  @Test
  void anApplicationMayBringLinksOfItsOwnButThenInEachMail() {
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP.withOwnUnsubscribeLinks()))) {
      assertThatThrownBy(() -> dispatcher.send(offer().body(FOOTER).build()))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageStartingWith("email.unsubscribe: ");

      EmailOptions own =
          EmailOptions.builder().unsubscribe(URI.create("https://shop.example.com/u/1")).build();
      assertThat(dispatcher, dispatcher.send(offer().body(FOOTER).email(own).build())).is(SENT);
    }
  }

  @Test
  void anIdWhoseLinkWouldNotFitIsRefused() {
    try (var dispatcher = agreed(unsaid().marketingMail(SHOP).links(links()))) {
      String longest = "\u6f22".repeat(255);
      var to = Recipient.builder(longest).email("jane@example.com").build();

      assertThatThrownBy(() -> dispatcher.send(offer().recipient(to).body(FOOTER).build()))
          .isInstanceOf(InvalidNotificationException.class)
          .hasMessageStartingWith("email.unsubscribe: with an id of this length");
    }
  }

  @Test
  void aSenderWithoutLettersIsRefused() {
    assertThatThrownBy(() -> MarketingMail.of("Shop", " - "))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageStartingWith("marketingMail: postalAddress");
  }
}
