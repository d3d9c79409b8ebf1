package dev.notify.examples;

import dev.notify.examples.standin.ReceivedMail;
import dev.notify.examples.standin.StandIns;
import dev.notify.inapp.Inbox;
import java.io.PrintStream;
import java.util.List;
import java.util.stream.Stream;

/** What came out at the other end: one mail in full, and a line for each message of other kinds. */
record Arrivals(Audience audience, StandIns vendors, Inbox inbox) {

  void print(PrintStream out) {
    // They arrive in any order; going by the people of the file, every run prints the same.
    for (Person person : audience.people()) {
      List<ReceivedMail> mails = mailsTo(person);
      if (!mails.isEmpty()) {
        print(mails.get(0), out);
        break;
      }
    }
    out.println("Messages of other kinds, as they arrived:");
    audience.people().stream().flatMap(this::linesFor).forEach(line -> out.println("  " + line));
    out.println();
  }

  private List<ReceivedMail> mailsTo(Person person) {
    return vendors.smtp().received().stream()
        .filter(mail -> person.email() != null && mail.recipient().equals(person.email().value()))
        .toList();
  }

  private static void print(ReceivedMail mail, PrintStream out) {
    out.println("One of the mails, as the mail server received it:");
    out.println("  From:    " + mail.from());
    out.println("  To:      " + mail.to());
    out.println("  Subject: " + mail.subject());
    out.println();
    mail.text().strip().lines().forEach(line -> out.println(("  " + line).stripTrailing()));
    out.printf("%n  (and the same as HTML, in %d characters)%n%n", mail.html().length());
  }

  private Stream<String> linesFor(Person person) {
    Stream<String> texts =
        Stream.of(vendors.twilio(), vendors.twilioBackup())
            .flatMap(account -> account.received().stream())
            .filter(sms -> person.sms() != null && sms.to().equals(person.sms().value()))
            .map(sms -> "%s, sms: %s".formatted(person.id(), sms.body()));
    Stream<String> pushes =
        vendors.fcm().received().stream()
            .filter(push -> person.has(push.device()))
            .map(push -> "%s, push: %s / %s".formatted(person.id(), push.title(), push.text()));
    Stream<String> items =
        inbox.feed(person.id(), 10).stream()
            .map(item -> item.content().title().orElse(""))
            .map(
                title ->
                    "%s, inbox with %d unread: %s"
                        .formatted(person.id(), inbox.unread(person.id()), title));
    return Stream.of(texts, pushes, items).flatMap(lines -> lines);
  }
}
