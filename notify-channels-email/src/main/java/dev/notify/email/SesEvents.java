package dev.notify.email;

import com.fasterxml.jackson.databind.JsonNode;
import dev.notify.model.DeliveryEvent.Type;
import dev.notify.model.ProviderEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The meaning of SES's events. {@link SesWebhook} has the table. */
final class SesEvents {

  private SesEvents() {}

  /** What one event says about each recipient that it names. */
  static List<ProviderEvent> of(String provider, JsonNode event) {
    String name =
        MailReport.text(event.path("eventType"))
            .or(() -> MailReport.text(event.path("notificationType")))
            .orElse("");
    JsonNode mail = event.path("mail");
    return switch (name) {
      case "Delivery" -> {
        JsonNode delivery = event.path("delivery");
        yield each(provider, mail, delivery, delivery.path("recipients"), Type.DELIVERED, name);
      }
      case "Bounce" -> bounce(provider, mail, event.path("bounce"));
      case "Complaint" -> complaint(provider, mail, event.path("complaint"));
      case "Reject", "Rendering Failure" -> whole(provider, mail, mail, Type.UNDELIVERED, name);
      case "Open" -> whole(provider, mail, event.path("open"), Type.OPENED, name);
      case "Click" -> whole(provider, mail, event.path("click"), Type.CLICKED, name);
      case "Subscription" -> {
        JsonNode subscription = event.path("subscription");
        yield subscription.at("/newTopicPreferences/unsubscribeAll").asBoolean()
            ? whole(provider, mail, subscription, Type.UNSUBSCRIBED, name)
            : List.of();
      }
      default -> List.of();
    };
  }

  private static List<ProviderEvent> bounce(String provider, JsonNode mail, JsonNode bounce) {
    String type = bounce.path("bounceType").asText("");
    String subType = bounce.path("bounceSubType").asText("");
    return bounced(type, subType)
        .map(
            known ->
                each(
                    provider,
                    mail,
                    bounce,
                    bounce.path("bouncedRecipients"),
                    known,
                    MailReport.words("Bounce", type, subType)))
        .orElse(List.of());
  }

  private static Optional<Type> bounced(String type, String subType) {
    return switch (type) {
      case "Permanent" ->
          Optional.of(subType.equals("UnsubscribedRecipient") ? Type.UNSUBSCRIBED : Type.BOUNCED);
      // Somebody's out-of-office answer often looks like that.
      case "Transient" ->
          subType.equals("General") ? Optional.empty() : Optional.of(Type.UNDELIVERED);
      default -> Optional.of(Type.UNDELIVERED);
    };
  }

  private static List<ProviderEvent> complaint(String provider, JsonNode mail, JsonNode complaint) {
    String feedback = MailReport.text(complaint.path("complaintFeedbackType")).orElse("");
    return feedback.equals("not-spam")
        ? List.of()
        : each(
            provider,
            mail,
            complaint,
            complaint.path("complainedRecipients"),
            Type.COMPLAINED,
            MailReport.words("Complaint", feedback));
  }

  private static List<ProviderEvent> each(
      String provider, JsonNode mail, JsonNode part, JsonNode recipients, Type type, String cause) {
    List<ProviderEvent> events = new ArrayList<>();
    for (JsonNode recipient : recipients) {
      Optional<String> address =
          MailReport.text(recipient).or(() -> MailReport.text(recipient.path("emailAddress")));
      events.add(event(provider, mail, part, address, type, cause));
    }
    return events;
  }

  private static List<ProviderEvent> whole(
      String provider, JsonNode mail, JsonNode part, Type type, String cause) {
    JsonNode destination = mail.path("destination");
    // It does not say which of several it is about.
    Optional<String> address =
        destination.size() == 1 ? MailReport.text(destination.path(0)) : Optional.empty();
    return List.of(event(provider, mail, part, address, type, cause));
  }

  private static ProviderEvent event(
      String provider,
      JsonNode mail,
      JsonNode part,
      Optional<String> recipient,
      Type type,
      String cause) {
    return MailReport.event(
        provider,
        MailReport.text(mail.path("messageId")),
        MailReport.text(mail.path("tags").path(Letter.REFERENCE).path(0)),
        recipient,
        type,
        MailReport.moment(part.path("timestamp")),
        cause);
  }
}
