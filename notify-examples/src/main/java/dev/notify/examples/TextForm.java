package dev.notify.examples;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import dev.notify.examples.Person.OptOut;
import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.QuietHours;
import dev.notify.model.Recipient;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A text in a file that stands for a value. What stands for none is told with its place. */
class TextForm<T> extends JsonDeserializer<T> {

  private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());
  private static final List<Channel> CHANNELS =
      List.of(Channel.EMAIL, Channel.SMS, Channel.PUSH, Channel.IN_APP);

  private final Class<T> type;
  private final String wanted;
  private final Parsing<T> parsing;

  /** Makes a value of a text, or throws whatever it likes. */
  @FunctionalInterface
  interface Parsing<T> {
    T parse(String text) throws Exception;
  }

  /** A form that is told as {@code wanted} to those who miss it. */
  TextForm(Class<T> type, String wanted, Parsing<T> parsing) {
    this.type = type;
    this.wanted = wanted;
    this.parsing = parsing;
  }

  @Override
  public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
    String text = in.getText();
    if (in.hasToken(JsonToken.VALUE_STRING)) {
      try {
        return parsing.parse(text);
      } catch (Exception e) {
        // Said below, with the place in the file.
      }
    }
    throw InvalidFormatException.from(
        in, "'" + text + "' cannot be used; write " + wanted, text, type);
  }

  static final class Id extends TextForm<String> {
    Id() {
      super(String.class, "an id of one line", id -> Recipient.builder(id).build().id());
    }
  }

  static final class Email extends TextForm<Address> {
    Email() {
      super(Address.class, "a mail address like jane@example.com", TextForm::email);
    }
  }

  static final class Phone extends TextForm<Address> {
    Phone() {
      super(Address.class, "a phone number like +12125550142", TextForm::phone);
    }
  }

  static final class Device extends TextForm<Address> {
    Device() {
      super(Address.class, "a device token, without spaces", TextForm::device);
    }
  }

  private static Address email(String text) throws AddressException {
    new InternetAddress(text, true).validate();
    return Address.email(matching(".+@.+", text));
  }

  private static Address phone(String text) {
    return Address.sms(matching("\\+[1-9][0-9]{6,14}", text));
  }

  private static Address device(String text) {
    return Address.fcm(matching("[\\x21-\\x7e]+", text));
  }

  private static String matching(String pattern, String text) {
    if (!text.matches(pattern)) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  /** A language there is: {@code english} is a well-formed tag, too, but of none. */
  static Locale language(String text) {
    Locale locale = new Locale.Builder().setLanguageTag(text).build();
    if (!LANGUAGES.contains(locale.getLanguage())) {
      throw new IllegalArgumentException(text);
    }
    return locale;
  }

  static QuietHours quietHours(String text) {
    String[] times = text.split("-", 2);
    return QuietHours.between(times[0].strip(), times[1].strip());
  }

  static OptOut optOut(String text) {
    if (text.equals("everything")) {
      return new OptOut(Optional.empty());
    }
    Channel channel =
        CHANNELS.stream().filter(c -> c.name().equals(text)).findFirst().orElseThrow();
    return new OptOut(Optional.of(channel));
  }
}
