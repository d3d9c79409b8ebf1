package dev.notify.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Texts that programs stumble over. */
public final class Hostile {

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "-1",
          "1",
          "2147483647",
          "2147483648",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "31556889864403199",
          "31556889864403200",
          "-31557014167219201",
          "1e999",
          "-1e999",
          "1e-999",
          "1E400000000",
          "1e2147483648",
          "0.1",
          "NaN",
          "Infinity",
          "0x10",
          "1_000",
          "00",
          "+1",
          "1.",
          ".5",
          "99999999999",
          "1e11",
          "253402300800",
          "-62135596801",
          "1e400",
          "4294967296",
          "\u0661\u0662\u0663");

  private static final List<String> TIMES =
      List.of(
          "+1000000000-12-31T23:59:59.999999999Z",
          "-1000000000-01-01T00:00:00Z",
          "+999999999-12-31T23:59:59.999999999-18:00",
          "-999999999-01-01T00:00:00+18:00",
          "0000-01-01T00:00:00Z",
          "9999-12-31T23:59:59Z",
          "10000-01-01T00:00:00Z",
          "+10000-01-01T00:00:00Z",
          "1969-12-31T23:59:59Z",
          "2026-02-30T00:00:00Z",
          "2026-06-30T23:59:60Z",
          "2026-03-29T02:30:00",
          "2026-03-02T24:00:00Z",
          "2026-03-02T11:59:58.123456789123Z",
          "2026-03-02",
          "294277-01-01T00:00:00Z",
          "+294277-01-09T04:00:55Z",
          "-4713-01-01T00:00:00Z",
          "PT0S",
          "PT-1S",
          "PT0.000000001S",
          "PT9223372036854775807S",
          "P106751991167300D",
          "PT1E9S",
          "P1Y",
          "P999999999D",
          "25:00",
          "24:00",
          "00:00",
          "23:59:59.999999999",
          "-01:00",
          "12:60");

  private static final List<String> NAMES =
      List.of(
          "Europe/Nowhere",
          "GMT+25",
          "UTC-18:01",
          "+19:00",
          "Z",
          "SystemV/PST8",
          "x-",
          "x-y-z",
          "en-US-u-ca-islamic",
          "und",
          "zz-ZZ-1234567890",
          "i-klingon",
          "EMAIL",
          "email",
          "sms",
          "in-app",
          "no.such",
          "constructor",
          "__proto__",
          "..",
          "../../etc/passwd",
          "CON",
          "jane@example.com",
          "JANE@EXAMPLE.COM",
          "@",
          "a@b",
          "a@[127.0.0.1]",
          "a@[IPv6:::1]",
          "\"a b\"@example.com",
          "a@b@c",
          "a@-b.c",
          "a@xn--a.c",
          "a@\u0435xample.com",
          "<jane@example.com>",
          "Jane <jane@example.com",
          "a@example.com, b@example.com",
          "a@example.com\r\nBcc: b@example.com",
          "+14155550142",
          "+1",
          "+0123456789",
          "+999999999999999",
          "14155550142",
          "+1 415 555 0142",
          "tel:+14155550142",
          "+\u0661\u0664\u0661\u0665\u0665\u0665\u0665\u0660\u0661\u0664\u0662",
          "http://[::1]:80/",
          "http://[::1%25lo]/",
          "https://user:pass@example.com/",
          "http://\u2488com/",
          "https://example.com:99999/",
          "https://example.com:-1/",
          "javascript:alert(1)",
          "//example.com",
          "https:example.com",
          "https://%00/",
          "https://example.com/%zz",
          "https://example.com/%2525%2500",
          "http://127.0.0.1/",
          "http://0x7f.1/",
          "file:///etc/passwd",
          "data:text/html,x",
          "jar:file:///x!/y",
          "http://a\u3002b/",
          "https://\ud83d\ude00.example",
          "0 0 * * *",
          "* * * * * * *",
          "0 0 31 2 *",
          "0 0 0 0 0",
          "*/0 * * * *",
          "1-99999 * * * *",
          "{{#a}}",
          "{{/a}}",
          "{{>a}}",
          "{{{a}}",
          "{{a | money}}",
          "{{=<% %>=}}",
          "{{<a}}",
          "${7*7}",
          "a=1 and",
          "((((((((",
          "not not not",
          "a in []",
          "(a+)+$",
          "%s%n%d",
          "{0}",
          "'",
          "\"",
          "\\",
          "'; drop table x; --",
          "<script>",
          "&#x1F600;",
          "&#99999999999;",
          "&amp",
          "<!--",
          "<![CDATA[",
          "]]>",
          "=cmd|' /C calc'!A0",
          ",,,\n\"",
          "\"a\"\"b\"",
          "-----BEGIN PRIVATE KEY-----");

  private static final List<String> CHARACTERS =
      List.of(
          "",
          " ",
          "\t",
          "\n",
          "\r\n",
          "\r",
          "\u0000",
          "\u0001",
          "\u001b[2J",
          "\u007f",
          "\u0085",
          "\u00a0",
          "\u00ad",
          "\u200b",
          "\u200d",
          "\u200e",
          "\u202e",
          "\u2028",
          "\u2029",
          "\u2066",
          "\ufeff",
          "\ufffd",
          "\ufffe",
          "\uffff",
          "\ud800",
          "\udc00",
          "\udc00\ud800",
          "\ud83d\ude00",
          "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67",
          "e\u0301",
          "\u00e9",
          "\ufdfa",
          "\u0130",
          "\u0131",
          "\u1e9e",
          "\u00df",
          "\u03c2",
          "\uff21",
          "\u212b",
          "\u0e33",
          "\u115f",
          "Z\u0335\u0337\u0341");

  private static final List<String> PIECES =
      List.of(
          "a",
          "0",
          " ",
          ".",
          ",",
          "@",
          "%",
          "%25",
          "&",
          "=",
          "&=",
          "<",
          "<a ",
          "&lt;",
          "[",
          "{",
          "(",
          "\"",
          "\\",
          "/",
          "../",
          ":",
          ";",
          "|",
          "*",
          "\n",
          "\r\n",
          "\u0000",
          "\u0301",
          "\ud800",
          "\ud83d\ude00",
          "\u202e",
          "{{",
          "{{#a}}",
          "{{^a}}",
          "{{a}}",
          "a=",
          "a@",
          "not ",
          "a or ",
          "- ",
          "<div>",
          "<!--",
          "AaBB");

  private Hostile() {}

  /** A text of any kind, seldom a long one. */
  public static String text(Chance chance) {
    return switch (chance.below(12)) {
      case 0, 1 -> chance.of(NUMBERS);
      case 2, 3 -> chance.of(TIMES);
      case 4, 5, 6 -> chance.of(NAMES);
      case 7, 8 -> chance.of(CHARACTERS);
      case 9 -> chance.of(NAMES) + chance.of(CHARACTERS) + chance.of(NAMES);
      case 10 -> new String(chance.bytes(chance.below(24)), StandardCharsets.ISO_8859_1);
      default -> chance.of(PIECES).repeat(times(chance));
    };
  }

  /** A number as a document writes it. */
  public static String number(Chance chance) {
    return chance.oneIn(200) ? "9".repeat(times(chance)) : chance.of(NUMBERS);
  }

  /** How often something stands: mostly a few times, seldom very often. */
  public static int times(Chance chance) {
    return chance.oneIn(100)
        ? chance.between(1_000, 60_000)
        : chance.oneIn(8) ? chance.between(50, 1_000) : chance.between(1, 12);
  }

  /** Names that all have the same hash. */
  public static String colliding(int number, int letters) {
    StringBuilder name = new StringBuilder(2 * letters);
    for (int i = 0; i < letters; i++) {
      name.append((number >> i & 1) == 0 ? "Aa" : "BB");
    }
    return name.toString();
  }
}
