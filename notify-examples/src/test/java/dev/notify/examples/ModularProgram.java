package dev.notify.examples;

import dev.notify.NotificationDispatcher;
import dev.notify.email.SesProvider;
import dev.notify.inapp.InAppProvider;
import dev.notify.model.Address;
import dev.notify.model.Notification;
import dev.notify.push.FcmProvider;
import dev.notify.sms.TwilioProvider;
import dev.notify.spi.ChannelProviderFactory;
import dev.notify.webhook.SlackProvider;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

/** Sends one message, and says which modules did it. */
final class ModularProgram {

  private ModularProgram() {}

  public static void main(String[] args) throws Exception {
    System.out.println(
        ServiceLoader.load(ChannelProviderFactory.class).stream()
            .map(provider -> provider.get().channel().name())
            .distinct()
            .sorted()
            .toList());
    System.out.println(NotificationDispatcher.class.getModule());
    setByReflection(
        FcmProvider.builder(),
        SesProvider.builder(),
        SlackProvider.builder(),
        TwilioProvider.builder());
    InAppProvider inApp = InAppProvider.create();
    try (var dispatcher = NotificationDispatcher.builder().provider(inApp).build()) {
      var receipt = dispatcher.send(Notification.to(Address.inApp("jane")).body("Hello").build());
      receipt.outcome().get(20, TimeUnit.SECONDS);
      System.exit(inApp.inbox().unread("jane") == 1 ? 0 : 1);
    }
  }

  /** As scripts do: setters that builders inherit must be within everybody's reach. */
  private static void setByReflection(Object... builders) throws ReflectiveOperationException {
    for (Object builder : builders) {
      Method setter = builder.getClass().getMethod("connectTimeout", Duration.class);
      if (setter.invoke(builder, Duration.ofSeconds(1)) != builder) {
        throw new IllegalStateException(setter + " gives another builder back");
      }
    }
  }
}
