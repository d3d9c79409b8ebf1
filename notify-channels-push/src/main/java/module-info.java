/** Push: Firebase Cloud Messaging, Apple Push Notification service, Web Push. */
// Google, Netty and Pushy publish their libraries without module descriptors.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.notify.push {
  requires transitive com.google.auth.oauth2;
  requires transitive dev.notify.core;
  requires com.eatthepath.pushy.apns;
  requires com.google.auth;
  requires dev.notify.http;
  requires io.netty.codec.http2;
  requires io.netty.common;
  requires io.netty.transport;

  exports dev.notify.push;

  provides dev.notify.spi.ChannelProviderFactory with
      dev.notify.push.ApnsProviderFactory,
      dev.notify.push.FcmProviderFactory,
      dev.notify.push.WebPushProviderFactory;
}
