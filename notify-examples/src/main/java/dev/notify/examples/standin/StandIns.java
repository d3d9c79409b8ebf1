package dev.notify.examples.standin;

import java.util.Set;

/**
 * Everything outside the process.
 *
 * @param smtp the mail server
 * @param twilio the account at Twilio that is asked first
 * @param twilioBackup the account that is asked where the first cannot help
 * @param fcm Firebase Cloud Messaging
 */
public record StandIns(
    SmtpStandIn smtp, TwilioStandIn twilio, TwilioStandIn twilioBackup, FcmStandIn fcm)
    implements AutoCloseable {

  /**
   * Starts them all.
   *
   * @param twilioDownFor phone numbers for which the first Twilio account answers 503
   * @param deadDevices devices that FCM does not know any more
   */
  public static StandIns start(Set<String> twilioDownFor, Set<String> deadDevices) {
    return new StandIns(
        new SmtpStandIn(),
        new TwilioStandIn("AC" + "1".repeat(32), "first-secret", twilioDownFor),
        new TwilioStandIn("AC" + "2".repeat(32), "second-secret", Set.of()),
        new FcmStandIn(deadDevices));
  }

  @Override
  public void close() {
    smtp.close();
    twilio.close();
    twilioBackup.close();
    fcm.close();
  }
}
