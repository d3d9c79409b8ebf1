package dev.notify.email;

import dev.notify.model.Address;
import dev.notify.model.EmailOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What options a mail can carry. Words never show an address. */
final class EmailRules {

  private static final int LONGEST_TARGET = 900;

  /** A name of 256 characters, encoded, and the longest address. */
  private static final int BYTES_OF_A_COPY = 1400;

  private EmailRules() {}

  /** Why these options cannot be sent; empty if they can. */
  static Optional<String> problemWith(EmailOptions options) {
    return problemWith("email.cc", options.cc())
        .or(() -> problemWith("email.bcc", options.bcc()))
        .or(() -> problemWith("email.replyTo", options.replyTo().stream().toList()))
        .or(() -> headerProblem(options.headers()))
        .or(() -> targetProblem(options));
  }

  private static Optional<String> problemWith(String field, List<Address> addresses) {
    for (Address address : addresses) {
      Optional<String> problem = MailAddresses.problemWith(address.value());
      if (problem.isPresent()) {
        return problem.map(text -> field + text.substring("address".length()));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> headerProblem(Map<String, String> headers) {
    for (Map.Entry<String, String> header : headers.entrySet()) {
      if (ContentRules.hasEndlessWord(header.getValue())) {
        return Optional.of("email.headers." + header.getKey() + ": has a word that is too long");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> targetProblem(EmailOptions options) {
    return options
        .unsubscribe()
        .filter(target -> target.toASCIIString().length() > LONGEST_TARGET)
        .map(
            target ->
                "email.unsubscribe: has more than " + LONGEST_TARGET + " characters in ASCII");
  }

  /** A safe estimate of the bytes they take. */
  static long encodedBytes(EmailOptions options) {
    long sum = (long) (options.cc().size() + options.bcc().size()) * BYTES_OF_A_COPY;
    for (Map.Entry<String, String> header : options.headers().entrySet()) {
      // Three bytes of UTF-8 a character at most, six characters of an encoded word for four.
      sum += header.getKey().length() + 6L * header.getValue().length();
    }
    return sum;
  }
}
