package dev.notify.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The library on the module path, as {@link ModularProgram} in a process of its own. */
class ModulePathTest {

  private static final String OURS =
      Stream.of("core", "http", "email", "push", "sms", "inapp", "webhook", "jdbc", "console")
          .map(name -> "dev.notify." + name)
          .collect(Collectors.joining(","));

  @Test
  void everyModuleResolvesAndFindsItsProviders() throws Exception {
    List<String> entries = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
    String modules = entries.stream().filter(entry -> !isOfThisModule(entry)).collect(joined());
    String program = entries.stream().filter(ModulePathTest::isOfThisModule).collect(joined());

    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                modules,
                "--add-modules",
                OURS,
                "--class-path",
                program,
                ModularProgram.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output)
        .contains("[email, inapp, push, slack, sms, webhook]")
        .contains("module dev.notify.core");
    assertThat(java.exitValue()).as(output).isZero();
  }

  private static Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(File.pathSeparator);
  }

  private static boolean isOfThisModule(String entry) {
    return entry.contains("notify-examples");
  }
}
