package dev.notify.examples.server;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Who calls.
 *
 * @param name how limits and the audit log tell them apart: nothing secret
 * @param role what they may do
 * @param person the person's id, of a token; empty for a key
 * @param until when the token ends; empty for a key
 */
record Caller(String name, Role role, String person, Optional<Instant> until) {

  /** A program with a key. */
  static Caller key(String name, Role role) {
    return new Caller(name, role, "", Optional.empty());
  }

  /** A key of the caller's, as nobody else has it; as long, however long both names are. */
  String own(String key) {
    return HexFormat.of().formatHex(ApiKeys.sha256(name.length() + ":" + name + key));
  }
}
