package dev.notify.console;

import dev.notify.model.Attachment;
import dev.notify.model.Content;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A mail's HTML for a frame of its own, in which nothing runs and nothing is fetched: its policy
 * forbids both, whatever is in the mail, and gives it an origin of its own.
 */
final class MailFrame {

  static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'self';"
          + " sandbox allow-popups allow-popups-to-escape-sandbox";

  private static final Pattern HEAD =
      Pattern.compile("<head(\\s[^>]*)?>", Pattern.CASE_INSENSITIVE);
  private static final Pattern DOCTYPE =
      Pattern.compile("^\\s*<!doctype[^>]*>", Pattern.CASE_INSENSITIVE);
  private static final Pattern CID = Pattern.compile("cid:([A-Za-z0-9._@-]{1,128})");

  /** Links open beside the console, as a mail program opens them beside itself. */
  private static final String TARGET = "<base target=\"_blank\">";

  private MailFrame() {}

  static String of(Content content) {
    return pictures(targeted(content.html().orElse("")), content);
  }

  private static String targeted(String html) {
    for (Pattern place : new Pattern[] {HEAD, DOCTYPE}) {
      Matcher found = place.matcher(html);
      if (found.find()) {
        return html.substring(0, found.end()) + TARGET + html.substring(found.end());
      }
    }
    return "<!doctype html>" + TARGET + html;
  }

  /** Pictures that came with the mail are part of it. */
  private static String pictures(String html, Content content) {
    Map<String, Attachment> inline = new java.util.HashMap<>();
    for (Attachment file : content.attachments()) {
      if (file.contentType().toLowerCase(Locale.ROOT).matches("image/[a-z0-9.+-]+")) {
        file.contentId().ifPresent(id -> inline.put(id, file));
      }
    }
    return inline.isEmpty()
        ? html
        : CID.matcher(html)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        inline.containsKey(found.group(1))
                            ? data(inline.get(found.group(1)))
                            : found.group()));
  }

  private static String data(@org.jspecify.annotations.Nullable Attachment file) {
    return file == null
        ? ""
        : "data:"
            + file.contentType()
            + ";base64,"
            + Base64.getEncoder().encodeToString(file.bytes());
  }
}
