package dev.notify.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.jdbc.MessageCodec.UnreadableBody;
import dev.notify.model.Content;
import java.io.IOException;
import java.util.Map;

/** What an item of an inbox says, as JSON. */
final class InboxCodec {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private InboxCodec() {}

  /**
   * The text of an item.
   *
   * @param content what it says
   * @param metadata the application's own notes
   */
  record Said(Content content, Map<String, String> metadata) {}

  static byte[] write(Content content, Map<String, String> metadata) {
    return JsonBytes.object(
        out -> {
          out.writeFieldName("content");
          MessageCodec.write(out, content);
          MessageCodec.texts(out, "metadata", metadata);
        });
  }

  static Said read(byte[] plain) throws UnreadableBody {
    try {
      JsonNode root = MAPPER.readTree(plain);
      return new Said(
          MessageCodec.content(root.path("content")), MessageCodec.texts(root, "metadata"));
    } catch (IOException | RuntimeException e) {
      throw new UnreadableBody("an item of an inbox is not as we write it");
    }
  }
}
