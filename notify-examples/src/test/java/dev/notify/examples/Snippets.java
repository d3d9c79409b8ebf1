package dev.notify.examples;

import dev.notify.examples.MarkdownPages.Block;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles the Java snippets of the documentation against the library.
 *
 * <p>A snippet is statements, or the members of a class if a line begins with a modifier or an
 * annotation. It may use what {@link #PREAMBLE} declares and needs no imports.
 */
final class Snippets {

  private static final Pattern MEMBER =
      Pattern.compile("(public|protected|private|static|abstract|@Test|@Override|void)\\b.*");

  private static final String IMPORTS =
      List.of(
              "dev.notify.*",
              "dev.notify.model.*",
              "dev.notify.spi.*",
              "dev.notify.console.*",
              "dev.notify.policy.DeliveryWindow",
              "dev.notify.policy.FrequencyCap",
              "dev.notify.policy.SendTime",
              "dev.notify.routing.*",
              "dev.notify.template.*",
              "dev.notify.memory.*",
              "dev.notify.email.*",
              "dev.notify.sms.*",
              "dev.notify.push.*",
              "dev.notify.inapp.*",
              "dev.notify.webhook.*",
              "dev.notify.jdbc.*",
              "dev.notify.test.*",
              "com.sun.net.httpserver.HttpServer",
              "jakarta.servlet.ServletContext",
              "java.io.Reader",
              "java.io.Writer",
              "java.net.InetSocketAddress",
              "java.net.URI",
              "java.sql.Connection",
              "java.nio.file.*",
              "java.time.*",
              "java.util.*",
              "java.util.concurrent.*",
              "java.util.function.UnaryOperator",
              "javax.sql.DataSource",
              "org.junit.jupiter.api.*",
              "static dev.notify.model.Channel.*",
              "static dev.notify.model.DeliveryStatus.*",
              "static dev.notify.test.NotificationAssert.assertThat",
              "static org.junit.jupiter.api.Assertions.assertEquals",
              "static org.junit.jupiter.api.Assertions.assertTrue")
          .stream()
          .map(name -> "import " + name + ";")
          .collect(Collectors.joining(" "));

  /** What an application of the reader's would have; see also {@link DocumentationTest}. */
  private static final String PREAMBLE =
      """
      package docs;
      %s
      @SuppressWarnings("all")
      abstract class Preamble {
        NotificationDispatcher dispatcher;
        RecipientStore people;
        DispatcherBuilder builder;
        Notification notification;
        NotificationId id;
        Content content;
        Properties properties;
        DataSource dataSource;
        EncryptionKeys keys;
        ExecutorService hostPool;
        String secret, accountSid, authToken, url, calledUrl, method, path, token;
        byte[] invoicePdf, logoPng, body, linkKey, keyFromYourVault, newKey, oldKey;
        Instant rolledOut;
        BroadcastId broadcast;
        Map<String, List<String>> headers;
        Users users;
        Orders orders;
        Order order;
        Meters meters;
        SmtpProvider smtp, mail;
        TwilioProvider twilio;
        FcmProvider fcm;
        InAppProvider inApp;
        ServletContext servletContext;
        UUID spring;
        Audience customers;
        record Order(long id, String customerId, String trackingUrl) {
          boolean isOpen() { return true; }
        }
        interface Orders { Optional<Order> find(String id); }
        record User(String id, String email, String phone, Locale locale, ZoneId zone, String firstName,
            List<UserDevice> devices) {}
        record UserDevice(String token, Instant registeredAt) {}
        interface Users { Optional<User> find(String id); List<String> allIds(); }
        interface Meters { void count(String name, String... tags); void time(String name, Duration time); }
        record OrderShipped(long orderId, String trackingUrl) {}
        NotificationType<OrderShipped> ORDER_SHIPPED;
        void alarm(String text) {}
        void show(Object anything) {}
      }
      """
          .formatted(IMPORTS);

  private Snippets() {}

  static boolean isJava(Block block) {
    return block.language().equals("java");
  }

  static List<String> faults(Path page, Path classes) {
    return faults(MarkdownPages.blocks(page).stream().filter(Snippets::isJava).toList(), classes);
  }

  /** What the compiler has against these snippets, each fault with its page and line. */
  static List<String> faults(Collection<Block> snippets, Path classes) {
    List<JavaFileObject> sources = new ArrayList<>();
    sources.add(new Source("Preamble", "Preamble", 0, PREAMBLE));
    for (Block snippet : snippets) {
      String name = "Snippet" + sources.size();
      sources.add(new Source(name, snippet.page().toString(), snippet.line(), wrap(name, snippet)));
    }
    DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(found, Locale.ROOT, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of(
              "-classpath",
              System.getProperty("java.class.path"),
              "-d",
              classes.toString(),
              "-proc:none",
              "--release",
              "17");
      boolean compiled = compiler.getTask(null, files, found, options, null, sources).call();
      List<String> faults =
          found.getDiagnostics().stream()
              .filter(diagnostic -> diagnostic.getKind() == Diagnostic.Kind.ERROR)
              .map(Snippets::told)
              .toList();
      return compiled || !faults.isEmpty() ? faults : List.of("not compiled, and no word why");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String told(Diagnostic<? extends JavaFileObject> fault) {
    String message = fault.getMessage(Locale.ROOT);
    return fault.getSource() instanceof Source source
        ? source.page + ":" + (source.firstLine + fault.getLineNumber() - 2) + ": " + message
        : message;
  }

  /** All that is not the reader's stands on one line before, so that lines can be told. */
  private static String wrap(String name, Block snippet) {
    boolean members = snippet.lines().stream().anyMatch(line -> MEMBER.matcher(line).matches());
    String head =
        "package docs; %s @SuppressWarnings(\"all\") class %s extends Preamble { %s%n"
            .formatted(IMPORTS, name, members ? "" : "void run() throws Exception {");
    return head + String.join("\n", snippet.lines()) + (members ? "\n}" : "\n}}");
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String page;
    private final long firstLine;
    private final String text;

    Source(String name, String page, long firstLine, String text) {
      super(URI.create("string:///docs/" + name + ".java"), Kind.SOURCE);
      this.page = page;
      this.firstLine = firstLine;
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
