package dev.notify.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkupTest {

  @Test
  void textAndValuesAreNeverMarkup() {
    Markup html = new Markup().leaf("p", "<b>&'\"", "title", "\"><script>");

    assertThat(html)
        .hasToString("<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&amp;&#39;&quot;</p>");
  }
}
