package dev.notify.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What goes with the words of a message, whether these are given or come from a template. {@code
 * toString} shows sizes only.
 *
 * @param data values for the receiving application
 * @param attachments files, for e-mail
 * @param push what only push messages have
 * @param email what only e-mails have
 * @since 0.1
 */
public record Extras(
    Map<String, String> data, List<Attachment> attachments, PushOptions push, EmailOptions email) {

  /** Nothing but the words. */
  public static final Extras NONE =
      new Extras(Map.of(), List.of(), PushOptions.NONE, EmailOptions.NONE);

  /** Checks the data's keys and texts, and takes copies. */
  public Extras {
    data = Map.copyOf(data);
    data.forEach(
        (key, value) -> {
          Text.requireToken("data", key, 128);
          Text.requireText("data." + key, value, Text.LONGEST);
        });
    attachments = List.copyOf(attachments);
  }

  /** These and others: of what can be there once only, the others' counts. */
  public Extras and(Extras others) {
    if (others.equals(NONE)) {
      return this;
    }
    Map<String, String> allData = new LinkedHashMap<>(data);
    allData.putAll(others.data);
    List<Attachment> allFiles = new ArrayList<>(attachments);
    allFiles.addAll(others.attachments);
    return new Extras(
        allData,
        allFiles,
        others.push.equals(PushOptions.NONE) ? push : others.push,
        others.email.equals(EmailOptions.NONE) ? email : others.email);
  }

  @Override
  public String toString() {
    return "Extras[" + data.size() + " data, " + attachments.size() + " attachments]";
  }
}
