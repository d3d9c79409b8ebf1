package dev.notify.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Content;
import dev.notify.model.DeliveryId;
import dev.notify.model.NotificationId;
import dev.notify.model.Priority;
import dev.notify.spi.OutboundMessage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether real messages may leave. */
class OutboundModeTest {

  private static final OutboundMessage TO_JANE = message(Address.email("jane@example.com"));

  @Test
  void liveLetsEverythingOutAsItIs() {
    assertThat(OutboundMode.live().filter(TO_JANE)).containsSame(TO_JANE);
  }

  @Test
  void captureLetsNothingOutAndShowsIt() {
    List<OutboundMessage> shown = new ArrayList<>();

    assertThat(OutboundMode.capture(shown::add).filter(TO_JANE)).isEmpty();
    assertThat(shown).containsExactly(TO_JANE);
  }

  @Test
  void redirectSendsEverythingToOneAddressOfTheSameChannel() {
    OutboundMode mode =
        OutboundMode.redirect(Address.email("test@example.org"), Address.sms("+4930999"));

    OutboundMessage mail = mode.filter(TO_JANE).orElseThrow();
    assertThat(mail.address()).isEqualTo(Address.email("test@example.org"));
    assertThat(mail.content()).isEqualTo(TO_JANE.content());
    assertThat(mail.reference()).isEqualTo(TO_JANE.reference());
    assertThat(mode.filter(message(Address.sms("+4930123"))).orElseThrow().address())
        .isEqualTo(Address.sms("+4930999"));
    assertThat(mode.filter(message(Address.fcm("token")))).isEmpty();
  }

  @ParameterizedTest(name = "{0} lets out {1}: {2}")
  @CsvSource({
    "*@example.com, jane@example.com, true",
    "*@example.com, JANE@EXAMPLE.COM, true",
    "*@example.com, jane@example.com.evil.example, false",
    "*@example.com, jane@examplexcom, false",
    "jane@example.com, jane@example.com, true",
    "jane@example.com, mary-jane@example.com, false",
    "+4930*, +4930123, true",
    "+4930*, 004930123, false",
    "j.*e@example.com, jane@example.com, false",
    "*, anything, true",
    "'', anything, false",
    "\\Q*, \\Qx, true",
  })
  void anAllowListMatchesWholeAddresses(String pattern, String address, boolean leaves) {
    OutboundMode mode = OutboundMode.allowList("nobody@example.com", pattern);

    assertThat(mode.filter(message(Address.email(address))).isPresent()).isEqualTo(leaves);
  }

  @Test
  void anEmptyAllowListLetsNothingOut() {
    assertThat(OutboundMode.allowList().filter(TO_JANE)).isEmpty();
  }

  @Test
  void aModeSaysWhatItIsWithoutAddresses() {
    assertThat(OutboundMode.live().toString()).contains("messages go to the providers");
    assertThat(OutboundMode.capture(message -> {}).toString()).contains("nothing leaves");
    assertThat(OutboundMode.redirect(Address.sms("+4930999")).toString())
        .contains("redirect")
        .doesNotContain("4930999");
    assertThat(OutboundMode.allowList("jane@example.com").toString()).doesNotContain("jane");
  }

  private static OutboundMessage message(Address address) {
    return new OutboundMessage(
        new DeliveryId(new UUID(0, 1)),
        new NotificationId(new UUID(0, 2)),
        "user-42",
        address,
        Content.ofBody("Hello"),
        Category.GENERAL,
        Priority.NORMAL,
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(60),
        Map.of());
  }
}
