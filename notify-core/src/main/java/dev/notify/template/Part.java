package dev.notify.template;

import dev.notify.model.Channel;

/** The parts of a message that have a text of their own. */
enum Part {
  TITLE("title"),
  BODY("text"),
  HTML("html"),
  IMAGE("image"),
  LINK("link");

  private final String word;

  Part(String word) {
    this.word = word;
  }

  /** The last word of the part's file name. */
  String fileWord(Channel channel) {
    return this == TITLE && channel.equals(Channel.EMAIL) ? "subject" : word;
  }
}
