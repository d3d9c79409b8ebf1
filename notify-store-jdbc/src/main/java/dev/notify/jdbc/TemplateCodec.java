package dev.notify.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.model.StoredTemplate.Draft;
import dev.notify.model.StoredTemplate.Type;
import dev.notify.model.StoredTemplate.Variable;
import dev.notify.model.TemplateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a version of a template says, as JSON. */
final class TemplateCodec {

  private static final int FORM = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private TemplateCodec() {}

  static byte[] write(Draft draft) {
    return JsonBytes.object(
        FORM,
        out -> {
          out.writeObjectFieldStart("texts");
          for (Map.Entry<String, String> text : draft.texts().entrySet()) {
            out.writeStringField(text.getKey(), text.getValue());
          }
          out.writeEndObject();
          out.writeArrayFieldStart("variables");
          for (Variable variable : draft.variables()) {
            out.writeStartObject();
            out.writeStringField("name", variable.name());
            out.writeStringField("type", variable.type().name());
            out.writeBooleanField("required", variable.required());
            out.writeEndObject();
          }
          out.writeEndArray();
          out.writeObjectFieldStart("samples");
          for (Map.Entry<String, Object> sample : draft.samples().entrySet()) {
            out.writeFieldName(sample.getKey());
            PlainJson.write(out, sample.getValue());
          }
          out.writeEndObject();
        });
  }

  static Draft read(String name, byte[] body) {
    try {
      JsonNode json = MAPPER.readTree(body);
      Map<String, String> texts = new LinkedHashMap<>();
      json.get("texts")
          .properties()
          .forEach(text -> texts.put(text.getKey(), text.getValue().asText()));
      List<Variable> variables = new ArrayList<>();
      for (JsonNode variable : json.get("variables")) {
        variables.add(
            new Variable(
                variable.get("name").asText(),
                Type.valueOf(variable.get("type").asText()),
                variable.get("required").asBoolean()));
      }
      return new Draft(name, texts, variables, PlainJson.map(json.get("samples")));
    } catch (IOException | RuntimeException e) {
      // What Jackson says quotes the document.
      throw new TemplateException(name, "cannot be read: of a later release, or damaged");
    }
  }
}
