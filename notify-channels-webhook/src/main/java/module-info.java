/** Webhooks to others' systems, Slack, and a log for development. */
module dev.notify.webhook {
  requires transitive dev.notify.core;
  requires dev.notify.http;
  requires org.slf4j;

  exports dev.notify.webhook;

  provides dev.notify.spi.ChannelProviderFactory with
      dev.notify.webhook.SlackProviderFactory,
      dev.notify.webhook.WebhookProviderFactory;
}
