package dev.notify.benchmarks;

import dev.notify.memory.MemorySuppressions;
import dev.notify.memory.TokenBuckets;
import dev.notify.model.Address;
import dev.notify.model.Category;
import dev.notify.model.Channel;
import dev.notify.model.Decision;
import dev.notify.model.Notification;
import dev.notify.model.Preferences;
import dev.notify.model.QuietHours;
import dev.notify.model.QuietWeek;
import dev.notify.model.Rate;
import dev.notify.model.Recipient;
import dev.notify.model.Suppression;
import dev.notify.policy.FrequencyCap;
import dev.notify.policy.FrequencyCaps;
import dev.notify.policy.PolicyChain;
import dev.notify.spi.PolicyRequest;
import dev.notify.spi.PolicyRequest.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The standard chain of policies, asked about a person with choices of their own, quiet hours that
 * do not hold now, and two caps that count and are not reached: the usual case, in which every
 * policy has to look and the answer is yes.
 */
@State(Scope.Benchmark)
public class Deciding {

  private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

  private final Category category = Category.optional("order_updates");
  private final Recipient recipient =
      Recipient.builder("user-42").email("jane@example.com").sms("+14155550100").build();
  private final Notification notification =
      Notification.to(recipient)
          .category(category.name())
          .channels(Channel.EMAIL, Channel.SMS)
          .title("Your order is on its way")
          .body("Parcel 1017 left our house today.")
          .build();
  private final Preferences preferences = choices();
  private final PolicyChain chain = chain();
  private final PolicyRequest request =
      new PolicyRequest(
          notification,
          category,
          recipient,
          preferences,
          ZoneId.of("Europe/Berlin"),
          recipient.addresses().get(0),
          List.of(Channel.EMAIL, Channel.SMS),
          Stage.ACCEPTANCE,
          NOON,
          NOON.plus(Duration.ofDays(3)),
          true,
          Optional.empty());

  private static Preferences choices() {
    Preferences.Choice no = new Preferences.Choice(false, NOON, "settings page");
    Preferences.Choice yes = new Preferences.Choice(true, NOON, "settings page");
    return Preferences.builder()
        .category("newsletter", no)
        .category("order_updates", Channel.SMS, no)
        .channel(Channel.EMAIL, yes)
        .quietHours(QuietHours.between("22:00", "07:00"))
        .build();
  }

  /** Caps that are never reached, so that every decision takes the same way. */
  private static PolicyChain chain() {
    MemorySuppressions suppressions = new MemorySuppressions();
    suppressions.add(
        Suppression.of(
            Address.email("dead@example.com"), Suppression.Kind.DEAD_ADDRESS, "bounced", NOON));
    List<FrequencyCap> caps =
        List.of(
            FrequencyCap.perRecipient(Rate.perDay(Integer.MAX_VALUE)).onChannel(Channel.EMAIL),
            FrequencyCap.overall(Rate.perHour(Integer.MAX_VALUE)));
    return PolicyChain.standard(
        suppressions,
        Optional.of(QuietWeek.of(QuietHours.between("23:00", "06:00"))),
        new FrequencyCaps(caps, new TokenBuckets(InstantSource.system())),
        List.of());
  }

  /** Any other answer would come from fewer policies. */
  @Setup
  public void requireYes() {
    Decision decision = decide();
    if (!(decision instanceof Decision.Allow)) {
      throw new IllegalStateException("not allowed: " + decision);
    }
  }

  /** One decision. */
  @Benchmark
  public Decision decide() {
    return chain.decide(request);
  }
}
