package dev.notify.benchmarks.providers;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import dev.notify.email.MailgunProvider;
import dev.notify.email.PostmarkProvider;
import dev.notify.email.ResendProvider;
import dev.notify.email.SendGridProvider;
import dev.notify.email.SesProvider;
import dev.notify.model.Address;
import dev.notify.model.Content;
import dev.notify.push.FcmProvider;
import dev.notify.push.VapidKeys;
import dev.notify.push.WebPushProvider;
import dev.notify.sms.MessageBirdProvider;
import dev.notify.sms.PlivoProvider;
import dev.notify.sms.SnsProvider;
import dev.notify.sms.TwilioProvider;
import dev.notify.sms.VonageProvider;
import dev.notify.spi.ChannelProvider;
import dev.notify.webhook.SlackProvider;
import dev.notify.webhook.WebhookProvider;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.function.Function;

/** Every provider that speaks HTTP, with the answer by which its vendor takes a message. */
final class Vendors {

  private static final String SECRET = "hush-hush-secret";
  private static final String AWS_KEY = "AKIDEXAMPLEEXAMPLE12";
  private static final String REGION = "eu-central-1";
  private static final String SENDER = "+15550100";
  private static final String FROM = "Shop <shop@example.com>";
  private static final String JSON = "\r\nContent-Type: application/json";
  private static final String OK = "200 OK" + JSON;
  private static final String CREATED = "201 Created" + JSON;
  private static final String ACCEPTED = "202 Accepted" + JSON;

  private static final Messages TEXT =
      new Messages(
          Address.sms("+14155550142"), Content.ofBody("Your parcel 1017 arrives tomorrow."));
  private static final Content WORDS =
      Content.builder()
          .title("Your order is on its way")
          .body("Parcel 1017 left our house today.")
          .build();
  private static final Messages MAIL =
      new Messages(Address.email("jane.doe@example.org").named("Jane Doe"), WORDS);

  private Vendors() {}

  static List<Vendor> all() {
    return List.of(
        text(
            "Twilio",
            CREATED,
            """
            {"sid":"SM0123456789abcdef0123456789abcdef","status":"queued","error_code":null}""",
            url ->
                TwilioProvider.builder()
                    .accountSid("AC0123456789abcdef0123456789abcdef")
                    .authToken(SECRET)
                    .from(SENDER)
                    .baseUrl(url)
                    .build()),
        text(
            "Vonage",
            ACCEPTED,
            """
            {"message_uuid":"aaaaaaaa-bbbb-cccc-dddd-0123456789ab"}""",
            url ->
                VonageProvider.builder()
                    .applicationId("01234567-89ab-cdef-0123-456789abcdef")
                    .privateKey(Keys.RSA)
                    .from(SENDER)
                    .baseUrl(url)
                    .build()),
        text(
            "Plivo",
            ACCEPTED,
            """
            {"message":"message(s) queued","message_uuid":["db3ce55a-7f1d"],"api_id":"db342550"}""",
            url ->
                PlivoProvider.builder()
                    .authId("MAZTQ1ZJIYOTAXYZ0123")
                    .authToken(SECRET)
                    .from(SENDER)
                    .baseUrl(url)
                    .build()),
        text(
            "MessageBird",
            CREATED,
            """
            {"id":"e8077d803532c0b5937c639b60216938","recipients":{"totalSentCount":1,\
            "items":[{"recipient":14155550142,"status":"sent"}]}}""",
            url ->
                MessageBirdProvider.builder().accessKey(SECRET).from(SENDER).baseUrl(url).build()),
        text(
            "SNS",
            "200 OK\r\nContent-Type: text/xml",
            """
            <PublishResponse xmlns="https://sns.amazonaws.com/doc/2010-03-31/"><PublishResult>\
            <MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId></PublishResult>\
            <ResponseMetadata><RequestId>d74b8436</RequestId></ResponseMetadata></PublishResponse>""",
            url ->
                SnsProvider.builder()
                    .region(REGION)
                    .accessKeyId(AWS_KEY)
                    .secretAccessKey(SECRET)
                    .baseUrl(url)
                    .build()),
        mail(
            "SendGrid",
            "202 Accepted\r\nX-Message-Id: LRzXl_NHStOGhQ4kofSm_A",
            "",
            url -> SendGridProvider.builder().apiKey(SECRET).from(FROM).baseUrl(url).build()),
        mail(
            "Mailgun",
            OK,
            """
            {"id":"<20111114174239.25659.5817@mg.example.com>","message":"Queued. Thank you."}""",
            url ->
                MailgunProvider.builder()
                    .domain("mg.example.com")
                    .apiKey(SECRET)
                    .from(FROM)
                    .baseUrl(url)
                    .build()),
        mail(
            "Postmark",
            OK,
            """
            {"To":"jane.doe@example.org","MessageID":"0a129aee-e1cd-480d-b08d-4f48548ff48d",\
            "ErrorCode":0,"Message":"OK"}""",
            url -> PostmarkProvider.builder().serverToken(SECRET).from(FROM).baseUrl(url).build()),
        mail(
            "Resend",
            OK,
            """
            {"id":"49a3999c-0ce1-4ea6-ab68-afcd6dc2e794"}""",
            url -> ResendProvider.builder().apiKey(SECRET).from(FROM).baseUrl(url).build()),
        mail(
            "SES",
            OK,
            """
            {"MessageId":"0102018f0a1b2c3d-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-000000"}""",
            url ->
                SesProvider.builder()
                    .region(REGION)
                    .accessKeyId(AWS_KEY)
                    .secretAccessKey(SECRET)
                    .from(FROM)
                    .baseUrl(url)
                    .build()),
        new Vendor(
            "FCM",
            OK,
            """
            {"name":"projects/shop-4711/messages/0:1500415314455276%31bd1c9631bd1c96"}""",
            url ->
                FcmProvider.builder()
                    .serviceAccount(
                        GoogleCredentials.create(
                            new AccessToken(
                                "ya29.access-token",
                                Date.from(Instant.now().plus(Duration.ofDays(1))))))
                    .projectId("shop-4711")
                    .baseUrl(url)
                    .build(),
            url -> new Messages(Address.fcm("bk3RNwTe3H0:CI2k_HHwgIpoDKCIZvvDMExUdFQ3P1"), WORDS)),
        new Vendor(
            "WebPush",
            "201 Created",
            "",
            url ->
                WebPushProvider.builder()
                    .vapidKeys(VapidKeys.generate())
                    .subject("mailto:push@example.com")
                    .trustedHosts("127.0.0.1")
                    .build(),
            url -> new Messages(Address.webPush(Keys.subscription(url + "/wpush/v2/gAB")), WORDS),
            Keys::agree),
        new Vendor(
            "Slack",
            OK,
            """
            {"ok":true,"channel":"C0123456789","ts":"1503435956.000247"}""",
            url ->
                SlackProvider.builder()
                    .botToken("xoxb-0123456789-abcdefABCDEF")
                    .baseUrl(url)
                    .build(),
            url -> new Messages(Address.of(SlackProvider.CHANNEL, "C0123456789"), WORDS)),
        new Vendor(
            "Webhook",
            OK,
            "{}",
            url ->
                WebhookProvider.builder()
                    .signingSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
                    .trustedHosts("127.0.0.1")
                    .build(),
            url -> new Messages(Address.of(WebhookProvider.CHANNEL, url + "/hook"), WORDS)));
  }

  private static Vendor text(
      String name, String head, String body, Function<URI, ChannelProvider> provider) {
    return new Vendor(name, head, body, provider, url -> TEXT);
  }

  private static Vendor mail(
      String name, String head, String body, Function<URI, ChannelProvider> provider) {
    return new Vendor(name, head, body, provider, url -> MAIL);
  }
}
