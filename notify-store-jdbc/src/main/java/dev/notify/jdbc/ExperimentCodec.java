package dev.notify.jdbc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Experiment;
import dev.notify.model.Experiment.Bandit;
import dev.notify.model.ExperimentRun;
import dev.notify.model.ExperimentRun.State;
import dev.notify.model.Variant;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An experiment as JSON; the form has a version. */
final class ExperimentCodec {

  private static final int VERSION = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ExperimentCodec() {}

  static byte[] write(ExperimentRun run) {
    Experiment experiment = run.experiment();
    return JsonBytes.object(
        VERSION,
        out -> {
          out.writeStringField("name", experiment.name());
          out.writeStringField("salt", experiment.salt());
          out.writeNumberField("holdout", experiment.holdout());
          out.writeStringField("goal", experiment.goal());
          out.writeNumberField("confidence", experiment.confidence());
          out.writeNumberField("expectedPeople", experiment.expectedPeople());
          if (experiment.bandit().isPresent()) {
            out.writeStringField("banditEvery", experiment.bandit().get().every().toString());
            out.writeNumberField("banditFloor", experiment.bandit().get().floor());
          }
          out.writeArrayFieldStart("variants");
          for (Variant variant : experiment.variants()) {
            write(out, variant);
          }
          out.writeEndArray();
          out.writeStringField("state", run.state().name());
          out.writeObjectFieldStart("allocation");
          for (Map.Entry<String, Double> share : run.allocation().entrySet()) {
            out.writeNumberField(share.getKey(), share.getValue());
          }
          out.writeEndObject();
          out.writeBooleanField("reallocated", run.reallocated());
          out.writeArrayFieldStart("stopped");
          for (String variant : run.stopped()) {
            out.writeString(variant);
          }
          out.writeEndArray();
          MessageCodec.text(out, "winner", run.winner());
          out.writeStringField("createdAt", run.createdAt().toString());
          out.writeStringField("allocatedAt", run.allocatedAt().toString());
        });
  }

  private static void write(JsonGenerator out, Variant variant) throws IOException {
    out.writeStartObject();
    out.writeStringField("name", variant.name());
    out.writeNumberField("weight", variant.weight());
    MessageCodec.text(out, "template", variant.template());
    if (variant.routing().isPresent()) {
      out.writeFieldName("routing");
      MessageCodec.write(out, variant.routing().get());
    }
    MessageCodec.text(out, "delay", variant.delay().map(Duration::toString));
    MessageCodec.text(out, "localTime", variant.localTime().map(LocalTime::toString));
    out.writeEndObject();
  }

  static ExperimentRun read(byte[] bytes, long version) throws UnreadableBody {
    try {
      JsonNode root = MAPPER.readTree(bytes);
      if (root.path("form").asInt() != VERSION) {
        throw new IllegalArgumentException("form " + root.path("form").asInt());
      }
      Map<String, Double> allocation = new LinkedHashMap<>();
      root.path("allocation")
          .properties()
          .forEach(share -> allocation.put(share.getKey(), share.getValue().asDouble()));
      Set<String> stopped = new HashSet<>();
      root.path("stopped").forEach(variant -> stopped.add(variant.textValue()));
      return new ExperimentRun(
          experiment(root),
          State.valueOf(root.path("state").textValue()),
          allocation,
          root.path("reallocated").asBoolean(),
          stopped,
          MessageCodec.text(root, "winner"),
          Instant.parse(root.path("createdAt").textValue()),
          Instant.parse(root.path("allocatedAt").textValue()),
          version);
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody(e);
    }
  }

  private static Experiment experiment(JsonNode root) {
    List<Variant> variants = new ArrayList<>();
    root.path("variants").forEach(node -> variants.add(variant(node)));
    Optional<Bandit> bandit =
        MessageCodec.text(root, "banditEvery")
            .map(every -> new Bandit(Duration.parse(every), root.path("banditFloor").asDouble()));
    return new Experiment(
        root.path("name").textValue(),
        root.path("salt").textValue(),
        variants,
        root.path("holdout").asDouble(),
        root.path("goal").textValue(),
        root.path("confidence").asDouble(),
        root.path("expectedPeople").asLong(),
        bandit);
  }

  private static Variant variant(JsonNode node) {
    return new Variant(
        node.path("name").textValue(),
        node.path("weight").asDouble(),
        MessageCodec.text(node, "template"),
        node.has("routing")
            ? Optional.of(MessageCodec.routing(node.get("routing")))
            : Optional.empty(),
        MessageCodec.text(node, "delay").map(Duration::parse),
        MessageCodec.text(node, "localTime").map(LocalTime::parse));
  }
}
