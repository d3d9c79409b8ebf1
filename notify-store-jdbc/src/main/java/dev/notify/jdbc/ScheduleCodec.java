package dev.notify.jdbc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.jdbc.BroadcastCodec.Pattern;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.MissedRuns;
import dev.notify.model.Reason;
import dev.notify.model.RecurringSchedule;
import dev.notify.model.StoredSchedule;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A recurring schedule as JSON. */
final class ScheduleCodec {

  private ScheduleCodec() {}

  static byte[] write(StoredSchedule stored) {
    RecurringSchedule schedule = stored.schedule();
    return BroadcastCodec.object(
        out -> {
          BroadcastCodec.write(out, new Pattern(schedule.notification(), schedule.options()));
          out.writeObjectFieldStart("schedule");
          out.writeStringField("cron", schedule.cron().toString());
          text(out, "zone", schedule.zone().map(Object::toString));
          text(out, "audience", schedule.audience());
          out.writeNumberField("missed", schedule.missedRuns().most());
          out.writeStringField("tolerance", schedule.missedRuns().tolerance().toString());
          text(out, "startsAt", schedule.startsAt().map(Instant::toString));
          text(out, "endsAt", schedule.endsAt().map(Instant::toString));
          out.writeStringField("state", stored.state().name());
          text(out, "next", stored.next().map(Instant::toString));
          text(out, "lastRun", stored.lastRun().map(Instant::toString));
          out.writeNumberField("runs", stored.runs());
          text(out, "faultCode", stored.fault().map(Reason::code));
          text(out, "fault", stored.fault().map(Reason::detail));
          text(out, "due", stored.due().map(Instant::toString));
          out.writeEndObject();
        });
  }

  private static void text(JsonGenerator out, String field, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      out.writeStringField(field, value.get());
    }
  }

  static StoredSchedule read(String id, byte[] bytes, long version) throws UnreadableBody {
    try {
      JsonNode root = BroadcastCodec.object(bytes);
      Pattern pattern = BroadcastCodec.pattern(root);
      JsonNode node = root.path("schedule");
      RecurringSchedule.Builder builder =
          RecurringSchedule.of(id, node.path("cron").textValue(), pattern.notification())
              .inEachZone()
              .options(pattern.options())
              .missedRuns(
                  new MissedRuns(
                      node.path("missed").asInt(),
                      Duration.parse(node.path("tolerance").textValue())));
      text(node, "zone").ifPresent(builder::in);
      text(node, "audience").ifPresent(builder::toAudience);
      time(node, "startsAt").ifPresent(builder::startingAt);
      time(node, "endsAt").ifPresent(builder::endingAt);
      return new StoredSchedule(
          builder.build(),
          StoredSchedule.State.valueOf(node.path("state").textValue()),
          time(node, "next"),
          time(node, "lastRun"),
          node.path("runs").asLong(),
          text(node, "faultCode").map(code -> new Reason(code, text(node, "fault").orElse(""))),
          time(node, "due"),
          version);
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody(e);
    }
  }

  private static Optional<String> text(JsonNode node, String field) {
    return Optional.ofNullable(node.path(field).textValue());
  }

  private static Optional<Instant> time(JsonNode node, String field) {
    return text(node, field).map(Instant::parse);
  }
}
