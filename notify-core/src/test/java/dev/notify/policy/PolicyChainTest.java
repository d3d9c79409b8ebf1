package dev.notify.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.notify.memory.MemorySuppressions;
import dev.notify.memory.TokenBuckets;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Decision;
import dev.notify.model.InvalidNotificationException;
import dev.notify.model.Preferences;
import dev.notify.model.QuietHours;
import dev.notify.model.QuietWeek;
import dev.notify.model.Rate;
import dev.notify.model.Reason;
import dev.notify.model.Suppression;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The policies of the house in their order: the first that does not allow has the say. */
class PolicyChainTest {

  private static final Instant MIDNIGHT = Instant.parse("2026-05-06T00:00:00Z");
  private static final Instant MORNING = Instant.parse("2026-05-06T07:00:00Z");
  private static final Reason OWN = new Reason("OWN", "because");
  private static final Preferences OPTED_OUT =
      Preferences.builder()
          .category("news", new Preferences.Choice(false, Ask.NOON, "link"))
          .build();

  private final MemorySuppressions suppressions = new MemorySuppressions();
  private final TokenBuckets buckets = new TokenBuckets(() -> Ask.NOON);
  private final List<DeliveryPolicy> own = new ArrayList<>();
  private Optional<QuietWeek> quietHours = Optional.empty();
  private List<FrequencyCap> caps = List.of();

  @Test
  void whatNobodyObjectsToIsAllowed() {
    assertThat(decide(Ask.whether())).isEqualTo(Decision.ALLOW);
  }

  @Test
  void expiryComesFirstAndItsMomentIsTooLate() {
    suppress(Address.email("jane@example.com"));

    assertThat(code(decide(Ask.whether().expiring(Ask.NOON)))).isEqualTo(Reason.EXPIRED);
    assertThat(code(decide(Ask.whether().expiring(Ask.NOON.plusNanos(1)))))
        .isEqualTo(Reason.SUPPRESSED_ADDRESS);
  }

  @Test
  void eachPolicyHasTheSayOverThoseAfterIt() {
    suppress(Address.email("jane@example.com"));
    own.add(request -> Decision.suppress(OWN));
    quietHours = Optional.of(QuietWeek.of(QuietHours.between("22:00", "07:00")));
    caps = List.of(FrequencyCap.overall(Rate.perDay(1)));
    Ask ask = Ask.whether().with(OPTED_OUT).at(MIDNIGHT);

    assertThat(code(decide(ask))).isEqualTo(Reason.SUPPRESSED_ADDRESS);
    suppressions.remove(Address.email("JANE@example.com"));
    assertThat(code(decide(ask))).isEqualTo(Reason.OPTED_OUT);
    assertThat(code(decide(ask.with(Preferences.NONE)))).isEqualTo("OWN");
    own.clear();
    assertThat(code(decide(ask))).isEqualTo(Reason.QUIET_HOURS);
    quietHours = Optional.empty();
    assertThat(decide(ask)).isEqualTo(Decision.ALLOW);
    assertThat(code(decide(ask))).isEqualTo(Reason.FREQUENCY_CAP);
  }

  @Test
  void whatAnotherPolicyHoldsBackIsNotCounted() {
    caps = List.of(FrequencyCap.perRecipient(Rate.perDay(1)));
    own.add(request -> Decision.defer(MORNING, OWN));

    assertThat(code(decide(Ask.whether()))).isEqualTo("OWN");
    own.clear();
    assertThat(decide(Ask.whether())).isEqualTo(Decision.ALLOW);
  }

  @Test
  void aPolicyOfTheApplicationIsNotAskedAboutWhatIsRefusedAnyway() {
    own.add(
        request -> {
          throw new AssertionError("asked");
        });

    assertThat(code(decide(Ask.whether().with(OPTED_OUT)))).isEqualTo(Reason.OPTED_OUT);
  }

  @Test
  void putOffBeyondItsLifeMeansExpiredAndNotLate() {
    quietHours = Optional.of(QuietWeek.of(QuietHours.between("22:00", "07:00")));
    Ask ask = Ask.whether().at(MIDNIGHT);

    Decision justTooLate = decide(ask.expiring(MORNING));
    Decision justInTime = decide(ask.expiring(MORNING.plusNanos(1)));

    assertThat(code(justTooLate)).isEqualTo(Reason.EXPIRED);
    assertThat(justTooLate.toString()).contains("QUIET_HOURS", "22:00-07:00", MORNING.toString());
    assertThat(justInTime).isInstanceOf(Decision.Defer.class);
    assertThat(((Decision.Defer) justInTime).until()).isEqualTo(MORNING);
  }

  @Test
  void quietHoursAreThePersonsOwnOrElseTheHouses() {
    quietHours = Optional.of(QuietWeek.of(QuietHours.between("22:00", "07:00")));
    Preferences early =
        Preferences.builder().quietHours(QuietHours.between("20:00", "06:00")).build();
    Preferences siesta =
        Preferences.builder().quietHours(QuietHours.between("13:00", "15:00")).build();

    assertThat(decide(Ask.whether().at(MIDNIGHT).with(early)))
        .isEqualTo(
            Decision.defer(
                MORNING.minus(Duration.ofHours(1)),
                new Reason(Reason.QUIET_HOURS, "20:00-06:00 UTC, chosen")));
    assertThat(decide(Ask.whether().at(MIDNIGHT).with(siesta))).isEqualTo(Decision.ALLOW);
  }

  @Test
  void thoseOfAChannelStandInPlaceOfAllOthersAndNoneIsAChoiceToo() {
    quietHours = Optional.of(QuietWeek.of(QuietHours.between("22:00", "07:00")));
    Preferences mailAtAnyTime = Preferences.builder().quietHours(Channel.EMAIL).build();
    Preferences quietMail =
        Preferences.builder()
            .quietHours()
            .quietHours(Channel.EMAIL, QuietHours.between("23:00", "05:00"))
            .build();
    Ask sms = Ask.whether().on(Address.sms("+4930123")).at(MIDNIGHT);

    assertThat(decide(Ask.whether().at(MIDNIGHT).with(mailAtAnyTime))).isEqualTo(Decision.ALLOW);
    assertThat(code(decide(sms.with(mailAtAnyTime)))).isEqualTo(Reason.QUIET_HOURS);
    assertThat(decide(Ask.whether().at(MIDNIGHT).with(quietMail)).toString())
        .contains("23:00-05:00 UTC, chosen for email");
    assertThat(decide(Ask.whether().on(Address.sms("+4930123")).at(MIDNIGHT).with(quietMail)))
        .isEqualTo(Decision.ALLOW);
  }

  @Test
  void quietHoursAreThoseOfThePersonsZone() {
    quietHours = Optional.of(QuietWeek.of(QuietHours.between("22:00", "07:00")));

    assertThat(decide(Ask.whether().at(MIDNIGHT).in("America/New_York"))).isEqualTo(Decision.ALLOW);
    assertThat(decide(Ask.whether().at(Ask.NOON).in("Asia/Tokyo"))).isEqualTo(Decision.ALLOW);
    assertThat(decide(Ask.whether().at(Ask.NOON.plusSeconds(3600)).in("Asia/Tokyo")))
        .isInstanceOf(Decision.Defer.class);
  }

  @Test
  void alarmsAndCategoriesMarkedSoPassQuietHours() {
    quietHours = Optional.of(QuietWeek.of(QuietHours.between("22:00", "07:00")));

    assertThat(decide(Ask.whether().at(MIDNIGHT).urgently())).isEqualTo(Decision.ALLOW);
    assertThat(
            decide(
                Ask.whether()
                    .at(MIDNIGHT)
                    .about(Category.optional("delivery").throughQuietHours())))
        .isEqualTo(Decision.ALLOW);
  }

  @Test
  void evenAnAlarmDoesNotGoToASuppressedAddress() {
    suppress(Address.email("jane@example.com"));

    assertThat(code(decide(Ask.whether().urgently()))).isEqualTo(Reason.SUPPRESSED_ADDRESS);
  }

  @Test
  void aVerdictEndsWithItsTimeAndADeadAddressWithANewRegistration() {
    Address mailbox = Address.email("jane@example.com");
    suppressions.add(
        new Suppression(
            mailbox,
            Suppression.Kind.MANUAL,
            "holiday",
            Ask.NOON.minusSeconds(9),
            Optional.of(Ask.NOON)));
    Address device = Address.fcm("token");
    suppressions.add(
        Suppression.of(device, Suppression.Kind.DEAD_ADDRESS, "unregistered", Ask.NOON));

    assertThat(decide(Ask.whether().at(Ask.NOON.minusNanos(1)).on(mailbox)))
        .isInstanceOf(Decision.Suppress.class);
    assertThat(decide(Ask.whether().on(mailbox))).isEqualTo(Decision.ALLOW);
    assertThat(decide(Ask.whether().on(device))).isInstanceOf(Decision.Suppress.class);
    assertThat(decide(Ask.whether().on(device.registeredAt(Ask.NOON))))
        .isInstanceOf(Decision.Suppress.class);
    assertThat(decide(Ask.whether().on(device.registeredAt(Ask.NOON.plusNanos(1)))))
        .isEqualTo(Decision.ALLOW);
  }

  @Test
  void aNewRegistrationDoesNotUndoWhatAPersonSaid() {
    Address number = Address.sms("+4930123");
    suppressions.add(Suppression.of(number, Suppression.Kind.OPT_OUT, "STOP", Ask.NOON));

    assertThat(decide(Ask.whether().on(number.registeredAt(Ask.NOON.plusSeconds(60)))))
        .isInstanceOf(Decision.Suppress.class);
  }

  @Test
  void theConditionOfASubjectIsAskedAtDeliveryOnly() {
    own.add(new SubjectConditions(Map.of("order", notification -> false)));

    assertThat(decide(Ask.whether().when(Stage.ACCEPTANCE))).isEqualTo(Decision.ALLOW);
    assertThat(decide(Ask.whether().when(Stage.EXPLANATION))).isEqualTo(Decision.ALLOW);
    assertThat(code(decide(Ask.whether().when(Stage.DELIVERY)))).isEqualTo(Reason.NO_LONGER_TRUE);
  }

  @Test
  void aSubjectWithoutConditionIsAlwaysTrue() {
    own.add(new SubjectConditions(Map.of("invoice", notification -> false)));

    assertThat(decide(Ask.whether().when(Stage.DELIVERY))).isEqualTo(Decision.ALLOW);
  }

  @Test
  void onceACategoryIsDeclaredOnlyDeclaredOnesMayBeUsed() {
    Categories open = new Categories(List.of());
    Categories closed = new Categories(List.of(Category.marketing("newsletter")));

    assertThat(open.find("anything")).isEqualTo(Category.optional("anything"));
    assertThat(closed.find("newsletter").kind()).isEqualTo(Category.Kind.MARKETING);
    assertThat(closed.find("general")).isEqualTo(Category.GENERAL);
    assertThatThrownBy(() -> closed.find("news-letter"))
        .isInstanceOfSatisfying(
            InvalidNotificationException.class,
            refused -> assertThat(refused.field()).isEqualTo("category"))
        .hasMessageContaining("news-letter")
        .hasMessageContaining("newsletter");
    assertThatThrownBy(
            () -> new Categories(List.of(Category.optional("a"), Category.marketing("a"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'a' is declared twice");
  }

  private void suppress(Address address) {
    suppressions.add(
        Suppression.of(address, Suppression.Kind.COMPLAINT, "reported", Ask.NOON.minusSeconds(1)));
  }

  private Decision decide(Ask ask) {
    return PolicyChain.standard(suppressions, quietHours, new FrequencyCaps(caps, buckets), own)
        .decide(ask.mayGo());
  }

  private static String code(Decision decision) {
    if (decision instanceof Decision.Suppress suppress) {
      return suppress.reason().code();
    }
    return decision instanceof Decision.Defer defer ? defer.reason().code() : "";
  }
}
