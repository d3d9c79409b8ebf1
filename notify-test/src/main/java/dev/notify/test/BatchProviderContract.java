package dev.notify.test;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.notify.model.Outcome;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link BatchProvider} must do besides, as tests: several messages in one call fare as
 * one alone would, whatever the vendor does.
 *
 * @since 0.1
 */
public abstract class BatchProviderContract extends ChannelProviderContract {

  private static final int SEVERAL = 3;
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration USUAL = Duration.ofSeconds(20);

  @Override
  protected abstract BatchProvider provider(Duration readTimeout);

  /** Messages that may share a call; those of {@link #message()}, unless that is overridden. */
  protected List<OutboundMessage> messages(int count) {
    return Stream.generate(this::message).limit(count).toList();
  }

  @Test
  public void theSampleMessagesMayShareACall() {
    try (BatchProvider provider = provider(USUAL)) {
      assertTrue(provider.batchLimit() >= SEVERAL, "carries " + provider.batchLimit());
      List<Object> keys =
          messages(SEVERAL).stream()
              .map(message -> provider.batchKey(message).orElseThrow())
              .distinct()
              .toList();
      assertEquals(1, keys.size(), "keys");
    }
  }

  @Test
  public void severalThatAreAcceptedHaveAnIdEach() throws Exception {
    assumeTrue(behave(VendorBehaviour.ACCEPTS), "the stand-in cannot accept");
    try (BatchProvider provider = provider(USUAL)) {
      List<Outcome> outcomes = provider.deliver(messages(SEVERAL));

      assertEquals(SEVERAL, outcomes.size());
      outcomes.forEach(
          outcome ->
              assertFalse(((Outcome.Accepted) outcome).providerMessageId().isBlank(), "blank id"));
    }
  }

  @Test
  public void severalFareAsOneAloneWhateverTheVendorDoes() throws Exception {
    for (VendorBehaviour behaviour : VendorBehaviour.values()) {
      if (behave(behaviour)) {
        boolean endless =
            behaviour == VendorBehaviour.HANGS || behaviour == VendorBehaviour.TRICKLES;
        try (BatchProvider provider = provider(endless ? SHORT : USUAL)) {
          Outcome alone = provider.deliver(message());
          List<Outcome> outcomes = provider.deliver(messages(SEVERAL));

          assertEquals(SEVERAL, outcomes.size(), behaviour::name);
          assertAll(outcomes.stream().map(outcome -> () -> assertSame(alone, outcome, behaviour)));
        }
      }
    }
  }

  private static void assertSame(Outcome alone, Outcome among, VendorBehaviour behaviour) {
    assertEquals(alone.getClass(), among.getClass(), behaviour::name);
    assertEquals(retryAfter(alone), retryAfter(among), behaviour::name);
  }
}
