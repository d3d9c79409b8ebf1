package dev.notify.engine;

import dev.notify.model.Content;
import dev.notify.model.Delivery;
import dev.notify.model.Notification;
import dev.notify.routing.People;
import java.util.Optional;

/**
 * A delivery in this node's hands, on its way to a worker.
 *
 * @param delivery the delivery, in status {@code SENDING}
 * @param notification what was asked for
 * @param person who it is for, if that was found out a moment ago
 * @param content what it says, if that was rendered a moment ago
 */
public record Job(
    Delivery delivery,
    Notification notification,
    Optional<People.Person> person,
    Optional<Content> content) {}
