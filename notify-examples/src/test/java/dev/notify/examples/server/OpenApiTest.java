package dev.notify.examples.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** That answers are as described is held by each test that calls the server: {@link Contract}. */
class OpenApiTest {

  private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\":\"#([^\"]+)\"");

  @Test
  void everythingThatCanBeCalledIsDescribedAndNothingElse() {
    try (RunningServer server = RunningServer.start()) {
      TreeSet<String> served =
          server.server().routes().stream()
              .map(route -> route.method() + " " + route.path())
              .collect(Collectors.toCollection(TreeSet::new));

      assertThat(Contract.operations()).isEqualTo(served);
      assertThat(server.get("/openapi.json").json()).isEqualTo(Contract.document());
    }
  }

  /** A call without a key tells a route that is there, by 401, from one that is not. */
  @Test
  void theServerKnowsEveryPathOfTheDescription() {
    try (RunningServer server = RunningServer.start()) {
      for (String operation : Contract.operations()) {
        String method = operation.split(" ")[0];
        String path = operation.split(" ")[1].replaceAll("\\{[a-z]+}", "x");
        JsonNode described =
            Contract.document()
                .get("paths")
                .get(operation.split(" ")[1])
                .get(method.toLowerCase(Locale.ROOT));
        boolean isOpen = described.has("security");

        int status = server.call(method, path, "", "X-Nothing", "x").status();

        if (isOpen) {
          assertThat(status).as(operation).isNotIn(401, 403, 405);
        } else {
          assertThat(status).as(operation).isEqualTo(401);
        }
      }
    }
  }

  @Test
  void everyReferenceLeadsSomewhereAndEverySchemaIsUsed() {
    String text = Contract.document().toString();
    TreeSet<String> used = new TreeSet<>();
    for (Matcher reference = REFERENCE.matcher(text); reference.find(); ) {
      used.add(reference.group(1));
      assertThat(Contract.document().at(reference.group(1)).isMissingNode())
          .as(reference.group(1))
          .isFalse();
    }
    Contract.document()
        .at("/components/schemas")
        .fieldNames()
        .forEachRemaining(name -> assertThat(used).contains("/components/schemas/" + name));
  }
}
