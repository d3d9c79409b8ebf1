/** SMS: Twilio, Vonage, Plivo, MessageBird, Amazon SNS. */
module dev.notify.sms {
  requires transitive dev.notify.core;
  requires dev.notify.http;
  requires com.google.i18n.phonenumbers.libphonenumber;

  exports dev.notify.sms;

  provides dev.notify.spi.ChannelProviderFactory with
      dev.notify.sms.TwilioProviderFactory,
      dev.notify.sms.VonageProviderFactory,
      dev.notify.sms.PlivoProviderFactory,
      dev.notify.sms.MessageBirdProviderFactory,
      dev.notify.sms.SnsProviderFactory;
}
