package dev.notify.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes with the words of a message. */
class ExtrasTest {

  private static final Attachment FILE = Attachment.of("a.txt", "text/plain", new byte[] {1});

  @Test
  void theyGoWithGivenWordsAndWithATemplate() {
    PushOptions push = PushOptions.builder().badge(1).build();
    Notification said =
        Notification.to("jane").body("Hi").attach(FILE).push(push).channels(Channel.EMAIL).build();
    Notification rendered =
        Notification.to("jane")
            .template("hi")
            .attach(FILE)
            .push(push)
            .channels(Channel.EMAIL)
            .build();

    assertThat(said.content().orElseThrow().attachments()).containsExactly(FILE);
    assertThat(said.content().orElseThrow().push()).isEqualTo(push);
    assertThat(said.extras()).isEqualTo(Extras.NONE);
    assertThat(rendered.extras().attachments()).containsExactly(FILE);
    assertThat(rendered.toBuilder().build().extras()).isEqualTo(rendered.extras());
    assertThat(said.toBuilder().build().fingerprint()).isEqualTo(said.fingerprint());
  }

  @Test
  void ofTwoTheFilesAddUpAndTheLaterOptionsCount() {
    Extras one =
        new Extras(
            Map.of("a", "1"),
            List.of(FILE),
            PushOptions.builder().badge(1).build(),
            EmailOptions.builder().tag("one").build());
    Extras two =
        new Extras(
            Map.of("a", "2", "b", "3"),
            List.of(FILE),
            PushOptions.builder().badge(2).build(),
            EmailOptions.NONE);

    Extras both = one.and(two);

    assertThat(both.data()).isEqualTo(Map.of("a", "2", "b", "3"));
    assertThat(both.attachments()).hasSize(2);
    assertThat(both.push().badge()).contains(2);
    assertThat(both.email().tags()).containsExactly("one");
    assertThat(one.and(Extras.NONE)).isSameAs(one);
  }

  @Test
  void aFingerprintTakesThemIntoAccount() {
    Notification.Builder plain = Notification.to("jane").body("Hi").channels(Channel.EMAIL);
    String before = plain.build().fingerprint();

    assertThat(plain.push(PushOptions.builder().sound("default").build()).build().fingerprint())
        .isNotEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Subject",
        "bcc",
        "Content-Type",
        "List-Unsubscribe",
        "X A",
        "X:A",
        "",
        "ARC-Seal"
      })
  void aHeaderThatTheMessageHasItselfIsRefusedByName(String name) {
    assertThatThrownBy(() -> EmailOptions.builder().header(name, "x").build())
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("email.headers");
  }

  @Test
  void aHeaderCannotBringAnother() {
    assertThatThrownBy(
            () -> EmailOptions.builder().header("X-A", "1\r\nBcc: eve@example.com").build())
        .isInstanceOf(InvalidNotificationException.class)
        .hasMessageContaining("email.headers.X-A")
        .hasMessageNotContaining("eve");
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> EmailOptions.builder().cc(Address.sms("+14155550100")).build())
        .hasMessageContaining("email.cc");
    assertThatThrownBy(() -> EmailOptions.builder().tag("a b").build())
        .hasMessageContaining("email.tags");
    assertThatThrownBy(
            () -> EmailOptions.builder().unsubscribe(URI.create("http://example.com")).build())
        .hasMessageContaining("email.unsubscribe");
    assertThatThrownBy(() -> PushOptions.builder().badge(-1).build())
        .hasMessageContaining("push.badge");
    assertThatThrownBy(() -> PushOptions.builder().collapseKey("ä").build())
        .hasMessageContaining("push.collapseKey");
    assertThatThrownBy(
            () -> new PushOptions.Android(Optional.empty(), Optional.empty(), Optional.of("red")))
        .hasMessageContaining("push.android.color");
    assertThatThrownBy(
            () ->
                PushOptions.builder()
                    .action(PushOptions.Action.of("a", "A"))
                    .action(PushOptions.Action.of("a", "B"))
                    .build())
        .hasMessageContaining("push.actions");
    assertThatThrownBy(() -> Attachment.inline("a b", "a.png", "image/png", new byte[0]))
        .hasMessageContaining("attachment.contentId");
  }

  @Test
  void nothingPersonalIsShown() {
    EmailOptions email =
        EmailOptions.builder().cc(Address.email("eve@example.com")).header("X-A", "secret").build();

    assertThat(email.toString()).doesNotContain("eve").doesNotContain("secret");
    assertThat(new Extras(Map.of("k", "v1"), List.of(FILE), PushOptions.NONE, email).toString())
        .doesNotContain("v1")
        .doesNotContain("a.txt");
  }
}
