package dev.notify.test;

import static dev.notify.test.VendorBehaviour.ACCEPTS;
import static dev.notify.test.VendorBehaviour.CUTS;
import static dev.notify.test.VendorBehaviour.FAILS;
import static dev.notify.test.VendorBehaviour.FLOODS;
import static dev.notify.test.VendorBehaviour.HANGS;
import static dev.notify.test.VendorBehaviour.REDIRECTS;
import static dev.notify.test.VendorBehaviour.REFUSES_CONNECTION;
import static dev.notify.test.VendorBehaviour.TALKS_GARBAGE;
import static dev.notify.test.VendorBehaviour.THROTTLES;
import static dev.notify.test.VendorBehaviour.TRICKLES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.Retryable;
import dev.notify.model.Outcome.Throttled;
import dev.notify.model.Outcome.Unknown;
import dev.notify.spi.ChannelProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ChannelProvider} must do, as tests. A contributor extends this class beside the
 * provider's own wire tests, with a stand-in for the vendor that can misbehave on demand.
 *
 * <p>The stand-in listens on a free port of the loopback interface and is new for every test. A
 * behaviour it cannot show is left out by answering {@code false} from {@link #behave}; the tests
 * that need it are then skipped, visibly.
 *
 * @since 0.1
 */
public abstract class ChannelProviderContract {

  /** How long a stand-in that {@link VendorBehaviour#THROTTLES throttles} asks to stay away. */
  public static final Duration RETRY_AFTER = Duration.ofSeconds(120);

  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration NEVER = Duration.ofMinutes(10);
  private static final Duration USUAL = Duration.ofSeconds(20);

  /**
   * A new provider that talks to the stand-in and waits this long for an answer. May be called more
   * than once in a test; the caller closes what it gets.
   */
  protected abstract ChannelProvider provider(Duration readTimeout);

  /** A message that the stand-in accepts, with new ids at every call. */
  protected abstract OutboundMessage message();

  /** Tells the stand-in how to treat the calls that follow; {@code false} if it cannot do that. */
  protected abstract boolean behave(VendorBehaviour behaviour) throws Exception;

  /** Returns when the stand-in has taken a whole message since the test began. */
  protected abstract void awaitRequest() throws Exception;

  /**
   * Everything that must never show: passwords, keys, tokens that the provider holds or obtains.
   */
  protected abstract List<String> secrets();

  /** Addresses of the provider's own channel that it must refuse for their form or type. */
  protected abstract List<Address> malformedAddresses();

  /** Whether the vendor's protocol can say when to come back; SMTP for one cannot. */
  protected boolean tellsWhenToComeBack() {
    return true;
  }

  @Test
  public void anAcceptedMessageHasTheVendorsId() throws Exception {
    Outcome outcome = deliverWhenVendor(ACCEPTS);

    Accepted accepted = assertInstanceOf(Accepted.class, outcome);
    assertFalse(accepted.providerMessageId().isBlank(), "blank id");
  }

  @Test
  public void aVendorsFaultIsRetryableOrUnknown() throws Exception {
    Outcome outcome = deliverWhenVendor(FAILS);

    assertTrue(outcome instanceof Retryable || outcome instanceof Unknown, outcome::toString);
  }

  @Test
  public void throttlingPassesOnWhenToComeBack() throws Exception {
    Outcome outcome = deliverWhenVendor(THROTTLES);

    assertTrue(outcome instanceof Throttled || outcome instanceof Retryable, outcome::toString);
    Optional<Duration> expected =
        tellsWhenToComeBack() ? Optional.of(RETRY_AFTER) : Optional.empty();
    assertEquals(expected, retryAfter(outcome));
  }

  @Test
  public void anAnswerThatDoesNotComeIsUnknown() throws Exception {
    assertInstanceOf(Unknown.class, deliverWhenVendor(HANGS, SHORT));
  }

  @Test
  public void aConnectionCutAfterTheMessageIsUnknown() throws Exception {
    assertInstanceOf(Unknown.class, deliverWhenVendor(CUTS));
  }

  @Test
  public void anAnswerThatMakesNoSenseBlamesNeitherMessageNorAddress() throws Exception {
    assertBlamesNeitherMessageNorAddress(deliverWhenVendor(TALKS_GARBAGE));
  }

  @Test
  public void anAnswerWithoutEndBlamesNeitherMessageNorAddress() throws Exception {
    assertBlamesNeitherMessageNorAddress(deliverWhenVendor(FLOODS));
  }

  /** With some time on top: a provider may bound connecting and the whole call for themselves. */
  @Test
  public void anAnswerThatTricklesInForEverIsUnknown() throws Exception {
    assertInstanceOf(Unknown.class, deliverWhenVendor(TRICKLES, SHORT));
  }

  @Test
  public void aRedirectIsNotFollowed() throws Exception {
    Outcome outcome = deliverWhenVendor(REDIRECTS);

    assertFalse(outcome instanceof Accepted, outcome::toString);
  }

  @Test
  public void aRefusedConnectionIsRetryable() throws Exception {
    assertInstanceOf(Retryable.class, deliverWhenVendor(REFUSES_CONNECTION));
  }

  @Test
  public void aProviderRecoversWithItsVendor() throws Exception {
    try (ChannelProvider provider = provider(USUAL)) {
      assumeTrue(behave(CUTS), "the stand-in cannot cut connections");
      provider.deliver(message());
      assumeTrue(behave(ACCEPTS), "the stand-in cannot accept");

      assertInstanceOf(Accepted.class, provider.deliver(message()));
    }
  }

  @Test
  public void interruptionEndsAHangingCallAtOnce() throws Exception {
    assumeTrue(behave(HANGS), "the stand-in cannot hang");
    try (ChannelProvider provider = provider(NEVER)) {
      CompletableFuture<Outcome> outcome = new CompletableFuture<>();
      CompletableFuture<Boolean> flag = new CompletableFuture<>();
      Thread caller =
          new Thread(
              () -> {
                try {
                  outcome.complete(provider.deliver(message()));
                } catch (Throwable thrown) {
                  outcome.completeExceptionally(thrown);
                }
                flag.complete(Thread.currentThread().isInterrupted());
              });
      caller.setDaemon(true);
      caller.start();
      awaitRequest();

      caller.interrupt();

      assertInstanceOf(Unknown.class, Patience.await(outcome), "the request had left");
      assertTrue(Patience.await(flag), "the thread's interrupt flag was swallowed");
    }
  }

  @Test
  public void fiftyCallsAtOnceAreAllAccepted() throws Exception {
    assumeTrue(behave(ACCEPTS), "the stand-in cannot accept");
    try (ChannelProvider provider = provider(USUAL)) {
      List<Outcome> outcomes = Patience.together(50, () -> provider.deliver(message()));

      outcomes.forEach(outcome -> assertInstanceOf(Accepted.class, outcome));
    }
  }

  @Test
  public void nothingPersonalOrSecretShows() throws Exception {
    try (ChannelProvider provider = provider(SHORT)) {
      assertShowsNothing(provider.toString());
      // REFUSES_CONNECTION comes last: a stand-in that has stopped listening need not be able to
      // start again.
      for (VendorBehaviour behaviour : VendorBehaviour.values()) {
        if (behave(behaviour)) {
          Outcome outcome = provider.deliver(message());
          assertShowsNothing(outcome.toString());
          assertShowsNothing(outcome.cause());
        }
      }
      for (Address address : malformedAddresses()) {
        String problem = provider.problemWith(address).orElse("");
        assertFalse(problem.contains(address.value()), "shows the address: " + problem);
      }
    }
  }

  @Test
  public void nameAndChannelStayTheSame() {
    try (ChannelProvider provider = provider(USUAL)) {
      assertFalse(provider.name().isBlank(), "blank name");
      assertEquals(provider.name(), provider.name());
      assertEquals(message().address().channel(), provider.channel());
      assertEquals(provider.channel(), provider.channel());
    }
  }

  @Test
  public void itTakesItsOwnAddressesAndContent() {
    try (ChannelProvider provider = provider(USUAL)) {
      assertEquals(Optional.empty(), provider.problemWith(message().address()));
      assertEquals(Optional.empty(), provider.problemWith(message().content()));
    }
  }

  @Test
  public void itRefusesAddressesOfOtherChannels() {
    Address own = message().address();
    try (ChannelProvider provider = provider(USUAL)) {
      List.of(Channel.PUSH, Channel.EMAIL, Channel.SMS, Channel.IN_APP, Channel.of("pigeon"))
          .stream()
          .filter(channel -> !channel.equals(own.channel()))
          .map(
              channel ->
                  new Address(
                      channel, own.value(), own.type(), own.displayName(), own.registeredAt()))
          .forEach(address -> assertRefuses(provider, address));
    }
  }

  @Test
  public void itRefusesMalformedAddresses() {
    try (ChannelProvider provider = provider(USUAL)) {
      malformedAddresses().forEach(address -> assertRefuses(provider, address));
    }
  }

  @Test
  public void closingTwiceIsHarmless() {
    ChannelProvider provider = provider(USUAL);

    provider.close();
    provider.close();
  }

  private Outcome deliverWhenVendor(VendorBehaviour behaviour) throws Exception {
    return deliverWhenVendor(behaviour, USUAL);
  }

  private Outcome deliverWhenVendor(VendorBehaviour behaviour, Duration readTimeout)
      throws Exception {
    assumeTrue(behave(behaviour), () -> "the stand-in cannot show " + behaviour);
    try (ChannelProvider provider = provider(readTimeout)) {
      return provider.deliver(message());
    }
  }

  private static void assertBlamesNeitherMessageNorAddress(Outcome outcome) {
    assertFalse(outcome instanceof Accepted, outcome::toString);
    assertFalse(outcome instanceof Outcome.InvalidAddress, outcome::toString);
    assertFalse(outcome instanceof Outcome.Rejected, outcome::toString);
  }

  private static void assertRefuses(ChannelProvider provider, Address address) {
    assertTrue(provider.problemWith(address).isPresent(), () -> "takes " + address);
  }

  static Optional<Duration> retryAfter(Outcome outcome) {
    if (outcome instanceof Throttled throttled) {
      return throttled.retryAfter();
    }
    return outcome instanceof Retryable retryable ? retryable.retryAfter() : Optional.empty();
  }

  private void assertShowsNothing(String text) {
    OutboundMessage message = message();
    secrets().forEach(secret -> assertFalse(text.contains(secret), "shows a secret"));
    assertFalse(text.contains(message.address().value()), "shows the address");
    message
        .content()
        .title()
        .ifPresent(title -> assertFalse(text.contains(title), "shows the title"));
    message.content().body().ifPresent(body -> assertFalse(text.contains(body), "shows the body"));
    message
        .content()
        .data()
        .values()
        .forEach(value -> assertFalse(text.contains(value), "shows data"));
  }
}
