/** Push: Firebase Cloud Messaging. */
// Google publishes its libraries without module descriptors.
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module dev.notify.push {
  requires transitive com.google.auth.oauth2;
  requires transitive dev.notify.core;
  requires com.google.auth;
  requires dev.notify.http;

  exports dev.notify.push;

  provides dev.notify.spi.ChannelProviderFactory with
      dev.notify.push.FcmProviderFactory;
}
