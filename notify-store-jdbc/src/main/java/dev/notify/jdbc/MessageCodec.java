package dev.notify.jdbc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.model.Address;
import dev.notify.model.Assignment;
import dev.notify.model.Channel;
import dev.notify.model.ChannelDecision;
import dev.notify.model.Content;
import dev.notify.model.Decision;
import dev.notify.model.Delivery;
import dev.notify.model.DeliveryId;
import dev.notify.model.Extras;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.model.Schedule;
import dev.notify.model.TemplateRef;
import dev.notify.spi.NotificationStore.Submission;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A message's body: everything about it that never changes, as JSON. The form has a version, so
 * that a later release can read what an earlier one wrote.
 */
final class MessageCodec {

  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private MessageCodec() {}

  /**
   * What a body tells.
   *
   * @param notification what was asked for
   * @param decisions what was decided when it was accepted
   * @param targets the parts of its deliveries that never change
   */
  record Body(
      Notification notification,
      List<ChannelDecision> decisions,
      Map<DeliveryId, Target> targets) {}

  /**
   * The part of a delivery that never changes.
   *
   * @param address where it goes
   * @param onlyIfUnseen whether it is a later step of an escalation
   */
  record Target(Address address, boolean onlyIfUnseen) {}

  /** A body that cannot be read: of a later release, or damaged. */
  static class UnreadableBody extends Exception {
    private static final long serialVersionUID = 1L;

    UnreadableBody(Exception cause) {
      // What Jackson says quotes the body.
      super(cause.getClass().getSimpleName());
    }

    /** Says what is wrong, without a word of the content. */
    UnreadableBody(String what) {
      super(what);
    }
  }

  static byte[] write(Submission submission) {
    return JsonBytes.object(
        VERSION,
        out -> {
          if (isPartOfBroadcast(submission)) {
            writePerson(out, submission.notification());
            writeOwnVariant(out, submission.notification());
          } else {
            write(out, submission.notification());
          }
          if (!areAllAllowed(submission)) {
            out.writeArrayFieldStart("decisions");
            for (ChannelDecision decided : submission.decisions()) {
              write(out, decided);
            }
            out.writeEndArray();
          }
          writeDeliveries(out, submission);
        });
  }

  private static void writeDeliveries(JsonGenerator out, Submission submission) throws IOException {
    out.writeArrayFieldStart("deliveries");
    for (Delivery delivery : submission.deliveries()) {
      out.writeStartObject();
      out.writeStringField("id", delivery.id().toString());
      writeTarget(out, delivery.address(), submission.notification().recipient());
      if (delivery.onlyIfUnseen()) {
        out.writeBooleanField("onlyIfUnseen", true);
      }
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  /** In an experiment a person's message differs from what its broadcast says, by its variant. */
  private static void writeOwnVariant(JsonGenerator out, Notification notification)
      throws IOException {
    if (notification.assignment().isPresent()) {
      writeAssignment(out, notification);
      text(out, "template", notification.template().map(TemplateRef::name));
      out.writeFieldName("routing");
      write(out, notification.routing());
      write(out, notification.schedule());
    }
  }

  private static void writeAssignment(JsonGenerator out, Notification notification)
      throws IOException {
    text(out, "experiment", notification.experiment());
    text(out, "variant", notification.assignment().map(Assignment::variant));
  }

  /** What a broadcast says stands with it; its messages only say to whom. */
  private static boolean isPartOfBroadcast(Submission submission) {
    for (Delivery delivery : submission.deliveries()) {
      if (delivery.broadcast().isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Then they can be told from the deliveries, and need not be written twice. */
  private static boolean areAllAllowed(Submission submission) {
    List<Delivery> deliveries = submission.deliveries();
    List<ChannelDecision> decisions = submission.decisions();
    if (deliveries.size() != decisions.size()) {
      return false;
    }
    for (int i = 0; i < decisions.size(); i++) {
      if (!isAllowed(decisions.get(i), deliveries.get(i).address())) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAllowed(ChannelDecision decided, Address address) {
    return decided.decision().equals(Decision.ALLOW)
        && decided.channel().equals(address.channel())
        && decided.address().isPresent()
        && decided.address().get().equals(address);
  }

  /** An address that came with the recipient is named by its place there. */
  private static void writeTarget(JsonGenerator out, Address address, Optional<Recipient> recipient)
      throws IOException {
    int place = recipient.isPresent() ? recipient.get().addresses().indexOf(address) : -1;
    if (place >= 0) {
      out.writeNumberField("place", place);
    } else {
      out.writeFieldName("address");
      write(out, address);
    }
  }

  private static ChannelDecision allowed(Address address) {
    return new ChannelDecision(address.channel(), Optional.of(address), Decision.ALLOW);
  }

  private static void writePerson(JsonGenerator out, Notification notification) throws IOException {
    if (notification.recipient().isPresent()) {
      out.writeFieldName("recipient");
      write(out, notification.recipient().get());
    } else {
      out.writeStringField("to", notification.recipientId());
    }
  }

  static void write(JsonGenerator out, Notification notification) throws IOException {
    writePerson(out, notification);
    out.writeStringField("category", notification.category());
    out.writeStringField("priority", notification.priority().name());
    if (notification.template().isPresent()) {
      out.writeStringField("template", notification.template().get().name());
      out.writeFieldName("variables");
      PlainJson.write(out, notification.template().get().variables());
      if (!notification.extras().equals(Extras.NONE)) {
        out.writeObjectFieldStart("extras");
        ExtrasCodec.write(out, notification.extras());
        out.writeEndObject();
      }
    } else {
      out.writeFieldName("content");
      write(out, notification.content().orElseThrow());
    }
    out.writeFieldName("routing");
    write(out, notification.routing());
    text(out, "idempotencyKey", notification.idempotencyKey());
    if (notification.about().isPresent()) {
      out.writeStringField("subjectType", notification.about().get().type());
      out.writeStringField("subjectId", notification.about().get().id());
    }
    if (notification.replacesPending()) {
      out.writeBooleanField("replacesPending", true);
    }
    write(out, notification.schedule());
    text(out, "expiresIn", notification.timeToLive().map(Duration::toString));
    text(out, "actor", notification.actor());
    text(out, "digestKey", notification.digestKey());
    texts(out, "metadata", notification.metadata());
    writeAssignment(out, notification);
  }

  private static void write(JsonGenerator out, Schedule schedule) throws IOException {
    if (schedule instanceof Schedule.At at) {
      // As numbers: to spell a moment takes more than all the rest of a body's head.
      out.writeNumberField("at", at.instant().getEpochSecond());
      out.writeNumberField("atNanos", at.instant().getNano());
    } else if (schedule instanceof Schedule.AtLocal local) {
      out.writeStringField("atLocal", local.time().toString());
    }
  }

  static void write(JsonGenerator out, Recipient recipient) throws IOException {
    out.writeStartObject();
    out.writeStringField("id", recipient.id());
    out.writeArrayFieldStart("addresses");
    for (Address address : recipient.addresses()) {
      write(out, address);
    }
    out.writeEndArray();
    text(out, "locale", recipient.locale().map(Locale::toLanguageTag));
    text(out, "zone", recipient.zone().map(ZoneId::getId));
    if (!recipient.attributes().isEmpty()) {
      out.writeFieldName("attributes");
      PlainJson.write(out, recipient.attributes());
    }
    out.writeEndObject();
  }

  static void write(JsonGenerator out, Address address) throws IOException {
    out.writeStartObject();
    out.writeStringField("channel", address.channel().name());
    out.writeStringField("value", address.value());
    text(out, "type", address.type());
    text(out, "name", address.displayName());
    text(out, "since", address.registeredAt().map(Instant::toString));
    out.writeEndObject();
  }

  static void write(JsonGenerator out, Content content) throws IOException {
    out.writeStartObject();
    text(out, "title", content.title());
    text(out, "body", content.body());
    text(out, "html", content.html());
    text(out, "image", content.image());
    text(out, "link", content.link());
    ExtrasCodec.write(out, content.extras());
    out.writeEndObject();
  }

  static void write(JsonGenerator out, Routing routing) throws IOException {
    out.writeStartObject();
    if (routing instanceof Routing.Escalate escalate) {
      out.writeArrayFieldStart("escalate");
      for (Routing.Step step : escalate.steps()) {
        out.writeStartObject();
        out.writeStringField("channel", step.channel().name());
        out.writeStringField("after", step.after().toString());
        out.writeEndObject();
      }
    } else {
      out.writeArrayFieldStart(routing instanceof Routing.First ? "first" : "all");
      for (Channel channel : routing.channels()) {
        out.writeString(channel.name());
      }
    }
    out.writeEndArray();
    if (routing instanceof Routing.First first && first.inPersonsOrder()) {
      out.writeBooleanField("personsOrder", true);
    }
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, ChannelDecision decided) throws IOException {
    out.writeStartObject();
    out.writeStringField("channel", decided.channel().name());
    if (decided.address().isPresent()) {
      out.writeFieldName("address");
      write(out, decided.address().get());
    }
    if (decided.decision() instanceof Decision.Defer defer) {
      out.writeStringField("until", defer.until().toString());
      write(out, defer.reason());
    } else if (decided.decision() instanceof Decision.Suppress suppress) {
      write(out, suppress.reason());
    }
    out.writeEndObject();
  }

  private static void write(JsonGenerator out, Reason reason) throws IOException {
    out.writeStringField("code", reason.code());
    out.writeStringField("detail", reason.detail());
  }

  static void text(JsonGenerator out, String name, Optional<String> value) throws IOException {
    if (value.isPresent()) {
      out.writeStringField(name, value.get());
    }
  }

  static void texts(JsonGenerator out, String name, Map<String, String> values) throws IOException {
    if (!values.isEmpty()) {
      out.writeObjectFieldStart(name);
      for (Map.Entry<String, String> entry : values.entrySet()) {
        out.writeStringField(entry.getKey(), entry.getValue());
      }
      out.writeEndObject();
    }
  }

  static Body read(byte[] bytes) throws UnreadableBody {
    return read(bytes, MessageCodec::notification);
  }

  /** The body of a broadcast's message. */
  static Body read(byte[] bytes, Notification pattern) throws UnreadableBody {
    return read(bytes, root -> notification(root, pattern));
  }

  /** The parts of a message's deliveries that never change. */
  static Map<DeliveryId, Target> targets(byte[] bytes) throws UnreadableBody {
    try {
      return targets(root(bytes));
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody(e);
    }
  }

  private static Body read(byte[] bytes, Function<JsonNode, Notification> notification)
      throws UnreadableBody {
    try {
      JsonNode root = root(bytes);
      Map<DeliveryId, Target> targets = targets(root);
      List<ChannelDecision> decisions = new ArrayList<>();
      if (root.has("decisions")) {
        root.path("decisions").forEach(node -> decisions.add(decision(node)));
      } else {
        targets.values().forEach(target -> decisions.add(allowed(target.address())));
      }
      return new Body(notification.apply(root), decisions, targets);
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody(e);
    }
  }

  private static JsonNode root(byte[] bytes) throws IOException {
    JsonNode root = MAPPER.readTree(bytes);
    int version = root.path("form").asInt();
    if (version != VERSION) {
      throw new IllegalArgumentException("form " + version);
    }
    return root;
  }

  private static Map<DeliveryId, Target> targets(JsonNode root) {
    Map<DeliveryId, Target> targets = new LinkedHashMap<>();
    JsonNode own = root.path("recipient").path("addresses");
    for (JsonNode node : root.path("deliveries")) {
      JsonNode address =
          node.has("place") ? own.path(node.get("place").intValue()) : node.path("address");
      targets.put(
          DeliveryId.parse(node.path("id").textValue()),
          new Target(address(address), node.path("onlyIfUnseen").asBoolean()));
    }
    return targets;
  }

  private static Notification notification(JsonNode node, Notification pattern) {
    Notification.Builder copy = pattern.toBuilder().withoutIdempotencyKey();
    if (node.has("variant")) {
      readOwnVariant(copy, node, pattern);
    }
    Notification.Builder own =
        node.has("recipient")
            ? copy.recipient(recipient(node.get("recipient")))
            : copy.build().forRecipient(node.path("to").textValue()).toBuilder();
    readAssignment(own, node);
    return own.build();
  }

  private static void readOwnVariant(
      Notification.Builder copy, JsonNode node, Notification pattern) {
    text(node, "template")
        .ifPresent(name -> copy.template(name, pattern.template().orElseThrow().variables()));
    copy.routing(routing(node.path("routing")));
    readSchedule(copy, node);
  }

  private static void readAssignment(Notification.Builder builder, JsonNode node) {
    text(node, "experiment").ifPresent(builder::experiment);
    text(node, "variant")
        .ifPresent(
            variant ->
                builder.assignment(new Assignment(node.path("experiment").textValue(), variant)));
  }

  private static void readSchedule(Notification.Builder builder, JsonNode node) {
    if (node.has("at")) {
      builder.at(
          Instant.ofEpochSecond(node.get("at").longValue(), node.path("atNanos").longValue()));
    }
    text(node, "atLocal").map(LocalDateTime::parse).ifPresent(builder::atLocalTime);
  }

  /** Only which deliveries a message has. */
  static List<DeliveryId> deliveries(byte[] bytes) throws UnreadableBody {
    try {
      List<DeliveryId> ids = new ArrayList<>();
      MAPPER
          .readTree(bytes)
          .path("deliveries")
          .forEach(node -> ids.add(DeliveryId.parse(node.path("id").textValue())));
      return ids;
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody(e);
    }
  }

  /** Only what was decided; nothing if the body cannot be read. */
  static List<ChannelDecision> decisions(byte[] bytes) {
    try {
      return read(bytes).decisions();
    } catch (UnreadableBody e) {
      return List.of();
    }
  }

  static Notification notification(JsonNode node) {
    Notification.Builder builder =
        node.has("recipient")
            ? Notification.to(recipient(node.get("recipient")))
            : Notification.to(node.path("to").textValue());
    builder
        .category(node.path("category").textValue())
        .priority(Priority.valueOf(node.path("priority").textValue()))
        .routing(routing(node.path("routing")));
    if (node.has("template")) {
      builder.template(node.get("template").textValue(), PlainJson.map(node.path("variables")));
      builder.extras(ExtrasCodec.read(node.path("extras")));
    } else {
      builder.content(content(node.path("content")));
    }
    text(node, "idempotencyKey").ifPresent(builder::idempotencyKey);
    text(node, "subjectType")
        .ifPresent(type -> builder.about(type, node.path("subjectId").textValue()));
    if (node.path("replacesPending").asBoolean()) {
      builder.replacePending();
    }
    readSchedule(builder, node);
    text(node, "expiresIn").map(Duration::parse).ifPresent(builder::expiresIn);
    text(node, "actor").ifPresent(builder::actor);
    text(node, "digestKey").ifPresent(builder::digestKey);
    texts(node, "metadata").forEach(builder::metadata);
    readAssignment(builder, node);
    return builder.build();
  }

  static Recipient recipient(JsonNode node) {
    List<Address> addresses = new ArrayList<>();
    node.path("addresses").forEach(address -> addresses.add(address(address)));
    return new Recipient(
        node.path("id").textValue(),
        addresses,
        text(node, "locale").map(Locale::forLanguageTag),
        text(node, "zone").map(ZoneId::of),
        PlainJson.map(node.path("attributes")));
  }

  static Address address(JsonNode node) {
    return new Address(
        Channel.of(node.path("channel").textValue()),
        node.path("value").textValue(),
        text(node, "type"),
        text(node, "name"),
        text(node, "since").map(Instant::parse));
  }

  static Content content(JsonNode node) {
    return new Content(
        text(node, "title"),
        text(node, "body"),
        text(node, "html"),
        text(node, "image"),
        text(node, "link"),
        ExtrasCodec.read(node));
  }

  static Routing routing(JsonNode node) {
    if (node.has("escalate")) {
      List<Routing.Step> steps = new ArrayList<>();
      for (JsonNode step : node.get("escalate")) {
        steps.add(
            new Routing.Step(
                Channel.of(step.path("channel").textValue()),
                Duration.parse(step.path("after").textValue())));
      }
      return new Routing.Escalate(steps);
    }
    return node.has("first")
        ? new Routing.First(channels(node.get("first")), node.path("personsOrder").asBoolean())
        : new Routing.All(channels(node.path("all")));
  }

  private static List<Channel> channels(JsonNode node) {
    List<Channel> channels = new ArrayList<>();
    node.forEach(name -> channels.add(Channel.of(name.textValue())));
    return channels;
  }

  private static ChannelDecision decision(JsonNode node) {
    Optional<Reason> reason =
        text(node, "code").map(code -> new Reason(code, node.path("detail").textValue()));
    Optional<Instant> until = text(node, "until").map(Instant::parse);
    Decision decision =
        reason.isEmpty()
            ? Decision.ALLOW
            : until.isPresent()
                ? Decision.defer(until.get(), reason.get())
                : Decision.suppress(reason.get());
    return new ChannelDecision(
        Channel.of(node.path("channel").textValue()),
        node.has("address") ? Optional.of(address(node.get("address"))) : Optional.empty(),
        decision);
  }

  static Optional<String> text(JsonNode node, String name) {
    return Optional.ofNullable(node.path(name).textValue());
  }

  static Map<String, String> texts(JsonNode node, String name) {
    Map<String, String> values = new LinkedHashMap<>();
    node.path(name)
        .properties()
        .forEach(field -> values.put(field.getKey(), field.getValue().textValue()));
    return values;
  }
}
