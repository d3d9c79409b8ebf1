package dev.notify.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Device;
import dev.notify.model.RecipientEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that is kept of a person, as JSON. */
final class RecipientCodec {

  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RecipientCodec() {}

  static byte[] write(RecipientEntry entry) {
    return JsonBytes.object(
        VERSION,
        out -> {
          out.writeFieldName("recipient");
          MessageCodec.write(out, entry.recipient());
          out.writeArrayFieldStart("devices");
          for (Device device : entry.devices()) {
            out.writeStartObject();
            out.writeFieldName("address");
            MessageCodec.write(out, device.address());
            if (device.app().isPresent()) {
              out.writeStringField("app", device.app().get());
            }
            out.writeStringField("since", device.since().toString());
            out.writeStringField("seen", device.seenAt().toString());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeObjectFieldStart("topics");
          for (Map.Entry<String, Instant> topic : entry.topics().entrySet()) {
            out.writeStringField(topic.getKey(), topic.getValue().toString());
          }
          out.writeEndObject();
        });
  }

  static RecipientEntry read(byte[] plain) throws UnreadableBody {
    try {
      JsonNode root = MAPPER.readTree(plain);
      int version = root.path("form").asInt();
      if (version != VERSION) {
        throw new UnreadableBody("it has form " + version + ", of a later release");
      }
      List<Device> devices = new ArrayList<>();
      for (JsonNode device : root.path("devices")) {
        devices.add(
            new Device(
                MessageCodec.address(device.path("address")),
                Optional.ofNullable(device.path("app").textValue()),
                Instant.parse(device.path("since").textValue()),
                Instant.parse(device.path("seen").textValue())));
      }
      Map<String, Instant> topics = new LinkedHashMap<>();
      root.path("topics")
          .properties()
          .forEach(
              topic -> topics.put(topic.getKey(), Instant.parse(topic.getValue().textValue())));
      return new RecipientEntry(MessageCodec.recipient(root.path("recipient")), devices, topics);
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody(e);
    }
  }
}
