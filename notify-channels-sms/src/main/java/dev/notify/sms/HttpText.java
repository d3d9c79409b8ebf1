package dev.notify.sms;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.Reply;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Splitting;
import dev.notify.http.VendorHttp;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;

/**
 * One attempt over HTTP, the same for every vendor of text messages; the vendor's own class writes
 * the request and reads the answer.
 */
abstract class HttpText implements ChannelProvider {

  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

  private final String name;
  private final InstantSource clock;
  private final VendorHttp http;

  HttpText(SmsSettings<?> builder) {
    this.name = builder.settings.name();
    this.clock = builder.settings.clock();
    this.http = builder.settings.open();
  }

  /** The vendor's request. */
  abstract Request request(OutboundMessage message, Instant now);

  /** What the vendor's answer to this message means. */
  abstract Outcome outcome(Answer answer, OutboundMessage message);

  @Override
  public String name() {
    return name;
  }

  @Override
  public Channel channel() {
    return Channel.SMS;
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    return exchange(request(message, now())).outcome(answer -> outcome(answer, message));
  }

  Instant now() {
    return clock.instant();
  }

  /** For a call that begins now. */
  Splitting splitting() {
    return Splitting.of(clock);
  }

  Reply exchange(Request request) {
    return http.exchange(request);
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return PhoneNumber.problemWith(address);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static RequestBody body(ObjectNode json) {
    return RequestBody.create(json.toString(), JSON);
  }

  @Override
  public void close() {
    http.close();
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + name + "]";
  }
}
