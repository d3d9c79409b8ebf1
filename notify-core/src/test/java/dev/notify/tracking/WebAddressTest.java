package dev.notify.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.Chance;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that a header field can say. */
class WebAddressTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "HTTP://Example.com:8080/a//b/../c;d=1?x=%2F&y=a+b#frag",
        "https://user@example.com/?a[]=1&t=12:30'*!",
        "https://my_host.example.com/~jane",
        "https://[2001:db8::1]/x"
      })
  void aUriStaysAsItIs(String uri) {
    assertThat(WebAddress.inAscii(uri)).contains(uri);
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.com/größe?ä#ö, https://example.com/gr%C3%B6%C3%9Fe?%C3%A4#%C3%B6",
    "https://example.com/😀, https://example.com/%F0%9F%98%80",
    "https://bücher.example:8443/x, https://xn--bcher-kva.example:8443/x",
    "https://日本語。jp/x, https://xn--wgv71a119e.jp/x",
    "https://example.com/a|b?{c}, https://example.com/a%7Cb?%7Bc%7D"
  })
  void whatIsNoAsciiIsWrittenAsABrowserAsksForIt(String written, String uri) {
    assertThat(WebAddress.inAscii(written)).contains(uri);
  }

  @Test
  void anAccentApartFromItsLetterStaysApart() {
    assertThat(WebAddress.inAscii("https://example.com/e\u0301"))
        .contains("https://example.com/e%CC%81");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "/relative",
        "//example.com/x",
        "mailto:jane@example.com",
        "javascript:alert(1)",
        "ftp://example.com",
        "https://",
        "https:///x",
        "https://?x",
        "https://example.com/a b",
        "https://example.com/a\r\nSet-Cookie: x=y",
        "https://example.com/\u0000",
        "https://example.com/\"x\"",
        "https://example.com/<x>",
        "https://example.com\\@evil.example/",
        "https://example.com/50%off",
        "https://example.com/\ud83d",
        // Turns into a/c, another host, in careless hands.
        "https://example.c\u2100.evil.example/",
        // Read as strasse.example by some and as xn--strae-oqa.example by others.
        "https://straße.example/",
        "https://jane@bücher.example/"
      })
  void whatIsNoAddressOfTheWebIsNone(String text) {
    assertThat(WebAddress.inAscii(text)).isEmpty();
  }

  @Test
  void whateverIsWrittenIsAsciiAndWrittenOnceOnly() {
    Chance.forMany(
        20_000,
        random -> {
          StringBuilder text = new StringBuilder("https://");
          int many = random.nextInt(1, 12);
          for (int i = 0; i < many; i++) {
            text.append(
                random.nextBoolean()
                    ? Chance.oneOf(random, "a", ".", "/", "?", "#", ":", "@", "%41", "[", "1", "-")
                    : Character.toString(random.nextInt(0x3000)));
          }

          WebAddress.inAscii(text.toString())
              .ifPresent(
                  uri -> {
                    assertThat(uri).matches("[!-~]+");
                    assertThat(WebAddress.inAscii(uri)).contains(uri);
                  });
        });
  }
}
