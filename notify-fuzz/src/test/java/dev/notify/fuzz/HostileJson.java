package dev.notify.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a document by its tree, with some nodes left out, doubled, exchanged or replaced. It is
 * written as text, so that it may say what no tree can hold.
 */
final class HostileJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Chance chance;
  private final StringBuilder out = new StringBuilder();
  private final List<JsonNode> nodes = new ArrayList<>();
  private int rarity;

  HostileJson(Chance chance) {
    this.chance = chance;
  }

  String of(String valid) {
    JsonNode root;
    try {
      root = MAPPER.readTree(valid);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(valid, e);
    }
    collect(root);
    rarity = Math.max(2, nodes.size() / chance.between(1, 3));
    write(root);
    return out.toString();
  }

  private void collect(JsonNode node) {
    nodes.add(node);
    node.forEach(this::collect);
  }

  private void write(JsonNode node) {
    if (chance.oneIn(rarity)) {
      replace(node);
    } else {
      plain(node);
    }
  }

  private void plain(JsonNode node) {
    if (node.isObject()) {
      object(node);
    } else if (node.isArray()) {
      out.append('[');
      String between = "";
      for (JsonNode item : node) {
        out.append(between);
        write(item);
        between = ",";
      }
      out.append(']');
    } else {
      out.append(node);
    }
  }

  private void object(JsonNode node) {
    out.append('{');
    String between = "";
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      boolean isSpoiled = chance.oneIn(rarity * 2);
      int way = chance.below(4);
      if (isSpoiled && way == 0) {
        continue;
      }
      out.append(between);
      between = ",";
      field(isSpoiled && way == 1 ? Hostile.text(chance) : field.getKey(), field.getValue());
      if (isSpoiled && way == 2) {
        out.append(',');
        field(field.getKey(), chance.of(nodes));
      }
      if (isSpoiled && way == 3) {
        out.append(',');
        field(Hostile.text(chance), chance.of(nodes));
      }
    }
    out.append('}');
  }

  private void field(String name, JsonNode value) {
    out.append(TextNode.valueOf(name)).append(':');
    write(value);
  }

  private void replace(JsonNode node) {
    switch (chance.below(14)) {
      case 0 -> out.append("null");
      case 1 -> out.append(chance.of("true", "false"));
      case 2, 3 -> out.append(Hostile.number(chance));
      case 4, 5, 6 -> out.append(TextNode.valueOf(Hostile.text(chance)));
      case 7 -> out.append(chance.of("{}", "[]", "\"\"", "[[]]", "[null]", "{\"\":{}}"));
      case 8 -> out.append(TextNode.valueOf(Spoiled.text(chance, node.asText(""))));
      case 9 -> plain(chance.of(nodes));
      case 10 -> deep(node);
      case 11 -> many(node);
      case 12 ->
          out.append(
              chance.of("\"\\ud800\"", "\"\\u0000\"", "\"\\udc00\\ud800\"", "'x'", "\"\\x\""));
      default -> out.append(TextNode.valueOf(node.toString()));
    }
  }

  private void deep(JsonNode node) {
    int depth = Hostile.times(chance);
    boolean isObject = chance.oneIn(2);
    out.append((isObject ? "{\"a\":" : "[").repeat(depth));
    plain(node);
    out.append((isObject ? "}" : "]").repeat(depth));
  }

  private void many(JsonNode node) {
    int count = Math.min(Hostile.times(chance), 8_192);
    boolean isObject = chance.oneIn(2);
    String item = node.toString();
    if (item.length() * (long) count > 400_000) {
      item = "0";
    }
    out.append(isObject ? '{' : '[');
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "" : ",");
      if (isObject) {
        out.append('"').append(Hostile.colliding(i, 13)).append("\":");
      }
      out.append(item);
    }
    out.append(isObject ? '}' : ']');
  }
}
