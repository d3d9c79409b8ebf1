package dev.notify.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.notify.WebhookAnswer;
import dev.notify.WebhookHandler;
import dev.notify.email.MailgunWebhook;
import dev.notify.email.PostmarkWebhook;
import dev.notify.email.ResendWebhook;
import dev.notify.email.SendGridWebhook;
import dev.notify.email.TrustedSns;
import dev.notify.sms.MessageBirdWebhook;
import dev.notify.sms.PlivoWebhook;
import dev.notify.sms.TwilioWebhook;
import dev.notify.sms.VonageWebhook;
import dev.notify.spi.ProviderWebhook;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.lifecycle.AfterContainer;

/** What vendors could send: nearly always under a signature that is right. */
class WebhookFuzzTest extends FuzzTargets {

  private static final Instant NOW = Instant.parse(World.START);
  private static final InstantSource CLOCK = InstantSource.fixed(NOW);
  private static final String TIME = Long.toString(NOW.getEpochSecond());
  private static final String URL = "https://shop.example.com/hooks/vendor";
  private static final Set<Integer> STATUSES = Set.of(200, 400, 403, 413, 503);
  private static final byte[] STANDARD_SECRET = "0123456789abcdef01234567".getBytes(UTF_8);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Messages gather what is said about them: now and then there is a new world. */
  private static final int INPUTS_OF_A_WORLD = 1_000;

  private static World world = new World();
  private static final Map<String, WebhookHandler> HANDLERS = new HashMap<>();
  private static int inputs;

  @AfterContainer
  static void end() {
    world.close();
  }

  /** A request in the making. */
  private record Sent(String url, Map<String, List<String>> headers, byte[] body) {
    Sent(String url, byte[] body) {
      this(url, new HashMap<>(), body);
    }

    Sent with(String name, String value) {
      headers.put(name, List.of(value));
      return this;
    }
  }

  /** Makes a request of what is to be said. */
  private interface Signing {
    Sent sign(Chance chance, byte[] body);
  }

  private static String sample(Chance chance, String vendor, List<String> samples) {
    return chance
        .of(samples)
        .replace('\'', '"')
        .replace("$REF", world.reference(vendor))
        .replace("$MAIL", Canary.MAIL)
        .replace("$PHONE", World.PHONE.substring(1))
        .replace("$C", Canary.WORD);
  }

  private static void tell(
      Chance chance,
      ProviderWebhook webhook,
      List<String> samples,
      boolean isJson,
      Signing signing) {
    if (++inputs % INPUTS_OF_A_WORLD == 0) {
      world.close();
      HANDLERS.clear();
      world = new World();
    }
    String vendor = webhook.provider();
    String valid = sample(chance, vendor, samples);
    byte[] body =
        isJson
            ? Spoiled.json(chance, valid)
            : Spoiled.bytes(chance, Spoiled.text(chance, valid).getBytes(UTF_8));
    Sent sent = signing.sign(chance, body);
    if (chance.oneIn(20)) {
      spoilHeader(chance, sent);
    }
    WebhookHandler handler =
        HANDLERS.computeIfAbsent(vendor, any -> world.dispatcher().webhook(webhook));
    Trial.of(
        chance,
        trial -> {
          trial.begins(sent.body().length + sent.url().length());
          WebhookAnswer answer = handler.handle(sent.url(), sent.headers(), sent.body());
          if (answer.status() != 200) {
            trial.refused();
          }
          trial.require(
              STATUSES.contains(answer.status()), "status", "answered " + answer.status());
        });
  }

  private static void spoilHeader(Chance chance, Sent sent) {
    if (!sent.headers().isEmpty()) {
      String name = chance.of(List.copyOf(new TreeMap<>(sent.headers()).keySet()));
      String value = sent.headers().getOrDefault(name, List.of("")).get(0);
      sent.headers()
          .put(chance.oneIn(9) ? Hostile.text(chance) : name, List.of(Spoiled.text(chance, value)));
    }
  }

  private static final ProviderWebhook MAILGUN =
      MailgunWebhook.builder().signingKey(WebhookSigning.SECRET).clock(CLOCK).build();

  private static final List<String> OF_MAILGUN =
      List.of(
          event("'event':'delivered','delivery-status':{'code':250}"),
          event("'event':'opened','client-info':{'bot':'apple'}"),
          event("'event':'unsubscribed'"),
          event(
              "'event':'failed','severity':'permanent','reason':'suppress-bounce','delivery-status':"
                  + "{'code':605,'enhanced-code':'5.1.1','message':'5.1.1 <$MAIL> unknown'}"),
          event("'event':'complained'"));

  private static String event(String fields) {
    return "{'signature':{'timestamp':'$T','token':'$K','signature':'$S'},'event-data':{'recipient':'$MAIL',"
        + "'timestamp':1772452800.25,'message':{'headers':{'message-id':'m-mailgun','to':'$C','subject':'$C'}},"
        + "'user-variables':{'notify_reference':'$REF'},"
        + fields
        + "}}";
  }

  @Fuzz(share = 45)
  void mailgun(@ForAll("inputs") Chance chance) {
    tell(
        chance,
        MAILGUN,
        OF_MAILGUN,
        true,
        (same, body) -> {
          String token = Long.toHexString(same.number());
          String time = same.oneIn(20) ? Hostile.number(same) : TIME;
          String hash = HexFormat.of().formatHex(WebhookSigning.hmac("HmacSHA256", time + token));
          String text = new String(body, ISO_8859_1);
          return new Sent(
              URL,
              text.replace("$T", time)
                  .replace("$K", token)
                  .replace("$S", hash)
                  .getBytes(ISO_8859_1));
        });
  }

  private static final ProviderWebhook POSTMARK =
      PostmarkWebhook.builder().user("postmark").password(WebhookSigning.SECRET).build();

  private static final List<String> OF_POSTMARK =
      List.of(
          "{'RecordType':'Delivery','MessageID':'m-postmark','Metadata':{'notify_reference':'$REF'},"
              + "'Recipient':'$MAIL','DeliveredAt':'2026-03-02T11:28:50.3963933-04:00','Details':'$C'}",
          "{'RecordType':'Bounce','Type':'HardBounce','MessageID':'m-postmark','Email':'$MAIL',"
              + "'BouncedAt':'2026-03-02T11:28:50Z','Description':'$C','Subject':'$C'}",
          "{'RecordType':'SubscriptionChange','SuppressSending':false,'Recipient':'$MAIL',"
              + "'ChangedAt':'2026-03-02T11:28:50Z'}",
          "{'RecordType':'SubscriptionChange','SuppressSending':true,'SuppressionReason':'ManualSuppression',"
              + "'MessageID':'m-postmark','Recipient':'$MAIL','ChangedAt':'2026-03-02T11:28:50Z'}",
          "{'RecordType':'Open','MessageID':'m-postmark','Recipient':'$MAIL','ReceivedAt':'2026-03-02T11:28:50Z'}");

  @Fuzz(share = 45)
  void postmark(@ForAll("inputs") Chance chance) {
    String given =
        "Basic " + WebhookSigning.base64(("postmark:" + WebhookSigning.SECRET).getBytes(UTF_8));
    tell(
        chance,
        POSTMARK,
        OF_POSTMARK,
        true,
        (same, body) -> new Sent(URL, body).with("Authorization", given));
  }

  private static final ProviderWebhook RESEND =
      ResendWebhook.builder()
          .signingSecret("whsec_" + Base64.getEncoder().encodeToString(STANDARD_SECRET))
          .clock(CLOCK)
          .build();

  private static final List<String> OF_RESEND =
      List.of(
          resend("email.delivered", ""),
          resend("email.opened", ""),
          resend("email.complained", ""),
          resend(
              "email.bounced",
              ",'bounce':{'type':'Permanent','subType':'General','message':'$C <$MAIL>'}"));

  private static String resend(String type, String more) {
    return "{'type':'"
        + type
        + "','created_at':'2026-03-02T11:59:10.823Z','data':{'email_id':'m-resend','to':['Jane <$MAIL>'],"
        + "'subject':'$C','tags':{'notify_reference':'$REF'}"
        + more
        + "}}";
  }

  @Fuzz(share = 45)
  void resend(@ForAll("inputs") Chance chance) {
    tell(
        chance,
        RESEND,
        OF_RESEND,
        true,
        (same, body) -> {
          String id = same.oneIn(9) ? Hostile.text(same) : "msg_1";
          String time = same.oneIn(9) ? Hostile.number(same) : TIME;
          return new Sent(URL, body)
              .with("svix-id", id)
              .with("svix-timestamp", time)
              .with("svix-signature", WebhookSigning.standard(STANDARD_SECRET, id, time, body));
        });
  }

  private static final ProviderWebhook SENDGRID =
      SendGridWebhook.builder()
          .verificationKey(WebhookSigning.base64(WebhookSigning.CURVE.getPublic().getEncoded()))
          .clock(CLOCK)
          .build();

  private static final List<String> OF_SENDGRID =
      List.of(
          "["
              + sendgrid("'event':'delivered'")
              + ","
              + sendgrid("'event':'open','sg_machine_open':true")
              + "]",
          "["
              + sendgrid("'event':'bounce','type':'blocked','status':'5.1.1','reason':'$C <$MAIL>'")
              + "]",
          "[" + sendgrid("'event':'dropped','reason':'Bounced Address'") + "]",
          "[" + sendgrid("'event':'spamreport'") + "," + sendgrid("'event':'unsubscribe'") + "]");

  private static String sendgrid(String fields) {
    return "{'email':'$MAIL','timestamp':1772452800,'sg_message_id':'m-sendgrid.recvd-2',"
        + "'notify_reference':'$REF','ip':'$C',"
        + fields
        + "}";
  }

  @Fuzz(share = 25)
  void sendGrid(@ForAll("inputs") Chance chance) {
    tell(
        chance,
        SENDGRID,
        OF_SENDGRID,
        true,
        (same, body) -> {
          String time = same.oneIn(20) ? Hostile.number(same) : TIME;
          return new Sent(URL, body)
              .with("X-Twilio-Email-Event-Webhook-Signature", WebhookSigning.byCurve(time, body))
              .with("X-Twilio-Email-Event-Webhook-Timestamp", time);
        });
  }

  private static final TrustedSns SNS = new TrustedSns(NOW);
  private static final ProviderWebhook SES = SNS.webhook();

  private static final List<String> OF_SES =
      List.of(
          ses(
              "Delivery",
              "'delivery':{'timestamp':'2026-03-02T11:59:58.133Z','recipients':['$MAIL']}"),
          ses(
              "Bounce",
              "'bounce':{'bounceType':'Permanent','bounceSubType':'General','timestamp':'2026-03-02T11:59:58Z',"
                  + "'bouncedRecipients':[{'emailAddress':'$MAIL','diagnosticCode':'$C'}]}"),
          ses(
              "Complaint",
              "'complaint':{'complaintFeedbackType':'abuse','timestamp':'2026-03-02T11:59:58Z',"
                  + "'complainedRecipients':[{'emailAddress':'$MAIL'}]}"),
          ses("Open", "'open':{'timestamp':'2026-03-02T11:59:58Z','userAgent':'$C'}"));

  private static String ses(String type, String part) {
    return "{'eventType':'"
        + type
        + "','mail':{'timestamp':'2026-03-02T11:59:50Z','messageId':'m-ses','destination':['$MAIL'],"
        + "'commonHeaders':{'subject':'$C'},'tags':{'notify_reference':['$REF']}},"
        + part
        + "}";
  }

  @Fuzz(share = 20)
  void ses(@ForAll("inputs") Chance chance) {
    tell(
        chance,
        SES,
        OF_SES,
        true,
        (same, message) -> {
          Map<String, String> fields =
              new TreeMap<>(Map.of("Type", "Notification", "MessageId", "19ba9823"));
          fields.put("TopicArn", TrustedSns.TOPIC);
          fields.put("Message", new String(message, UTF_8));
          fields.put("Timestamp", same.oneIn(9) ? Hostile.text(same) : "2026-03-02T11:59:59.675Z");
          fields.put("SignatureVersion", "2");
          fields.put(
              "SigningCertURL", same.oneIn(30) ? Hostile.text(same) : TrustedSns.CERTIFICATE);
          if (same.oneIn(9)) {
            fields.put("Type", "SubscriptionConfirmation");
            fields.put("Token", Canary.WORD);
            fields.put(
                "SubscribeURL",
                same.oneIn(3) ? Hostile.text(same) : TrustedSns.HOST + "/?Token=" + Canary.WORD);
          }
          String document = written(SNS.sign(fields));
          return new Sent(
              URL, same.oneIn(4) ? Spoiled.json(same, document) : document.getBytes(UTF_8));
        });
  }

  private static String written(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final ProviderWebhook TWILIO =
      TwilioWebhook.builder().authToken(WebhookSigning.SECRET).clock(CLOCK).build();

  private static final List<String> OF_TWILIO =
      List.of(
          "MessageSid=m-twilio&MessageStatus=delivered&To=%2B$PHONE",
          "SmsSid=m-twilio&SmsStatus=failed&ErrorCode=21610&To=%2B$PHONE",
          "MessageSid=SM2&From=%2B$PHONE&Body=STOP&OptOutType=STOP",
          "MessageSid=SM3&From=%2B$PHONE&Body=$C+start");

  private static String query(Chance chance) {
    String query = "?notify-reference=" + world.reference("twilio") + "&x=%20" + Canary.WORD;
    return chance.oneIn(4) ? Spoiled.text(chance, query) : query;
  }

  @Fuzz(share = 45)
  void twilio(@ForAll("inputs") Chance chance) {
    tell(
        chance,
        TWILIO,
        OF_TWILIO,
        false,
        (same, body) -> {
          String url = URL + query(same);
          String joined = WebhookSigning.joined(WebhookSigning.fields(new String(body, UTF_8)));
          return form(url, body)
              .with(
                  "X-Twilio-Signature",
                  WebhookSigning.base64(WebhookSigning.hmac("HmacSHA1", url + joined)));
        });
  }

  private static Sent form(String url, byte[] body) {
    return new Sent(url, body).with("Content-Type", "application/x-www-form-urlencoded");
  }

  private static final ProviderWebhook PLIVO =
      PlivoWebhook.builder().authToken(WebhookSigning.SECRET).clock(CLOCK).build();

  private static final List<String> OF_PLIVO =
      List.of(
          "Status=delivered&MessageUUID=m-plivo&To=$PHONE",
          "Status=undelivered&ErrorCode=200&MessageUUID=m-plivo&To=$PHONE",
          "MessageUUID=u-2&From=$PHONE&Text=STOP",
          "MessageUUID=u-3&From=$PHONE&Text=$C");

  @Fuzz(share = 45)
  void plivo(@ForAll("inputs") Chance chance) {
    tell(
        chance,
        PLIVO,
        OF_PLIVO,
        false,
        (same, body) -> {
          String nonce = same.oneIn(9) ? Hostile.text(same) : "05429567804466091622";
          String fields = WebhookSigning.joined(WebhookSigning.fields(new String(body, UTF_8)));
          String signed = fields.isEmpty() ? URL + "." + nonce : URL + "?." + fields + "." + nonce;
          String simple = URL + (fields.isEmpty() ? "" : "?" + fields) + "." + nonce;
          String both =
              WebhookSigning.base64(WebhookSigning.hmac("HmacSHA256", signed))
                  + ","
                  + WebhookSigning.base64(WebhookSigning.hmac("HmacSHA256", simple));
          return form(URL, body)
              .with("X-Plivo-Signature-V3", both)
              .with("X-Plivo-Signature-V3-Nonce", nonce);
        });
  }

  private static final ProviderWebhook VONAGE =
      VonageWebhook.builder().signatureSecret(WebhookSigning.SECRET).clock(CLOCK).build();

  private static final List<String> OF_VONAGE =
      List.of(
          "{'message_uuid':'m-vonage','to':'$PHONE','from':'15550100','channel':'sms',"
              + "'timestamp':'2026-03-02T11:59:58.000Z','status':'delivered','client_ref':'$REF'}",
          "{'message_uuid':'m-vonage','channel':'sms','timestamp':'2026-03-02T11:59:58.000Z','status':'rejected',"
              + "'error':{'type':'https://developer.vonage.com/api-errors/messages#1240','title':1240,'detail':'$C'}}",
          "{'message_uuid':'u-2','channel':'sms','from':'$PHONE','text':'STOP','timestamp':'2026-03-02T11:59:58Z'}");

  @Fuzz(share = 45)
  void vonage(@ForAll("inputs") Chance chance) {
    String head =
        chance.oneIn(20)
            ? text(Spoiled.json(chance, "{\"alg\":\"HS256\",\"typ\":\"JWT\"}"))
            : "{\"alg\":\"HS256\"}";
    tell(
        chance,
        VONAGE,
        OF_VONAGE,
        true,
        (same, body) -> {
          String claims =
              "{\"iat\":%s,\"iss\":\"Vonage\",\"payload_hash\":\"%s\"}"
                  .formatted(TIME, WebhookSigning.sha256(body));
          String said = same.oneIn(9) ? text(Spoiled.json(same, claims)) : claims;
          return new Sent(URL, body)
              .with("Authorization", "Bearer " + WebhookSigning.token(head, said));
        });
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  private static final ProviderWebhook MESSAGEBIRD =
      MessageBirdWebhook.builder().signingKey(WebhookSigning.SECRET).clock(CLOCK).build();

  private static final List<String> OF_MESSAGEBIRD =
      List.of(
          "id=m-messagebird&reference=$REF&recipient=$PHONE&status=delivered&statusDatetime=2026-03-02T11%3A59%3A58%2B00%3A00",
          "id=m-messagebird&reference=$REF&status=delivery_failed&statusErrorCode=103&statusReason=$C",
          "id=mb-2&originator=$PHONE&body=STOP&createdDatetime=2026-03-02T11%3A59%3A58%2B00%3A00",
          "id=mb-3&originator=$PHONE&message=$C");

  @Fuzz(share = 45)
  void messageBird(@ForAll("inputs") Chance chance) {
    tell(
        chance,
        MESSAGEBIRD,
        OF_MESSAGEBIRD,
        false,
        (same, fields) -> {
          boolean isGet = same.oneIn(2);
          String url = isGet ? URL + "?" + text(fields) : URL;
          byte[] body = isGet ? new byte[0] : fields;
          String claims =
              "{\"iss\":\"MessageBird\",\"nbf\":%s,\"exp\":%s,\"url_hash\":\"%s\",\"payload_hash\":\"%s\"}"
                  .formatted(
                      TIME,
                      NOW.getEpochSecond() + 60,
                      WebhookSigning.sha256(url.getBytes(UTF_8)),
                      WebhookSigning.sha256(body));
          String said = same.oneIn(9) ? text(Spoiled.json(same, claims)) : claims;
          return form(url, body)
              .with("MessageBird-Signature-JWT", WebhookSigning.token("{\"alg\":\"HS256\"}", said));
        });
  }
}
