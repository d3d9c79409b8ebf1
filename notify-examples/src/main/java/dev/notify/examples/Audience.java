package dev.notify.examples;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.notify.memory.MemoryPreferences;
import dev.notify.model.Origin;
import dev.notify.model.Recipient;
import dev.notify.spi.PreferenceStore;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The file that the quickstart reads: whom it tells, and what goes wrong. In an application the
 * people come from its own tables.
 *
 * @param now the moment the story begins; the present unless given
 * @param people who is told of their order
 * @param troubles what goes wrong on the way
 */
record Audience(
    @JsonProperty(required = false) Instant now,
    List<Person> people,
    @JsonProperty(required = false) Troubles troubles) {

  /** Fills in what the file leaves out. */
  Audience {
    now = or(now, Instant.now());
    troubles = or(troubles, new Troubles(Set.of(), Set.of()));
    people = List.copyOf(people);
  }

  /**
   * What the vendors' stand-ins do wrong.
   *
   * @param twilioDownFor phone numbers for which the first Twilio account is out of order
   * @param deadDevices devices that have uninstalled the app
   */
  record Troubles(
      @JsonProperty(required = false) Set<String> twilioDownFor,
      @JsonProperty(required = false) Set<String> deadDevices) {

    /** Fills in what the file leaves out. */
    Troubles {
      twilioDownFor = or(twilioDownFor, Set.of());
      deadDevices = or(deadDevices, Set.of());
    }
  }

  /** The person with this id, as the dispatcher asks for them. */
  Optional<Recipient> find(String id) {
    return person(id).map(Person::toRecipient);
  }

  /** The person's time zone. */
  ZoneId zoneOf(String id) {
    return person(id).orElseThrow().zone();
  }

  private Optional<Person> person(String id) {
    return people.stream().filter(person -> person.id().equals(id)).findFirst();
  }

  /** What the people have chosen, as the dispatcher asks for it. */
  PreferenceStore preferences() {
    MemoryPreferences preferences = new MemoryPreferences();
    Origin file = new Origin("quickstart", "audience.json", now);
    people.forEach(
        person -> preferences.update(person.id(), file, none -> person.preferences(now)));
    return preferences;
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
