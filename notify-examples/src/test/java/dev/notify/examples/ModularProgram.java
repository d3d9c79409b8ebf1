package dev.notify.examples;

import dev.notify.NotificationDispatcher;
import dev.notify.inapp.InAppProvider;
import dev.notify.model.Address;
import dev.notify.model.Notification;
import dev.notify.spi.ChannelProviderFactory;
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
    InAppProvider inApp = InAppProvider.create();
    try (var dispatcher = NotificationDispatcher.builder().provider(inApp).build()) {
      var receipt = dispatcher.send(Notification.to(Address.inApp("jane")).body("Hello").build());
      receipt.outcome().get(20, TimeUnit.SECONDS);
      System.exit(inApp.inbox().unread("jane") == 1 ? 0 : 1);
    }
  }
}
