package dev.notify.push;

import dev.notify.model.PushOptions;
import dev.notify.model.PushOptions.Action;
import dev.notify.model.PushOptions.Android;
import dev.notify.model.PushOptions.Apple;
import dev.notify.model.PushOptions.Interruption;
import dev.notify.model.PushOptions.Web;
import java.util.Optional;

/** Push options to try providers with. */
final class SamplePushOptions {

  static final PushOptions EVERYTHING =
      PushOptions.builder()
          .badge(3)
          .sound("ding")
          .collapseKey("order-4711")
          .action(Action.opening("track", "Track", "https://example.com/t"))
          .action(Action.of("mute", "Mute"))
          .apple(
              new Apple(
                  Optional.of("Two parcels"),
                  Optional.of("orders"),
                  Optional.of("ORDER"),
                  Optional.of(Interruption.TIME_SENSITIVE)))
          .android(
              new Android(Optional.of("orders"), Optional.of("ic_parcel"), Optional.of("#ff8800")))
          .web(new Web(Optional.of("/i.png"), Optional.of("/b.png"), true))
          .build();

  private SamplePushOptions() {}

  static PushOptions subtitle(String text) {
    return PushOptions.builder()
        .apple(new Apple(Optional.of(text), Optional.empty(), Optional.empty(), Optional.empty()))
        .build();
  }
}
