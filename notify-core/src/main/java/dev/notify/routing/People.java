package dev.notify.routing;

import dev.notify.model.Address;
import dev.notify.model.Channel;
import dev.notify.model.ConfigurationException;
import dev.notify.model.Notification;
import dev.notify.model.Preferences;
import dev.notify.model.Recipient;
import dev.notify.model.Routing;
import dev.notify.spi.PreferenceStore;
import dev.notify.spi.RecipientDirectory;
import dev.notify.spi.SuppressionList;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds who a notification is for, with what they have chosen and the defaults for what is unknown.
 *
 * @since 0.1
 */
public final class People {

  private static final Logger log = LoggerFactory.getLogger(People.class);

  private final RecipientDirectory directory;
  private final PreferenceStore preferences;
  private final SuppressionList suppressions;
  private final Locale defaultLocale;
  private final ZoneId defaultZone;

  /** People with these defaults for those whose language or zone is unknown. */
  public People(
      RecipientDirectory directory,
      PreferenceStore preferences,
      SuppressionList suppressions,
      Locale defaultLocale,
      ZoneId defaultZone) {
    this.directory = directory;
    this.preferences = preferences;
    this.suppressions = suppressions;
    this.defaultLocale = defaultLocale;
    this.defaultZone = defaultZone;
  }

  /**
   * A person as a notification meets them.
   *
   * @param recipient where to reach them
   * @param preferences what they have chosen
   * @param locale their language, or the default
   * @param zone their zone, or the default
   */
  public record Person(Recipient recipient, Preferences preferences, Locale locale, ZoneId zone) {

    /** A notification's channels in the order in which they are tried for this person. */
    public List<Channel> channels(Routing routing) {
      return routing instanceof Routing.First first && first.inPersonsOrder()
          ? preferences.ordered(first.channels())
          : routing.channels();
    }

    /** Those of a notification's channels that the person has an address on, in their order. */
    public List<Channel> reachable(Routing routing) {
      List<Channel> channels = channels(routing);
      for (Channel channel : channels) {
        if (!recipient.isReachableBy(channel)) {
          return channels.stream().filter(recipient::isReachableBy).toList();
        }
      }
      return channels;
    }

    /** All addresses that a notification may go to. */
    public List<Address> addresses(Routing routing) {
      return routing.channels().stream()
          .flatMap(channel -> recipient.addresses(channel).stream())
          .toList();
    }
  }

  /** The language of people whose language is unknown. */
  public Locale defaultLocale() {
    return defaultLocale;
  }

  /** The person; empty if the directory does not know them. */
  public Optional<Person> find(Notification notification) {
    Optional<Recipient> recipient =
        notification.recipient().isPresent()
            ? notification.recipient()
            : fromDirectory(notification.recipientId());
    return recipient.isEmpty() ? Optional.empty() : Optional.of(person(recipient.get()));
  }

  /**
   * Tells the stores that these will be sent in a moment, so that many do not cost a query each.
   */
  public void expect(Collection<Notification> notifications) {
    List<String> known = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (Notification notification : notifications) {
      (notification.recipient().isPresent() ? known : unknown).add(notification.recipientId());
    }
    expect(known, unknown);
  }

  /**
   * Tells the stores that something will be sent to these people in a moment.
   *
   * @param known ids of those who come with their addresses
   * @param unknown ids of those for whom the directory will be asked
   */
  public void expect(Collection<String> known, Collection<String> unknown) {
    tell(directory::expect, unknown);
    List<String> all = new ArrayList<>(known);
    all.addAll(unknown);
    tell(preferences::expect, all);
  }

  /** Tells the suppression list that these addresses will be asked for in a moment. */
  public void expectAt(Collection<Address> addresses) {
    tell(suppressions::expect, addresses);
  }

  /** What cannot be read at a stroke is read one by one, and that says what is wrong. */
  private static <T> void tell(Consumer<Collection<T>> store, Collection<T> expected) {
    if (expected.size() < 2) {
      return;
    }
    try {
      store.accept(expected);
    } catch (RuntimeException e) {
      log.debug("{} could not be read together: {}", expected.size(), e.getClass().getName());
    }
  }

  /** A directory that mixes people up must not have one read what is for another. */
  private Optional<Recipient> fromDirectory(String id) {
    Optional<Recipient> found = directory.find(id);
    if (found.isPresent() && !found.get().id().equals(id)) {
      throw new ConfigurationException(
          "recipients: the directory was asked for '"
              + id
              + "' and answered with '"
              + found.get().id()
              + "'");
    }
    return found;
  }

  private Person person(Recipient known) {
    return new Person(
        known,
        preferences.find(known.id()),
        known.locale().orElse(defaultLocale),
        known.zone().orElse(defaultZone));
  }
}
