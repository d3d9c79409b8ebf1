package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.Reply;
import dev.notify.http.Reply.Answer;
import dev.notify.http.Splitting;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.Outcome;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import jakarta.mail.internet.AddressException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import okhttp3.Request;

/**
 * One attempt with several mails in one request, the same for every vendor of mail that takes them;
 * the vendor's own class writes the request and reads the answer.
 *
 * <p>A request that is refused as a whole over one of its mails is split in two until that one is
 * alone, so nobody else pays for it. Mails with copies, files or much text travel alone.
 */
abstract class BatchMail extends HttpMail implements BatchProvider {

  /** Characters; vendors bound the whole request. */
  private static final int LONG = 64 * 1024;

  private final int batchSize;
  private final InstantSource clock;

  BatchMail(MailSettings<?> settings, long maxBytes, int batchSize) {
    super(settings, maxBytes);
    this.batchSize = batchSize;
    this.clock = settings.settings.clock();
  }

  /** What mails must have in common for one request, beside being small: nothing by default. */
  Object common(OutboundMessage message) {
    return name();
  }

  /** The vendor's request for all of these. */
  abstract Request request(List<Letter> letters);

  /**
   * What the answer means for each of them, in their order; empty if the vendor refused the request
   * as a whole and did nothing. {@link #outcome} says then what that means.
   */
  abstract Optional<List<Outcome>> outcomes(Answer answer, List<Letter> letters);

  /** Whether one request can hold these; if not, they are split until it can. */
  boolean fitTogether(List<Letter> letters) {
    return true;
  }

  /** Whether a request that was refused as a whole, with this outcome, may go in parts. */
  boolean mayGoApart(Answer answer, Outcome outcome) {
    return outcome instanceof Outcome.Rejected || outcome instanceof Outcome.InvalidAddress;
  }

  @Override
  public int batchLimit() {
    return batchSize;
  }

  @Override
  public Optional<Object> batchKey(OutboundMessage message) {
    Content content = message.content();
    EmailOptions options = content.email();
    boolean plain =
        content.attachments().isEmpty()
            && options.cc().isEmpty()
            && options.bcc().isEmpty()
            && length(content.html()) + length(content.body()) <= LONG;
    return plain ? Optional.of(common(message)) : Optional.empty();
  }

  private static int length(Optional<String> text) {
    return text.map(String::length).orElse(0);
  }

  @Override
  public List<Outcome> deliver(List<OutboundMessage> messages) {
    return ContextLoader.lendTo(() -> attempt(messages, Splitting.of(clock)));
  }

  private List<Outcome> attempt(List<OutboundMessage> messages, Splitting splitting) {
    if (messages.size() == 1) {
      return List.of(deliver(messages.get(0)));
    }
    List<Letter> letters = new ArrayList<>();
    for (OutboundMessage message : messages) {
      Optional<Letter> letter = letter(message);
      if (letter.isEmpty()) {
        return apart(messages, splitting);
      }
      letters.add(letter.get());
    }
    if (!fitTogether(letters)) {
      return apart(messages, splitting);
    }
    Reply reply = exchange(request(letters));
    if (reply instanceof Answer answer) {
      return outcomes(answer, letters)
          .orElseGet(() -> refused(answer, messages, letters, splitting));
    }
    return all(messages, ((Reply.Silence) reply).outcome());
  }

  /** What cannot be written at all has its answer when it is alone. */
  private Optional<Letter> letter(OutboundMessage message) {
    if (problemWith(message.address()).isPresent() || problemWith(message.content()).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(letterOf(message));
    } catch (AddressException e) {
      return Optional.empty();
    }
  }

  private List<Outcome> refused(
      Answer answer, List<OutboundMessage> messages, List<Letter> letters, Splitting splitting) {
    Outcome outcome = outcome(answer, letters.get(0));
    return mayGoApart(answer, outcome) ? apart(messages, splitting) : all(messages, outcome);
  }

  private List<Outcome> apart(List<OutboundMessage> messages, Splitting splitting) {
    return splitting.halves(messages, half -> attempt(half, splitting));
  }

  /** The part of an answer that is about one of them, as if it were alone. */
  static Answer part(Answer whole, JsonNode body) {
    return new Answer(whole.status(), whole.retryAfter(), body.toString(), whole.headers());
  }

  /** One outcome for each of these. */
  static List<Outcome> all(List<?> these, Outcome outcome) {
    return Collections.nCopies(these.size(), outcome);
  }
}
