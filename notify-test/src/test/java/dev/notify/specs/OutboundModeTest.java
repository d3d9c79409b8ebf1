package dev.notify.specs;

import static dev.notify.model.Channel.EMAIL;
import static dev.notify.model.Channel.SMS;
import static dev.notify.model.DeliveryStatus.SENT;
import static dev.notify.model.DeliveryStatus.SUPPRESSED;
import static dev.notify.specs.Stage.hello;
import static dev.notify.test.NotificationAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.EmailOptions;
import dev.notify.model.Notification;
import dev.notify.model.Outcome;
import dev.notify.model.Reason;
import dev.notify.routing.OutboundMode;
import dev.notify.spi.OutboundMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Outside production nothing real leaves. */
class OutboundModeTest {

  private final Stage stage = new Stage();
  private final Notification both = hello().channels(EMAIL, SMS).build();

  @Test
  void capturedMessagesAreRenderedAndShownButNeverSent() {
    List<OutboundMessage> captured = new ArrayList<>();
    try (var dispatcher = stage.builder().mode(OutboundMode.capture(captured::add)).build()) {
      var receipt = dispatcher.send(both);

      assertThat(dispatcher, receipt)
          .count(2)
          .is(SUPPRESSED)
          .because(Reason.CAPTURED)
          .afterCalls(0);
      assertThat(captured)
          .extracting(message -> message.content().title().orElseThrow())
          .containsExactlyInAnyOrder("Hello", "Hello");
    }
  }

  @Test
  void redirectedMessagesGoToOneAddressAChannelAndOthersNowhere() {
    try (var dispatcher =
        stage.builder().mode(OutboundMode.redirect(Address.email("dev@example.org"))).build()) {
      var receipt = dispatcher.send(both);

      assertThat(dispatcher, receipt).on(EMAIL).is(SENT).on(SMS).because(Reason.CAPTURED);
      assertThat(stage.email.messages())
          .extracting(message -> message.address().value())
          .containsExactly("dev@example.org");
    }
  }

  @Test
  void aRedirectTargetThatIsDeadDoesNotRetireTheRealAddress() {
    stage.email.next(Outcome.invalidAddress("unknown"));
    try (var dispatcher =
        stage.builder().mode(OutboundMode.redirect(Address.email("dev@example.org"))).build()) {
      dispatcher.send(hello().build());

      assertThat(dispatcher.suppressions().find(Address.email("jane@example.com"))).isEmpty();
    }
  }

  @Test
  void onlyListedAddressesAreReached() {
    try (var dispatcher =
        stage.builder().mode(OutboundMode.allowList("*@EXAMPLE.com", "+1999*")).build()) {
      var receipt = dispatcher.send(both);

      assertThat(dispatcher, receipt).on(EMAIL).is(SENT).on(SMS).because(Reason.CAPTURED);
      var elsewhere =
          dispatcher.send(
              Notification.to(Address.email("jane@example.com.evil.org")).body("Hi").build());
      assertThat(dispatcher, elsewhere).because(Reason.CAPTURED);
    }
  }

  @Test
  void peopleInCopyAreRealToo() {
    EmailOptions copies =
        EmailOptions.builder()
            .cc(Address.email("carol@example.com"))
            .bcc(Address.email("bob@real.example"))
            .tag("orders")
            .build();
    Notification mail = hello().email(copies).build();

    try (var dispatcher =
        stage.builder().mode(OutboundMode.redirect(Address.email("dev@example.org"))).build()) {
      dispatcher.send(mail);
    }
    try (var dispatcher = stage.builder().mode(OutboundMode.allowList("*@example.com")).build()) {
      dispatcher.send(mail);
    }

    EmailOptions redirected = stage.email.messages().get(0).content().email();
    EmailOptions allowed = stage.email.messages().get(1).content().email();
    assertThat(redirected.cc()).isEmpty();
    assertThat(redirected.bcc()).isEmpty();
    assertThat(redirected.tags()).containsExactly("orders");
    assertThat(allowed.cc()).containsExactly(Address.email("carol@example.com"));
    assertThat(allowed.bcc()).isEmpty();
  }
}
