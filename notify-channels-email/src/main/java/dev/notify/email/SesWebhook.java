package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.HttpTimeouts;
import dev.notify.http.Reply;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Setting;
import dev.notify.http.VendorHttp;
import dev.notify.http.WebhookProof;
import dev.notify.model.ConfigurationException;
import dev.notify.model.WebhookRefusedException;
import dev.notify.model.WebhookReport;
import dev.notify.spi.ProviderWebhook;
import dev.notify.spi.WebhookRequest;
import java.security.cert.TrustAnchor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import okhttp3.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Amazon SES tells through SNS: <a
 * href="https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html">events</a>
 * of a configuration set, or notifications of an identity. Subscribe the endpoint to the topic by
 * HTTPS, without raw message delivery, which takes the signature away. The subscription is
 * confirmed here, by a call to SNS; if that fails, SNS is asked to ask again.
 *
 * <table>
 *   <caption>What an event becomes</caption>
 *   <tr><th>SES says</th><th>event, for each recipient that it names</th></tr>
 *   <tr><td>Delivery, Open, Click</td><td>DELIVERED, OPENED, CLICKED</td></tr>
 *   <tr><td>Bounce, Permanent: UnsubscribedRecipient</td><td>UNSUBSCRIBED</td></tr>
 *   <tr><td>Bounce, Permanent otherwise: General, NoEmail, Suppressed, OnAccountSuppressionList</td>
 *       <td>BOUNCED</td></tr>
 *   <tr><td>Bounce, Transient: General, which is often an out-of-office answer</td><td>left out</td></tr>
 *   <tr><td>Bounce, Transient otherwise, Undetermined</td><td>UNDELIVERED</td></tr>
 *   <tr><td>Complaint, unless it is of type not-spam</td><td>COMPLAINED</td></tr>
 *   <tr><td>Reject, Rendering Failure</td><td>UNDELIVERED</td></tr>
 *   <tr><td>Subscription with unsubscribeAll</td><td>UNSUBSCRIBED</td></tr>
 *   <tr><td>Send, DeliveryDelay and all else</td><td>left out</td></tr>
 * </table>
 *
 * <p>SNS <a
 * href="https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html">signs</a>
 * by a certificate that is read from SNS when it is first named, has to be valid and to bear SNS's
 * name, and, if others come with it, to lead to somebody the platform trusts. A message is believed
 * for a day. Choose signature version 2 for the topic: version 1 is over SHA-1. Of a mail with
 * several recipients an open or a click does not say whose it is. Thread-safe.
 *
 * @since 0.1
 */
public final class SesWebhook implements ProviderWebhook {

  private static final Logger log = LoggerFactory.getLogger(SesWebhook.class);

  private static final Duration LONGEST = Duration.ofDays(1);

  // SNS waits fifteen seconds for us, and we may have to call it twice.
  private static final HttpTimeouts TIMEOUTS =
      new HttpTimeouts(Duration.ofSeconds(2), Duration.ofSeconds(2));

  private final String provider;
  private final Set<String> topics;
  private final Function<HttpUrl, Reply> web;
  private final SnsCertificates certificates;
  private final InstantSource clock;
  private final Runnable closing;

  private SesWebhook(Builder builder) {
    provider = builder.provider;
    topics = Set.copyOf(builder.topics);
    if (topics.isEmpty()) {
      throw new ConfigurationException("topicArn: must be set");
    }
    clock = builder.clock;
    if (builder.web.isPresent()) {
      web = builder.web.get();
      closing = () -> {};
    } else {
      VendorHttp http = open(provider, clock);
      web = web(http);
      closing = http::close;
    }
    certificates = new SnsCertificates(web, new SnsTrust(builder.anchors), clock);
  }

  /** What calls SNS; opens no connection yet. */
  static VendorHttp open(String provider, InstantSource clock) {
    return VendorHttp.open(provider + "-sns", TIMEOUTS, clock);
  }

  /** Gets addresses over HTTP, and does not follow where they lead on. */
  static Function<HttpUrl, Reply> web(VendorHttp http) {
    return url -> http.exchange(new Request.Builder().url(url).build());
  }

  /** Starts one; it needs the topic that SES publishes to. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public String provider() {
    return provider;
  }

  @Override
  public WebhookReport read(WebhookRequest request) {
    // The signature stands in the document: it has to be read to be found, and is not believed.
    SnsMessage message = SnsMessage.of(request.body());
    requireTopic(request, message);
    message.requireSigned(certificates);
    WebhookProof.requireFresh(message.sentAt(), clock.instant(), LONGEST);
    return switch (message.type()) {
      case NOTIFICATION -> report(message);
      case SUBSCRIPTION_CONFIRMATION -> confirm(message);
      case UNSUBSCRIBE_CONFIRMATION -> WebhookReport.EMPTY;
    };
  }

  /** Before any certificate is read, so that not everybody can make us call somewhere. */
  private void requireTopic(WebhookRequest request, SnsMessage message) {
    String topic = message.field("TopicArn");
    if (!topics.contains(topic)
        || !request.header("x-amz-sns-topic-arn").orElse(topic).equals(topic)) {
      throw WebhookProof.forged("the topic is none of ours");
    }
  }

  private WebhookReport report(SnsMessage message) {
    JsonNode event;
    try {
      event = MailReport.json(message.json().path("Message").asText(""));
    } catch (WebhookRefusedException e) {
      // SES begins with a sentence, and anybody who may publish to the topic can write one.
      return WebhookReport.EMPTY;
    }
    return WebhookReport.of(SesEvents.of(provider, event));
  }

  private WebhookReport confirm(SnsMessage message) {
    HttpUrl url = SnsCertificates.addressOfSns(message.field("SubscribeURL"));
    // The address bears a token: it is not to be shown. SNS asks again after any 5xx.
    if (!(web.apply(url) instanceof Answer answer)) {
      throw WebhookProof.undecided("SNS did not answer when its subscription was confirmed");
    }
    if (!answer.isSuccess()) {
      throw WebhookProof.undecided("SNS did not take the confirmation: HTTP " + answer.status());
    }
    log.info("{}: confirmed the subscription to SNS", provider);
    return WebhookReport.EMPTY;
  }

  /** Ends the connections to SNS. */
  @Override
  public void close() {
    closing.run();
  }

  @Override
  public String toString() {
    return "SesWebhook[" + provider + "]";
  }

  /** Builds a {@link SesWebhook}; not thread-safe. */
  public static final class Builder extends MailWebhookSettings<Builder> {

    private static final Pattern TOPIC =
        Pattern.compile("arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}");

    private final Set<String> topics = new LinkedHashSet<>();
    private Optional<Function<HttpUrl, Reply>> web = Optional.empty();
    private Supplier<Set<TrustAnchor>> anchors = SnsTrust::ofPlatform;

    private Builder() {
      super("ses");
    }

    /**
     * Adds a topic that is believed, {@code arn:aws:sns:us-east-1:123456789012:mail} for example.
     * Anybody can have SNS sign for a topic of their own.
     */
    public Builder topicArn(String value) {
      topics.add(
          Setting.matching(
              TOPIC, "topicArn", value, "a topic such as arn:aws:sns:us-east-1:123456789012:mail"));
      return this;
    }

    /** Sets what gets an address of SNS's, for tests. */
    Builder web(Function<HttpUrl, Reply> value) {
      web = Optional.of(value);
      return this;
    }

    /** Sets who is trusted to vouch for SNS, for tests. */
    Builder anchors(Supplier<Set<TrustAnchor>> value) {
      anchors = value;
      return this;
    }

    /** The webhook. */
    public SesWebhook build() {
      return new SesWebhook(this);
    }
  }
}
