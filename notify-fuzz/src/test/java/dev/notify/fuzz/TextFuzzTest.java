package dev.notify.fuzz;

import dev.notify.NotificationDispatcher;
import dev.notify.SignedLinks;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Content;
import dev.notify.model.CronExpression;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Notification;
import dev.notify.model.QuietHours;
import dev.notify.model.Segment;
import dev.notify.sms.PhoneNumbers;
import dev.notify.sms.SmsSegments;
import dev.notify.spi.ChannelProvider;
import dev.notify.tracking.PlainWords;
import java.io.StringReader;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.lifecycle.AfterContainer;

/** Texts that become something: addresses, numbers, rules, times, lists, pages. */
class TextFuzzTest extends FuzzTargets {

  private static final List<String> MAILS =
      List.of(
          Canary.MAIL,
          "\"" + Canary.WORD + " doe\"@example.com",
          Canary.WORD + "@b\u00fccher.example",
          Canary.WORD + "@[192.0.2.1]",
          Canary.WORD + "@xn--bcher-kva.example",
          "\u7528\u6237." + Canary.WORD + "@example.com",
          Canary.WORD + "+tag@example.com");
  private static final List<String> NUMBERS =
      List.of("+14155550142", "+4915112345678", "+442071838750", "+819012345678", "+5511987654321");
  private static final List<String> SUBSCRIPTIONS =
      List.of(
          "{\"endpoint\":\"https://push.example.com/send/"
              + Canary.WORD
              + "\",\"expirationTime\":null,\"keys\":{\"p256dh\":\"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4\","
              + "\"auth\":\"BTBZMqHH6r4Tts7J_aSIgg\"}}");
  private static final String APNS =
      "740f4707bebcf74f9b7c25d48e3358945f6aa01da5ddb387462c7eaf61bb78ad";

  private static final List<ChannelProvider> PROVIDERS = Providers.all();
  private static final World WORLD = new World();

  @AfterContainer
  static void end() {
    PROVIDERS.forEach(ChannelProvider::close);
    WORLD.close();
  }

  @Fuzz(share = 80)
  void addresses(@ForAll("inputs") Chance chance) {
    Channel channel = chance.of(Channel.EMAIL, Channel.SMS, Channel.PUSH, Channel.IN_APP);
    Optional<String> type =
        channel.equals(Channel.PUSH)
            ? Optional.of(chance.of("fcm", "apns", "webpush"))
            : Optional.empty();
    String text = Spoiled.text(chance, valid(chance, channel, type));
    Trial.of(
        chance,
        trial -> {
          trial.begins(text.length());
          Address address = Address.of(channel, text);
          Address typed = type.map(address::ofType).orElse(address);
          Address named =
              chance.oneIn(4) ? typed.named(Spoiled.text(chance, "Jane " + Canary.WORD)) : typed;
          boolean isInHost = text.lastIndexOf(Canary.WORD) > text.lastIndexOf('@');
          trial.require(
              isInHost && text.indexOf('@') >= 0 || !named.toString().contains(Canary.WORD),
              "shown",
              named.toString());
          for (ChannelProvider provider : PROVIDERS) {
            if (provider.channel().equals(channel)) {
              Optional<String> problem = provider.problemWith(named);
              trial.require(
                  problem.filter(why -> why.contains(Canary.WORD)).isEmpty(),
                  "shown",
                  problem.toString());
            }
          }
        },
        InvalidNotificationException.class);
  }

  private static String valid(Chance chance, Channel channel, Optional<String> type) {
    if (channel.equals(Channel.EMAIL)) {
      return chance.of(MAILS);
    }
    if (channel.equals(Channel.SMS)) {
      return chance.of(NUMBERS);
    }
    return switch (type.orElse("")) {
      case "webpush" -> chance.of(SUBSCRIPTIONS);
      case "apns" -> APNS;
      default -> "token:" + Canary.WORD + ":APA91bHun4MxP5egoKMwt2KZFBaFUH-1RYqx";
    };
  }

  @Fuzz(share = 40)
  void phoneNumbers(@ForAll("inputs") Chance chance) {
    String text =
        Spoiled.text(
            chance, chance.of("+1 (415) 555-0142", "0151 12345678", "tel:+44-20-7183-8750;ext=1"));
    String region = chance.oneIn(4) ? Hostile.text(chance) : chance.of("US", "DE", "GB");
    Trial.of(
        chance,
        trial -> {
          trial.begins(text.length());
          trial.require(
              PhoneNumbers.normalised(text, region).orElse("+1").startsWith("+"),
              "form",
              "no number");
          trial.require(SmsSegments.of(text).toString().length() < 200, "segments", "long");
        },
        InvalidNotificationException.class,
        IllegalArgumentException.class);
  }

  private static final List<String> SEGMENTS =
      List.of(
          "country = 'DE' and not (plan in ('free', 'trial') or age >= 18)",
          "has plan and \"in\" != 1 or visits < 0",
          "follows 'news' or everyone",
          "(a = 1 and (b = 2 or (c = 3)))");
  private static final List<String> CRONS =
      List.of(
          "0 9 * * MON-FRI",
          "*/15 8-18 1,15 * ?",
          "0 0 L * *",
          "30 2 29 2 *",
          "0 9 * * 1#2",
          "@daily");

  @Fuzz(share = 40)
  void rulesAndTimes(@ForAll("inputs") Chance chance) {
    String segment = Spoiled.text(chance, chance.of(SEGMENTS));
    String cron = Spoiled.text(chance, chance.of(CRONS));
    String start = Spoiled.text(chance, "22:00");
    Trial.of(
        chance,
        trial -> {
          trial.begins(segment.length());
          Segment read = Segment.parse(segment);
          trial.require(Segment.parse(read.toString()).equals(read), "roundtrip", read.toString());
        },
        InvalidNotificationException.class,
        ConfigurationException.class);
    Trial.of(
        chance,
        trial -> {
          trial.begins(cron.length());
          CronExpression read = CronExpression.parse(cron);
          trial.require(!read.toString().isEmpty(), "cron", cron);
        },
        InvalidNotificationException.class,
        ConfigurationException.class);
    Trial.of(
        chance,
        trial ->
            trial.require(!QuietHours.between(start, "07:00").toString().isEmpty(), "hours", start),
        InvalidNotificationException.class,
        ConfigurationException.class);
  }

  private static final String CSV =
      "channel,address,kind,cause,at\r\nemail,"
          + Canary.MAIL
          + ",OPT_OUT,\"asked, by mail\",2026-03-02T11:59:58Z\r\n"
          + "sms,+14155550142,DEAD_ADDRESS,\"say \"\"no\"\"\",2026-03-02T11:59:58Z\r\n";

  @Fuzz(share = 20)
  void lists(@ForAll("inputs") Chance chance) {
    String csv = Spoiled.text(chance, CSV);
    Trial.of(
        chance,
        trial -> {
          trial.begins(csv.length());
          var read = WORLD.dispatcher().importSuppressions(new StringReader(csv));
          trial.require(!read.toString().contains(Canary.WORD), "shown", read.toString());
        },
        InvalidNotificationException.class,
        ConfigurationException.class);
  }

  private static final List<String> HTML =
      List.of(
          "<!doctype html><html><head><style>a{b:c}</style></head><body><p>Hello <b>Jane</b></p>"
              + "<a class='x' href=\"https://example.com/a?b=1&amp;c=2\">more</a><img src=cid:logo></body></html>",
          "<table><tr><td>1<td>2</table><ul><li>a<li>b</ul>",
          "<a href=https://example.com/%20>x</a><!-- c -->");

  @Fuzz(share = 40)
  void pages(@ForAll("inputs") Chance chance) {
    String html = Spoiled.text(chance, chance.of(HTML));
    Trial.of(
        chance,
        trial -> {
          trial.begins(html.length());
          trial.require(
              !PlainWords.ofHtml(html).toString().contains(Canary.WORD), "shown", "words");
          Content content = Content.builder().title("x").html(html).build();
          NotificationDispatcher dispatcher = WORLD.dispatcher();
          trial.require(
              dispatcher
                      .explain(
                          Notification.to(Address.email(Canary.MAIL).ofType("ses"))
                              .category("news")
                              .content(content)
                              .build())
                      .size()
                  > 0,
              "explained",
              "nothing");
          for (ChannelProvider provider : PROVIDERS) {
            if (provider.channel().equals(Channel.EMAIL)) {
              trial.require(
                  provider.problemWith(content).filter(why -> why.contains(Canary.WORD)).isEmpty(),
                  "shown",
                  "content");
            }
          }
        },
        InvalidNotificationException.class);
  }

  @Fuzz(share = 20)
  void linkBases(@ForAll("inputs") Chance chance) {
    String text = Spoiled.text(chance, "https://shop.example.com/n");
    Trial.of(
        chance,
        trial -> {
          trial.begins(text.length());
          URI uri;
          try {
            uri = URI.create(text);
          } catch (IllegalArgumentException e) {
            return;
          }
          trial.require(
              !SignedLinks.below(uri, World.LINK_KEY).toString().contains("0123456789abcdef"),
              "shown",
              "key");
        },
        ConfigurationException.class);
  }
}
