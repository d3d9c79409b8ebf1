package dev.notify.jdbc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Broadcast;
import dev.notify.model.Broadcast.Baseline;
import dev.notify.model.Broadcast.Canary;
import dev.notify.model.Broadcast.Expansion;
import dev.notify.model.Broadcast.Refusal;
import dev.notify.model.BroadcastOptions;
import dev.notify.model.BroadcastOptions.Limits;
import dev.notify.model.Notification;
import dev.notify.model.Priority;
import dev.notify.model.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A broadcast as JSON: the part that never changes, and the part that tells how far it is. */
final class BroadcastCodec {

  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private BroadcastCodec() {}

  /** The part that never changes. */
  record Pattern(Notification notification, BroadcastOptions options) {}

  /** The part that does. */
  record Progress(Expansion expansion, Canary canary, Baseline baseline, Optional<Reason> reason) {

    /** Without the name of a person. */
    Progress forgetting(String recipientId) {
      return new Progress(expansion.forgetting(recipientId), canary, baseline, reason);
    }
  }

  static byte[] object(JsonBytes.Fields fields) {
    return JsonBytes.object(VERSION, fields);
  }

  static JsonNode object(byte[] bytes) throws IOException {
    JsonNode root = MAPPER.readTree(bytes);
    int version = root.path("form").asInt();
    if (version != VERSION) {
      throw new IllegalArgumentException("form " + version);
    }
    return root;
  }

  static byte[] pattern(Broadcast broadcast) {
    return object(out -> write(out, new Pattern(broadcast.notification(), broadcast.options())));
  }

  static void write(JsonGenerator out, Pattern pattern) throws IOException {
    MessageCodec.write(out, pattern.notification());
    BroadcastOptions options = pattern.options();
    out.writeObjectFieldStart("options");
    out.writeNumberField("canary", options.canary());
    out.writeStringField("canaryWait", options.canaryWait().toString());
    out.writeNumberField("failed", options.limits().failed());
    out.writeNumberField("bounced", options.limits().bounced());
    out.writeNumberField("optedOut", options.limits().optedOut());
    out.writeNumberField("from", options.limits().from());
    out.writeNumberField("pageSize", options.pageSize());
    out.writeNumberField("mostOpen", options.mostOpen());
    if (options.priority().isPresent()) {
      out.writeStringField("lane", options.priority().get().name());
    }
    out.writeEndObject();
  }

  static Pattern pattern(byte[] bytes) throws UnreadableBody {
    try {
      return pattern(object(bytes));
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody(e);
    }
  }

  static Pattern pattern(JsonNode root) throws IOException {
    JsonNode options = root.path("options");
    return new Pattern(
        MessageCodec.notification(root),
        new BroadcastOptions(
            options.path("canary").asInt(),
            Duration.parse(options.path("canaryWait").textValue()),
            new Limits(
                options.path("failed").asDouble(),
                options.path("bounced").asDouble(),
                options.path("optedOut").asDouble(),
                options.path("from").asInt()),
            options.path("pageSize").asInt(),
            options.path("mostOpen").asInt(),
            Optional.ofNullable(options.path("lane").textValue()).map(Priority::valueOf)));
  }

  static byte[] progress(Broadcast broadcast) {
    return progress(
        new Progress(
            broadcast.expansion(), broadcast.canary(), broadcast.baseline(), broadcast.reason()));
  }

  static byte[] progress(Progress progress) {
    return object(
        out -> {
          Expansion expansion = progress.expansion();
          out.writeStringField("cursor", expansion.cursor());
          out.writeBooleanField("exhausted", expansion.exhausted());
          if (expansion.size().isPresent()) {
            out.writeNumberField("size", expansion.size().getAsLong());
          }
          out.writeNumberField("accepted", expansion.accepted());
          out.writeNumberField("skipped", expansion.skipped());
          out.writeNumberField("failed", expansion.failed());
          out.writeNumberField("deliveries", expansion.deliveries());
          out.writeArrayFieldStart("refusals");
          for (Refusal refusal : expansion.refusals()) {
            out.writeStartObject();
            out.writeStringField("id", refusal.recipientId());
            write(out, refusal.reason());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeBooleanField("canaryPassed", progress.canary().passed());
          if (progress.canary().watchedUntil().isPresent()) {
            out.writeStringField("watchedUntil", progress.canary().watchedUntil().get().toString());
          }
          write(out, progress.baseline());
          if (progress.reason().isPresent()) {
            write(out, progress.reason().get());
          }
        });
  }

  private static void write(JsonGenerator out, Reason reason) throws IOException {
    out.writeStringField("code", reason.code());
    out.writeStringField("detail", reason.detail());
  }

  private static void write(JsonGenerator out, Baseline baseline) throws IOException {
    out.writeObjectFieldStart("baseline");
    out.writeStringField("at", baseline.at().toString());
    out.writeNumberField("ended", baseline.ended());
    out.writeNumberField("attempted", baseline.attempted());
    out.writeNumberField("failed", baseline.failed());
    out.writeNumberField("bounced", baseline.bounced());
    out.writeNumberField("optedOut", baseline.optedOut());
    out.writeEndObject();
  }

  static Progress progress(byte[] bytes) throws UnreadableBody {
    try {
      JsonNode root = object(bytes);
      List<Refusal> refusals = new ArrayList<>();
      for (JsonNode refusal : root.path("refusals")) {
        refusals.add(new Refusal(refusal.path("id").textValue(), reason(refusal).orElseThrow()));
      }
      JsonNode base = root.path("baseline");
      return new Progress(
          new Expansion(
              root.path("cursor").textValue(),
              root.path("exhausted").asBoolean(),
              root.has("size") ? OptionalLong.of(root.path("size").asLong()) : OptionalLong.empty(),
              root.path("accepted").asLong(),
              root.path("skipped").asLong(),
              root.path("failed").asLong(),
              root.path("deliveries").asLong(),
              refusals),
          new Canary(
              root.path("canaryPassed").asBoolean(),
              Optional.ofNullable(root.path("watchedUntil").textValue()).map(Instant::parse)),
          new Baseline(
              Instant.parse(base.path("at").textValue()),
              base.path("ended").asLong(),
              base.path("attempted").asLong(),
              base.path("failed").asLong(),
              base.path("bounced").asLong(),
              base.path("optedOut").asLong()),
          reason(root));
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody(e);
    }
  }

  private static Optional<Reason> reason(JsonNode node) {
    return Optional.ofNullable(node.path("code").textValue())
        .map(code -> new Reason(code, node.path("detail").textValue()));
  }
}
