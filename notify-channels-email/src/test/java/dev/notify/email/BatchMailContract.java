package dev.notify.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.notify.model.Address;
import dev.notify.model.Attachment;
import dev.notify.model.Content;
import dev.notify.model.EmailOptions;
import dev.notify.model.Outcome;
import dev.notify.model.Outcome.Accepted;
import dev.notify.model.Outcome.InvalidAddress;
import dev.notify.model.Outcome.Misconfigured;
import dev.notify.model.Outcome.Rejected;
import dev.notify.spi.BatchProvider;
import dev.notify.spi.OutboundMessage;
import dev.notify.test.BatchProviderContract;
import dev.notify.test.HttpStandIn;
import dev.notify.test.HttpStandIn.Request;
import dev.notify.test.HttpStandIn.Response;
import dev.notify.test.SampleMessages;
import dev.notify.test.VendorBehaviour;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of providers over a vendor of mail that takes several mails in one request. */
abstract class BatchMailContract extends BatchProviderContract {

  private static final Address JOE = Address.email("joe@example.org");
  private static final Duration USUAL = Duration.ofSeconds(20);

  private final HttpStandIn vendor;
  private final Function<Request, Response> taken;
  private final Response refusal;
  private final List<String> secrets;

  /**
   * A vendor's contract.
   *
   * @param taken the vendor's answer to one mail or several, all taken
   * @param refusal its answer to a request that it refuses as a whole over one mail
   */
  BatchMailContract(Function<Request, Response> taken, Response refusal, String... secrets) {
    this.vendor = HttpStandIn.answering(taken);
    this.taken = taken;
    this.refusal = refusal;
    this.secrets = List.of(secrets);
  }

  /** The vendor's provider at this address. */
  abstract BatchProvider provider(URI url, Duration readTimeout);

  @AfterEach
  void close() {
    vendor.close();
  }

  @Test
  void aRequestCarriesFiftyUnlessToldOtherwise() {
    try (BatchProvider provider = provider(USUAL)) {
      assertThat(provider.batchLimit()).isEqualTo(50);
    }
  }

  @Test
  void mailsWithCopiesFilesOrMuchTextGoByThemselves() {
    Content plain = Mails.content();
    EmailOptions copied = EmailOptions.builder().cc(JOE).build();
    EmailOptions copiedUnseen = EmailOptions.builder().bcc(JOE).build();
    Attachment file = Attachment.of("a.pdf", "application/pdf", new byte[] {1});
    int most = 64 * 1024;
    try (BatchProvider provider = provider(USUAL)) {
      assertThat(
              Stream.of(
                  plain.toBuilder().email(copied).build(),
                  plain.toBuilder().email(copiedUnseen).build(),
                  plain.toBuilder().attach(file).build(),
                  plain.toBuilder().body("x".repeat(most + 1)).build(),
                  plain.toBuilder().body("x").html("x".repeat(most)).build()))
          .allSatisfy(content -> assertThat(provider.batchKey(Mails.message(content))).isEmpty());
      assertThat(provider.batchKey(Mails.message(plain.toBuilder().body("x".repeat(most)).build())))
          .isPresent();
    }
  }

  @Test
  void whatIsWrongWithTheAccountIsWrongForAll() {
    vendor.answer(new Response(401, Map.of(), ""));
    try (BatchProvider provider = provider(USUAL)) {
      assertThat(provider.deliver(messages(5)))
          .hasSize(5)
          .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Misconfigured.class));
    }
    assertThat(vendor.requests()).hasSize(1);
  }

  @Test
  void aRefusalOverOneMailEndsWithThatOneAlone() {
    vendor.answer(request -> request.body().contains(JOE.value()) ? refusal : taken.apply(request));

    List<Outcome> outcomes = deliverFiveWithFourthTo(JOE);

    assertThat(outcomes).hasSize(5);
    assertThat(outcomes.remove(3)).isInstanceOfAny(Rejected.class, InvalidAddress.class);
    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
    // All; two; three, one, two, one and one.
    assertThat(vendor.requests()).hasSize(7);
  }

  @Test
  void aMailThatCannotBeWrittenSpoilsNoOther() {
    List<Outcome> outcomes = deliverFiveWithFourthTo(malformedAddresses().get(0));

    assertThat(outcomes.remove(3)).isInstanceOf(Rejected.class);
    assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Accepted.class));
    assertThat(vendor.requests()).hasSize(3);
  }

  private List<Outcome> deliverFiveWithFourthTo(Address address) {
    List<OutboundMessage> messages = new ArrayList<>(messages(5));
    messages.set(3, SampleMessages.to(address, Mails.content()));
    try (BatchProvider provider = provider(USUAL)) {
      return new ArrayList<>(provider.deliver(messages));
    }
  }

  @Override
  protected BatchProvider provider(Duration readTimeout) {
    return provider(vendor.url(), readTimeout);
  }

  @Override
  protected OutboundMessage message() {
    return Mails.message();
  }

  @Override
  protected boolean behave(VendorBehaviour behaviour) {
    return vendor.behave(behaviour);
  }

  @Override
  protected void awaitRequest() throws InterruptedException {
    vendor.takeRequest();
  }

  @Override
  protected List<String> secrets() {
    return secrets;
  }

  @Override
  protected List<Address> malformedAddresses() {
    return MailAddressesTest.MALFORMED.stream().map(Address::email).toList();
  }
}
