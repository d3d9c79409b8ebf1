package dev.notify.jdbc;

import static dev.notify.jdbc.MessageCodec.text;
import static dev.notify.jdbc.MessageCodec.texts;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.EmailOptions;
import dev.notify.model.Extras;
import dev.notify.model.PushOptions;
import dev.notify.model.PushOptions.Action;
import dev.notify.model.PushOptions.Android;
import dev.notify.model.PushOptions.Apple;
import dev.notify.model.PushOptions.Interruption;
import dev.notify.model.PushOptions.Web;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What goes with the words of a message, as fields of the JSON object that has the words. */
final class ExtrasCodec {

  private ExtrasCodec() {}

  static void write(JsonGenerator out, Extras extras) throws IOException {
    texts(out, "data", extras.data());
    if (!extras.attachments().isEmpty()) {
      out.writeArrayFieldStart("attachments");
      for (Attachment attachment : extras.attachments()) {
        out.writeStartObject();
        out.writeStringField("name", attachment.fileName());
        out.writeStringField("type", attachment.contentType());
        out.writeBinaryField("bytes", attachment.bytes());
        text(out, "cid", attachment.contentId());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    if (!extras.push().equals(PushOptions.NONE)) {
      out.writeObjectFieldStart("push");
      write(out, extras.push());
      out.writeEndObject();
    }
    if (!extras.email().equals(EmailOptions.NONE)) {
      out.writeObjectFieldStart("email");
      write(out, extras.email());
      out.writeEndObject();
    }
  }

  private static void write(JsonGenerator out, PushOptions push) throws IOException {
    if (push.badge().isPresent()) {
      out.writeNumberField("badge", push.badge().get());
    }
    text(out, "sound", push.sound());
    text(out, "collapseKey", push.collapseKey());
    if (!push.actions().isEmpty()) {
      out.writeArrayFieldStart("actions");
      for (Action action : push.actions()) {
        out.writeStartObject();
        out.writeStringField("id", action.id());
        out.writeStringField("title", action.title());
        text(out, "link", action.link());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    text(out, "appleSubtitle", push.apple().subtitle());
    text(out, "appleThread", push.apple().threadId());
    text(out, "appleCategory", push.apple().category());
    text(out, "appleInterruption", push.apple().interruption().map(Interruption::name));
    text(out, "androidChannel", push.android().channelId());
    text(out, "androidIcon", push.android().icon());
    text(out, "androidColor", push.android().color());
    text(out, "webIcon", push.web().icon());
    text(out, "webBadge", push.web().badge());
    if (push.web().requiresInteraction()) {
      out.writeBooleanField("webStays", true);
    }
  }

  private static void write(JsonGenerator out, EmailOptions email) throws IOException {
    if (email.replyTo().isPresent()) {
      out.writeFieldName("replyTo");
      MessageCodec.write(out, email.replyTo().get());
    }
    addresses(out, "cc", email.cc());
    addresses(out, "bcc", email.bcc());
    texts(out, "headers", email.headers());
    if (!email.tags().isEmpty()) {
      out.writeArrayFieldStart("tags");
      for (String tag : email.tags()) {
        out.writeString(tag);
      }
      out.writeEndArray();
    }
    text(out, "unsubscribe", email.unsubscribe().map(URI::toString));
  }

  private static void addresses(JsonGenerator out, String name, List<Address> addresses)
      throws IOException {
    if (!addresses.isEmpty()) {
      out.writeArrayFieldStart(name);
      for (Address address : addresses) {
        MessageCodec.write(out, address);
      }
      out.writeEndArray();
    }
  }

  static Extras read(JsonNode node) {
    List<Attachment> attachments = new ArrayList<>();
    node.path("attachments").forEach(file -> attachments.add(attachment(file)));
    Extras read =
        new Extras(
            texts(node, "data"),
            attachments,
            node.has("push") ? push(node.path("push")) : PushOptions.NONE,
            node.has("email") ? email(node.path("email")) : EmailOptions.NONE);
    return read.equals(Extras.NONE) ? Extras.NONE : read;
  }

  private static Attachment attachment(JsonNode file) {
    String name = file.path("name").textValue();
    String type = file.path("type").textValue();
    try {
      byte[] bytes = file.path("bytes").binaryValue();
      return file.has("cid")
          ? Attachment.inline(file.path("cid").textValue(), name, type, bytes)
          : Attachment.of(name, type, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PushOptions push(JsonNode node) {
    List<Action> actions = new ArrayList<>();
    for (JsonNode action : node.path("actions")) {
      actions.add(
          new Action(
              action.path("id").textValue(),
              action.path("title").textValue(),
              text(action, "link")));
    }
    return new PushOptions(
        node.has("badge") ? Optional.of(node.path("badge").intValue()) : Optional.empty(),
        text(node, "sound"),
        actions,
        text(node, "collapseKey"),
        new Apple(
            text(node, "appleSubtitle"),
            text(node, "appleThread"),
            text(node, "appleCategory"),
            text(node, "appleInterruption").map(Interruption::valueOf)),
        new Android(
            text(node, "androidChannel"), text(node, "androidIcon"), text(node, "androidColor")),
        new Web(text(node, "webIcon"), text(node, "webBadge"), node.path("webStays").asBoolean()));
  }

  private static EmailOptions email(JsonNode node) {
    List<String> tags = new ArrayList<>();
    node.path("tags").forEach(tag -> tags.add(tag.textValue()));
    return new EmailOptions(
        node.has("replyTo")
            ? Optional.of(MessageCodec.address(node.path("replyTo")))
            : Optional.empty(),
        addresses(node.path("cc")),
        addresses(node.path("bcc")),
        texts(node, "headers"),
        tags,
        text(node, "unsubscribe").map(URI::create));
  }

  private static List<Address> addresses(JsonNode nodes) {
    List<Address> addresses = new ArrayList<>();
    nodes.forEach(node -> addresses.add(MessageCodec.address(node)));
    return addresses;
  }
}
