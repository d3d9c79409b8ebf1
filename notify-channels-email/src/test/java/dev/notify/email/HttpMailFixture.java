package dev.notify.email;

import dev.notify.model.Outcome;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A vendor's stand-in and a provider for it, at the moment the samples are accepted. */
final class HttpMailFixture implements AutoCloseable {

  static final Instant NOW = SampleMessages.CREATED_AT;
  static final String SECRET = "hush-hush-key";

  final HttpStandIn vendor;
  private final ChannelProvider provider;

  private HttpMailFixture(HttpStandIn vendor, ChannelProvider provider) {
    this.vendor = vendor;
    this.provider = provider;
  }

  /** A vendor that takes everything with this answer. */
  static HttpMailFixture of(Response taken, Function<HttpStandIn, ChannelProvider> provider) {
    HttpStandIn vendor = HttpStandIn.answering(taken);
    return new HttpMailFixture(vendor, provider.apply(vendor));
  }

  /** What every builder is given, beside the vendor's own options. */
  static <B extends MailSettings<B>> B settings(B builder, HttpStandIn vendor) {
    return builder
        .from("Shop <shop@example.com>")
        .baseUrl(vendor.url())
        .clock(InstantSource.fixed(NOW));
  }

  Outcome deliver(OutboundMessage message) {
    return provider.deliver(message);
  }

  /** Delivers all in one request. */
  List<Outcome> deliver(List<OutboundMessage> messages) {
    return ((BatchProvider) provider).deliver(messages);
  }

  /** Delivers so many in one request that is answered with this. */
  List<Outcome> deliverAnswered(int count, Response response) {
    vendor.answer(response);
    return deliver(Mails.several(count));
  }

  Outcome deliverAnswered(int status, String body) {
    return deliverAnswered(new Response(status, Map.of(), body));
  }

  Outcome deliverAnswered(Response response) {
    vendor.answer(response);
    return deliver(Mails.message());
  }

  /** Delivers a message with copies to a vendor that answers the first request with this. */
  Outcome deliverCopiesAnswered(Response first, Response then) {
    vendor.answer(request -> vendor.requests().size() == 1 ? first : then);
    return deliver(Mails.rich());
  }

  Request sent(int number) {
    return vendor.requests().get(number - 1);
  }

  @Override
  public void close() {
    provider.close();
    vendor.close();
  }
}
