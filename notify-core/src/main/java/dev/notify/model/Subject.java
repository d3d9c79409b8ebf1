package dev.notify.model;

/**
 * The thing in the application that a notification is about, for example order 1017. Pending
 * notifications of a subject can be replaced by a newer one, cancelled together, or asked again at
 * delivery whether they still hold.
 *
 * @param type kind of thing, for example {@code order}
 * @param id which one
 * @since 0.1
 */
public record Subject(String type, String id) {

  /** Checks both parts. */
  public Subject {
    Text.requireToken("subject.type", type, 64);
    Text.requireToken("subject.id", id, 191);
  }

  @Override
  public String toString() {
    return type + "/" + id;
  }
}
