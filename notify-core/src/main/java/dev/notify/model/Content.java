package dev.notify.model;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person gets to read, in the parts that channels share. Each provider takes what its
 * channel has: an e-mail the title as its subject, body and HTML; a text message the body; a push
 * message title, body, image, link and data. {@code toString} shows sizes only.
 *
 * @param title subject line of an e-mail, title of a push or in-app message
 * @param body plain text
 * @param html HTML form of the body, for e-mail
 * @param image address of a picture, for push and in-app
 * @param link what a tap opens
 * @param extras what goes with the words
 * @since 0.1
 */
public record Content(
    Optional<String> title,
    Optional<String> body,
    Optional<String> html,
    Optional<String> image,
    Optional<String> link,
    Extras extras) {

  /**
   * Checks that titles and links are one line, that texts have at most 16,777,216 characters, none
   * of them NUL or half of a surrogate pair, and that there is something to read.
   */
  public Content {
    title.ifPresent(text -> Text.requireLine("title", text, 998));
    body.ifPresent(text -> Text.requireText("body", text, Text.LONGEST));
    html.ifPresent(text -> Text.requireText("html", text, Text.LONGEST));
    image.ifPresent(text -> Text.requireLine("image", text, 2048));
    link.ifPresent(text -> Text.requireLine("link", text, 2048));
    if (!isFilled(title) && !isFilled(body) && !isFilled(html) && extras.data().isEmpty()) {
      throw new InvalidNotificationException(
          "body", "nothing to read: give a title, a body, HTML or data");
    }
  }

  private static boolean isFilled(Optional<String> text) {
    return text.isPresent() && !text.get().isBlank();
  }

  /** A body alone. */
  public static Content ofBody(String body) {
    return builder().body(body).build();
  }

  /** Values for the receiving application. */
  public Map<String, String> data() {
    return extras.data();
  }

  /** Files, for e-mail. */
  public List<Attachment> attachments() {
    return extras.attachments();
  }

  /** What only push messages have. */
  public PushOptions push() {
    return extras.push();
  }

  /** What only e-mails have. */
  public EmailOptions email() {
    return extras.email();
  }

  /** The same words with more beside them. */
  public Content with(Extras more) {
    return more.equals(Extras.NONE)
        ? this
        : new Content(title, body, html, image, link, extras.and(more));
  }

  /** Starts a content. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts a changed copy. */
  public Builder toBuilder() {
    Builder copy = builder();
    copy.title = title;
    copy.body = body;
    copy.html = html;
    copy.image = image;
    copy.link = link;
    copy.data.putAll(data());
    copy.attachments.addAll(attachments());
    copy.push = push();
    copy.email = email();
    return copy;
  }

  /** Length of all text parts and data in UTF-8 bytes, attachments left out. */
  public int textBytes() {
    int sum = bytes(title) + bytes(body) + bytes(html) + bytes(image) + bytes(link);
    for (Map.Entry<String, String> entry : data().entrySet()) {
      sum += bytes(Optional.of(entry.getKey())) + bytes(Optional.of(entry.getValue()));
    }
    return sum;
  }

  private static int bytes(Optional<String> text) {
    return text.isEmpty() ? 0 : text.get().getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public String toString() {
    return "Content[" + textBytes() + " bytes, " + attachments().size() + " attachments]";
  }

  /** Builds a {@link Content}; not thread-safe. */
  public static final class Builder {
    private Optional<String> title = Optional.empty();
    private Optional<String> body = Optional.empty();
    private Optional<String> html = Optional.empty();
    private Optional<String> image = Optional.empty();
    private Optional<String> link = Optional.empty();
    private final Map<String, String> data = new LinkedHashMap<>();
    private final List<Attachment> attachments = new ArrayList<>();
    private PushOptions push = PushOptions.NONE;
    private EmailOptions email = EmailOptions.NONE;

    private Builder() {}

    /** Sets the subject line or title: one line, at most 998 characters. */
    public Builder title(String value) {
      title = Optional.of(Text.present("title", value));
      return this;
    }

    /** Sets the plain text. */
    public Builder body(String value) {
      body = Optional.of(Text.present("body", value));
      return this;
    }

    /** Sets the HTML form of the body; it is sent as it is, so escape what comes from outside. */
    public Builder html(String value) {
      html = Optional.of(Text.present("html", value));
      return this;
    }

    /** Sets the address of a picture. */
    public Builder image(String value) {
      image = Optional.of(Text.present("image", value));
      return this;
    }

    /** Sets what a tap opens. */
    public Builder link(String value) {
      link = Optional.of(Text.present("link", value));
      return this;
    }

    /** Adds a value for the receiving application. */
    public Builder data(String key, String value) {
      data.put(Text.present("data", key), Text.present("data." + key, value));
      return this;
    }

    /** Adds a file. */
    public Builder attach(Attachment attachment) {
      attachments.add(Text.present("attachments", attachment));
      return this;
    }

    /** Sets what only push messages have. */
    public Builder push(PushOptions value) {
      push = Text.present("push", value);
      return this;
    }

    /** Sets what only e-mails have. */
    public Builder email(EmailOptions value) {
      email = Text.present("email", value);
      return this;
    }

    boolean isUntouched() {
      return title.isEmpty()
          && body.isEmpty()
          && html.isEmpty()
          && image.isEmpty()
          && link.isEmpty()
          && data.isEmpty()
          && attachments.isEmpty()
          && push.equals(PushOptions.NONE)
          && email.equals(EmailOptions.NONE);
    }

    /** The content. */
    public Content build() {
      return new Content(
          title, body, html, image, link, new Extras(data, attachments, push, email));
    }
  }
}
