package dev.notify.engine;

import dev.notify.model.Attempt;
import dev.notify.model.Content;
import dev.notify.model.Delivery;
import dev.notify.model.Notification;
import dev.notify.routing.People;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A delivery in this node's hands, on its way to a worker, or on from one provider to another. */
public final class Job {

  private final Delivery delivery;
  private final Notification notification;
  private final Optional<People.Person> person;
  private final Optional<Content> content;
  private final @Nullable ChainRun run;

  /**
   * A job at its beginning.
   *
   * @param delivery the delivery, in status {@code SENDING}
   * @param notification what was asked for
   * @param person who it is for, if that was found out a moment ago
   * @param content what it says, if that was rendered a moment ago
   */
  public Job(
      Delivery delivery,
      Notification notification,
      Optional<People.Person> person,
      Optional<Content> content) {
    this(delivery, notification, person, content, null);
  }

  private Job(
      Delivery delivery,
      Notification notification,
      Optional<People.Person> person,
      Optional<Content> content,
      @Nullable ChainRun run) {
    this.delivery = delivery;
    this.notification = notification;
    this.person = person;
    this.content = content;
    this.run = run;
  }

  Delivery delivery() {
    return delivery;
  }

  Notification notification() {
    return notification;
  }

  Optional<People.Person> person() {
    return person;
  }

  Optional<Content> content() {
    return content;
  }

  /** How far it has come, if it need not begin anew. */
  Optional<ChainRun> run() {
    return Optional.ofNullable(run);
  }

  /** The calls made already that the store does not know of. */
  List<Attempt> attempts() {
    return run == null ? List.of() : run.attempts();
  }

  /** The same job as it stands now, to be begun anew; what was known of the person may be old. */
  Job with(Delivery now) {
    return new Job(now, notification, Optional.empty(), content, null);
  }

  /** The same job as it stands now, to be gone on with. */
  Job with(Delivery now, ChainRun begun) {
    return new Job(now, notification, person, content, begun);
  }
}
