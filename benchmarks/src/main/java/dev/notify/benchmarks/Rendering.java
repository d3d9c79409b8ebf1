package dev.notify.benchmarks;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import com.github.mustachejava.MustacheException;
import dev.notify.model.Channel;
import dev.notify.model.Content;
import dev.notify.model.Recipient;
import dev.notify.model.TemplateRef;
import dev.notify.template.TemplateSources;
import dev.notify.template.Templates;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * An e-mail of subject, HTML and text, rendered by {@link Templates} and by mustache.java called
 * directly, with the same texts and the same data.
 */
@State(Scope.Benchmark)
public class Rendering {

  private static final String SUBJECT = "Order {{order.id}} is on its way, {{recipient.name}}";
  private static final String TEXT =
      """
      Hello {{recipient.name}},

      we have sent your order {{order.id}} today:
      {{#items}}
      - {{count}} x {{title}}, {{price}}
      {{/items}}
      {{#note}}Your note: {{note}}
      {{/note}}
      Follow it here: {{link}}

      {{shop}}
      """;
  private static final String HTML =
      """
      <!doctype html>
      <html><head><title>{{order.id}}</title></head>
      <body style="font-family: sans-serif; color: #333">
      <h1>Hello {{recipient.name}},</h1>
      <p>we have sent your order <b>{{order.id}}</b> today:</p>
      <table>
      {{#items}}
      <tr><td>{{count}}</td><td>{{title}}</td><td align="right">{{price}}</td></tr>
      {{/items}}
      </table>
      {{#note}}<p>Your note: {{note}}</p>{{/note}}
      <p><a href="{{link}}">Follow your parcel</a></p>
      <p style="font-size: 80%">{{shop}}</p>
      </body></html>
      """;

  private static final Map<String, Object> DATA =
      Map.of(
          "order", Map.of("id", "1017-A"),
          "items",
              List.of(
                  Map.of("count", 1, "title", "Salt & pepper mill", "price", "24.90 EUR"),
                  Map.of("count", 2, "title", "Cup \"Lisboa\"", "price", "17.80 EUR"),
                  Map.of("count", 6, "title", "Tea towel", "price", "30.00 EUR")),
          "note", "please leave it at the neighbour's",
          "link", "https://shop.example.com/parcels/1017?a=1&b=2",
          "shop", "Example Shop, 1 Long Street, Lisbon");

  private final Recipient recipient =
      Recipient.builder("user-42").email("jane@example.com").attribute("name", "Jane").build();
  private final TemplateRef ref = new TemplateRef("order-shipped", DATA);
  private final Templates ours =
      new Templates(
          TemplateSources.of(
              Map.of(
                  "order-shipped/email.subject", SUBJECT,
                  "order-shipped/email.text", TEXT,
                  "order-shipped/email.html", HTML)));

  private final Mustache subject = compile(new Unescaped(), SUBJECT);
  private final Mustache text = compile(new Unescaped(), TEXT);
  private final Mustache html = compile(new DefaultMustacheFactory(), HTML);
  private final Map<String, Object> scope = new HashMap<>(DATA);

  /** Subject and text are no HTML; nobody would have them escaped. */
  private static final class Unescaped extends DefaultMustacheFactory {
    @Override
    public void encode(String value, Writer writer) {
      try {
        writer.write(value);
      } catch (IOException e) {
        throw new MustacheException(e);
      }
    }
  }

  private static Mustache compile(DefaultMustacheFactory factory, String template) {
    return factory.compile(new StringReader(template), "order-shipped");
  }

  /** A comparison of different texts would be none. */
  @Setup
  public void requireEqualTexts() {
    scope.put("recipient", Map.of("id", recipient.id(), "name", "Jane"));
    Content content = throughTemplates();
    List<String> one =
        List.of(
            content.title().orElseThrow(),
            content.body().orElseThrow(),
            content.html().orElseThrow());
    if (!one.equals(directly())) {
      throw new IllegalStateException("rendered differently:\n" + one + "\n" + directly());
    }
  }

  /** Through our templates. */
  @Benchmark
  public Content throughTemplates() {
    return ours.render(ref, Channel.EMAIL, Locale.ENGLISH, recipient);
  }

  /** By mustache.java alone. */
  @Benchmark
  public List<String> directly() {
    return List.of(render(subject), render(text), render(html));
  }

  private String render(Mustache template) {
    StringWriter out = new StringWriter();
    template.execute(out, scope);
    return out.toString();
  }
}
