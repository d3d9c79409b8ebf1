package dev.notify.model;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A person: where to reach them, in which language, in which time zone. {@code toString} shows the
 * id only.
 *
 * @param id the application's own id of the person; it stands in logs, so it should not be personal
 * @param addresses all addresses and devices, in the order they are tried and shown; a repeated one
 *     counts once, an e-mail address in any case
 * @param locale the language; the dispatcher's default where absent
 * @param zone the time zone; the dispatcher's default where absent
 * @param attributes what templates may say about the person, as {@code recipient.NAME}
 * @since 0.1
 */
public record Recipient(
    String id,
    List<Address> addresses,
    Optional<Locale> locale,
    Optional<ZoneId> zone,
    Map<String, Object> attributes) {

  /** Checks the id and takes copies. */
  public Recipient {
    Text.requireToken("recipient", id, 255);
    addresses = withoutRepeats(addresses);
    attributes = Variables.snapshot("recipient.attributes", attributes);
  }

  /** The same mailbox or device twice would be told everything twice. */
  private static List<Address> withoutRepeats(List<Address> addresses) {
    if (addresses.size() < 2) {
      return List.copyOf(addresses);
    }
    Map<String, Address> byPlace = new LinkedHashMap<>();
    for (Address address : addresses) {
      String value =
          address.channel().equals(Channel.EMAIL)
              ? address.value().toLowerCase(Locale.ROOT)
              : address.value();
      byPlace.putIfAbsent(address.channel() + ":" + value, address);
    }
    return List.copyOf(byPlace.values());
  }

  /** Starts a recipient with this id. */
  public static Builder builder(String id) {
    return new Builder(id);
  }

  /** Starts a recipient that is like this one. */
  public Builder toBuilder() {
    Builder copy = new Builder(id);
    copy.addresses.addAll(addresses);
    copy.attributes.putAll(attributes);
    copy.locale = locale;
    copy.zone = zone;
    return copy;
  }

  /** Whether there is an address on this channel. */
  public boolean isReachableBy(Channel channel) {
    for (Address address : addresses) {
      if (address.channel().equals(channel)) {
        return true;
      }
    }
    return false;
  }

  /** The addresses of one channel. */
  public List<Address> addresses(Channel channel) {
    return addresses.stream().filter(address -> address.channel().equals(channel)).toList();
  }

  /**
   * What a {@link Segment} can ask of the person, by name: all but the topics they follow, which
   * only a {@link RecipientEntry} has.
   */
  public Map<String, Object> facts() {
    Map<String, Object> facts = new HashMap<>();
    attributes.forEach(
        (name, value) -> {
          if (Segment.isName(name) && !Segment.OF_PERSON.contains(name)) {
            Segment.value(value).ifPresent(plain -> facts.put(name, plain));
          }
        });
    locale.ifPresent(known -> facts.put("locale", known.toLanguageTag()));
    locale
        .map(Locale::getLanguage)
        .filter(language -> !language.isEmpty())
        .ifPresent(language -> facts.put("language", language));
    zone.ifPresent(known -> facts.put("zone", known.getId()));
    for (Address address : addresses) {
      facts.put(Segment.CHANNEL + address.channel(), true);
    }
    return facts;
  }

  @Override
  public String toString() {
    return "Recipient[" + id + "]";
  }

  /** Builds a {@link Recipient}; not thread-safe. */
  public static final class Builder {
    private final String id;
    private final List<Address> addresses = new ArrayList<>(2);
    private final Map<String, Object> attributes = new TreeMap<>();
    private Optional<Locale> locale = Optional.empty();
    private Optional<ZoneId> zone = Optional.empty();

    private Builder(String id) {
      this.id = id;
    }

    /** Adds an address; a person may have several on one channel. */
    public Builder address(Address address) {
      addresses.add(Text.present("recipient.addresses", address));
      return this;
    }

    /** Adds an e-mail address. */
    public Builder email(String value) {
      return address(Address.email(value));
    }

    /** Adds a phone number in E.164 form. */
    public Builder sms(String value) {
      return address(Address.sms(value));
    }

    /** Adds a device by its Firebase token. */
    public Builder fcm(String token) {
      return address(Address.fcm(token));
    }

    /** Adds an Apple device by its token. */
    public Builder apns(String token) {
      return address(Address.apns(token));
    }

    /** Adds a browser by its push subscription, in the JSON form. */
    public Builder webPush(String subscription) {
      return address(Address.webPush(subscription));
    }

    /** Sets the language. */
    public Builder locale(Locale value) {
      locale = Optional.of(Text.present("recipient.locale", value));
      return this;
    }

    /** Sets the time zone. */
    public Builder zone(ZoneId value) {
      zone = Optional.of(Text.present("recipient.zone", value));
      return this;
    }

    /** Adds something that templates may say about the person. */
    public Builder attribute(String name, Object value) {
      attributes.put(Text.requireToken("recipient.attributes", name, 128), value);
      return this;
    }

    /** Leaves out an address. */
    public Builder withoutAddress(Address address) {
      addresses.remove(address);
      return this;
    }

    /** Leaves out what templates may say about the person. */
    public Builder withoutAttribute(String name) {
      attributes.remove(name);
      return this;
    }

    /** The recipient. */
    public Recipient build() {
      return new Recipient(id, addresses, locale, zone, attributes);
    }
  }
}
