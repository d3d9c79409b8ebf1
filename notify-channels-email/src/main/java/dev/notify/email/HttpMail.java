package dev.notify.email;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.notify.http.Reply;
import dev.notify.http.Reply.Answer;
import dev.notify.http.VendorHttp;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Outcome;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import java.util.Optional;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt over HTTP, the same for every vendor of mail; the vendor's own class writes the
 * request and reads the answer.
 *
 * <p>A vendor that refuses a request for somebody in copy has sent nothing. It is asked once more
 * without the copies: the mail is the recipient's first of all.
 */
abstract class HttpMail implements ChannelProvider {

  private static final Logger log = LoggerFactory.getLogger(HttpMail.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final MediaType JSON_TYPE = MediaType.get("application/json");

  private final String name;
  private final Sender sender;
  private final ContentRules rules;
  private final VendorHttp http;

  HttpMail(MailSettings<?> builder, long maxBytes) {
    this.name = builder.settings.name();
    this.sender = builder.sender();
    this.rules = new ContentRules(sender.defaultSubject().isPresent(), maxBytes);
    this.http = builder.settings.open();
  }

  /**
   * The vendor's request.
   *
   * @param again whether one with copies has been refused, and this is another one
   */
  abstract Request request(Letter letter, boolean again) throws MessagingException;

  /** What the vendor's answer means for the recipient. */
  abstract Outcome outcome(Answer answer, Letter letter);

  /** Whether the vendor surely did nothing, and may do it without the copies. */
  abstract boolean blamesCopies(Answer answer, Letter letter);

  @Override
  public String name() {
    return name;
  }

  @Override
  public Channel channel() {
    return Channel.EMAIL;
  }

  @Override
  public Optional<String> problemWith(Address address) {
    return MailAddresses.problemWith(address);
  }

  @Override
  public Optional<String> problemWith(Content content) {
    return rules.problemWith(content);
  }

  @Override
  public Outcome deliver(OutboundMessage message) {
    Optional<String> problem =
        problemWith(message.address()).or(() -> problemWith(message.content()));
    if (problem.isPresent()) {
      return Outcome.rejected(problem.get());
    }
    return ContextLoader.lendTo(() -> attempt(message));
  }

  private Outcome attempt(OutboundMessage message) {
    try {
      Letter letter = letterOf(message);
      Reply reply = exchange(request(letter, false));
      if (reply instanceof Answer answer
          && !letter.copies().isEmpty()
          && !answer.isSuccess()
          && blamesCopies(answer, letter)) {
        log.warn("{}: delivery {}: goes without its copies", name, message.deliveryId());
        letter = letter.withoutCopies();
        reply = exchange(request(letter, true));
      }
      return reply instanceof Answer answer
          ? outcome(answer, letter)
          : ((Reply.Silence) reply).outcome();
    } catch (MessagingException e) {
      return Outcome.rejected("cannot be written as a mail (" + e.getClass().getSimpleName() + ")");
    } catch (NoCredentialsException e) {
      return Outcome.misconfigured("not sent: the application gave no credentials");
    }
  }

  Letter letterOf(OutboundMessage message) throws AddressException {
    return Letter.of(message, sender);
  }

  Reply exchange(Request request) {
    return http.exchange(request);
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of plain values can always be written", e);
    }
  }

  static RequestBody body(byte[] json) {
    return RequestBody.create(json, JSON_TYPE);
  }

  static RequestBody body(JsonNode json) {
    return body(bytes(json));
  }

  /** The application's own source of credentials failed; nothing was sent. */
  static final class NoCredentialsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    NoCredentialsException(RuntimeException cause) {
      super(cause);
    }
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
