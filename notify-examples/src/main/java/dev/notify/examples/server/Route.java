package dev.notify.examples.server;

import java.util.EnumSet;
import java.util.Set;

/**
 * What is done for a method and an address.
 *
 * @param method the method of HTTP
 * @param path the address, with names in braces
 * @param roles who may, beside the admin; with nobody in it, it is open to everybody
 * @param isOpen whether nobody is asked who they are
 * @param type the form of its answers, which a caller must take
 * @param work what is done
 */
record Route(String method, String path, Set<Role> roles, boolean isOpen, String type, Work work) {

  static final String JSON = "application/json";

  /** Events as they happen. */
  static final String EVENTS = "text/event-stream";

  /** Who may see. */
  static final Set<Role> SEEING = EnumSet.of(Role.READ);

  /** Who may send. */
  static final Set<Role> SENDING = EnumSet.of(Role.SEND);

  /** Who may follow what was sent. */
  static final Set<Role> FOLLOWING = EnumSet.of(Role.SEND, Role.READ);

  /** The admin alone. */
  static final Set<Role> RULING = EnumSet.noneOf(Role.class);

  /** What is done for a request. */
  @FunctionalInterface
  interface Work {
    /** Does it, and answers. */
    void answer(Call call) throws Exception;
  }

  static Route of(String method, String path, Set<Role> roles, Work work) {
    return new Route(method, path, roles, false, JSON, work);
  }

  /** For everybody. */
  static Route open(String method, String path, Work work) {
    return new Route(method, path, Set.of(), true, JSON, work);
  }

  /** A stream of events; the work goes on after it has returned. */
  static Route stream(String path, Set<Role> roles, Work work) {
    return new Route("GET", path, roles, false, EVENTS, work);
  }

  /** The same for the same people, for whom there is no head without its stream. */
  Route withoutHead() {
    return new Route(
        method,
        path,
        roles,
        isOpen,
        type,
        call -> {
          throw Problem.methodNotAllowed("GET");
        });
  }

  /** Whether it only looks. */
  boolean isReading() {
    return method.equals("GET");
  }

  /** Whether its answer has an end, and so a head that can be asked for by itself. */
  boolean isFinite() {
    return !type.equals(EVENTS);
  }
}
