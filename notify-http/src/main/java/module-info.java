/**
 * HTTP machinery that the providers of push, SMS and e-mail vendors share; no part of the public
 * API.
 */
// Each channel is an artifact of its own, so not all of those named are there when one is compiled.
@SuppressWarnings("module")
module dev.notify.http {
  requires transitive com.fasterxml.jackson.databind;
  requires transitive dev.notify.core;
  requires transitive okhttp3;

  exports dev.notify.http to
      dev.notify.email,
      dev.notify.push,
      dev.notify.sms,
      dev.notify.webhook;
}
