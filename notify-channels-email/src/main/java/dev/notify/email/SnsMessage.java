package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.http.WebhookProof;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Instant;
import java.util.List;

/**
 * What SNS wraps around a message, <a
 * href="https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html">signed</a>.
 *
 * @param type what kind it is
 * @param json all of it
 */
record SnsMessage(Type type, JsonNode json) {

  private static final List<String> OF_NOTIFICATIONS =
      List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");
  private static final List<String> OF_CONFIRMATIONS =
      List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

  /** The kinds of messages, with the fields that the signature is over. */
  enum Type {
    NOTIFICATION(OF_NOTIFICATIONS),
    SUBSCRIPTION_CONFIRMATION(OF_CONFIRMATIONS),
    UNSUBSCRIBE_CONFIRMATION(OF_CONFIRMATIONS);

    private final List<String> signed;

    Type(List<String> signed) {
      this.signed = List.copyOf(signed);
    }

    private static Type of(String name) {
      return switch (name) {
        case "Notification" -> NOTIFICATION;
        case "SubscriptionConfirmation" -> SUBSCRIPTION_CONFIRMATION;
        case "UnsubscribeConfirmation" -> UNSUBSCRIBE_CONFIRMATION;
        default -> throw WebhookProof.forged("is no message of SNS's");
      };
    }
  }

  /** The message in a request's body; nothing of it is to be believed yet. */
  static SnsMessage of(byte[] body) {
    JsonNode json = MailReport.json(body);
    return new SnsMessage(Type.of(json.path("Type").asText("")), json);
  }

  /** A field that the message has to have. */
  String field(String name) {
    return MailReport.text(json.path(name))
        .orElseThrow(() -> WebhookProof.forged("has no " + name));
  }

  Instant sentAt() {
    return MailReport.moment(json.path("Timestamp"));
  }

  /** Refuses it unless the owner of one of these certificates signed it. */
  void requireSigned(SnsCertificates certificates) {
    String algorithm =
        switch (json.path("SignatureVersion").asText("")) {
          case "1" -> "SHA1withRSA";
          case "2" -> "SHA256withRSA";
          default -> throw WebhookProof.forged("the signature's version is not known");
        };
    byte[] signature = WebhookProof.base64(field("Signature"));
    try {
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(certificates.at(field("SigningCertURL")).getPublicKey());
      verifier.update(signed().getBytes(StandardCharsets.UTF_8));
      if (verifier.verify(signature)) {
        return;
      }
    } catch (GeneralSecurityException e) {
      throw WebhookProof.forged("the signature is none");
    }
    throw WebhookProof.forged("the signature is not right");
  }

  private String signed() {
    StringBuilder text = new StringBuilder();
    for (String name : type.signed) {
      // As it is, though it be blank: so it was signed.
      String value = json.path(name).textValue();
      if (value != null) {
        text.append(name).append('\n').append(value).append('\n');
      }
    }
    return text.toString();
  }

  /** Without its fields, which bear addresses and a token. */
  @Override
  public String toString() {
    return "SnsMessage[" + type + "]";
  }
}
