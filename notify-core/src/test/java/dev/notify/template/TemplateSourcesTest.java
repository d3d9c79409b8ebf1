package dev.notify.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.model.ConfigurationException;
import dev.notify.spi.TemplateSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The places templates usually live in. */
class TemplateSourcesTest {

  @Test
  void aDirectoryGivesOutItsOwnFilesAndNoOthers(@TempDir Path folder) throws IOException {
    Path inside = Files.createDirectories(folder.resolve("templates/hello"));
    Files.writeString(inside.resolve("sms.text.mustache"), "Grüße");
    Files.writeString(folder.resolve("secret.mustache"), "secret");
    TemplateSource source = TemplateSources.directory(folder.resolve("templates"));

    assertThat(source.find("hello/sms.text")).contains("Grüße");
    assertThat(source.find("hello/email.text")).isEmpty();
    assertThat(source.find("hello")).isEmpty();
    assertThat(source.find("../secret")).isEmpty();
    assertThat(source.find(folder.resolve("secret").toString())).isEmpty();
  }

  @Test
  void aDirectoryThatIsNoneIsAnErrorAtOnce(@TempDir Path folder) {
    assertThatThrownBy(() -> TemplateSources.directory(folder.resolve("nowhere")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("nowhere is not a directory");
  }

  @Test
  void theClassPathGivesOutTextsInUtf8() {
    TemplateSource source = TemplateSources.classpath("sample-templates");

    assertThat(source.find("hello/sms.text")).contains("Grüße, {{name}}\n");
    assertThat(source.find("hello/email.text")).isEmpty();
  }

  @Test
  void textsInAMapAreFoundByTheirPath() {
    TemplateSource source = TemplateSources.of(Map.of("hello/sms.text", "Hello"));

    assertThat(source.find("hello/sms.text")).contains("Hello");
    assertThat(source.find("hello/sms")).isEmpty();
  }
}
