package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Runs the commands of docs/server.md, in their order. */
class ServerPageTest {

  /** A word, or a text in single or double quotes. */
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  private static final Pattern BLOCK = Pattern.compile("(?s)```sh\n(.*?)```");
  private static final Path PAGE = Path.of("docs/server.md");

  @Test
  void everyCommandWorks() throws IOException {
    try (RunningServer server = RunningServer.start()) {
      Map<String, String> variables = new HashMap<>();
      variables.put("$SERVER", "");
      variables.put("$KEY", RunningServer.ADMIN);
      variables.put("$SOON", Instant.now().plus(Duration.ofDays(20)).toString());
      int commands = 0;
      for (String command : commands()) {
        for (Map.Entry<String, String> variable : variables.entrySet()) {
          command = command.replace(variable.getKey(), variable.getValue());
        }
        Reply reply = run(server, command);

        assertThat(reply.status()).as("%s: %s", command, reply.body()).isBetween(200, 299);
        if (reply.header("Location").startsWith("/api/v1/notifications/")) {
          variables.put("$ID", reply.at("/notificationId"));
        }
        commands++;
      }
      assertThat(commands).isGreaterThan(10);
    }
  }

  private static List<String> commands() throws IOException {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.exists(root.resolve(PAGE))) {
      root = root.getParent();
    }
    List<String> commands = new ArrayList<>();
    for (Matcher block = BLOCK.matcher(Files.readString(root.resolve(PAGE))); block.find(); ) {
      commands.addAll(block.group(1).replace("\\\n", " ").lines().toList());
    }
    return commands;
  }

  /** As curl would: the options that the page uses, and no others. */
  private static Reply run(RunningServer server, String command) {
    List<String> words = new ArrayList<>();
    for (Matcher word = WORD.matcher(command); word.find(); ) {
      words.add(word.group().replaceAll("^['\"]|['\"]$", ""));
    }
    assertThat(words.remove(0)).isEqualTo("curl");
    String method = "";
    String path = "";
    String body = "";
    List<String> headers = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      switch (words.get(i)) {
        case "-X" -> method = words.get(++i);
        case "-d" -> body = words.get(++i);
        case "-H" -> headers.addAll(List.of(words.get(++i).split(": ", 2)));
        default -> path = words.get(i);
      }
    }
    assertThat(path).as(command).startsWith("/");
    String verb = method.isEmpty() ? (body.isEmpty() ? "GET" : "POST") : method;
    return server.call(verb, path, body, headers.toArray(String[]::new));
  }
}
