package dev.notify.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * All that a store of recipients keeps of a person. Every change makes a new value. {@code
 * toString} shows the id only.
 *
 * @param recipient what the application says of them: addresses but for devices, language, zone,
 *     attributes
 * @param devices their devices, the one seen last first; of more than {@value #MOST_DEVICES} those
 *     seen last
 * @param topics what they follow, and since when
 * @since 0.1
 */
public record RecipientEntry(
    Recipient recipient, List<Device> devices, Map<String, Instant> topics) {

  /** So many addresses a person may have beside devices. */
  public static final int MOST_ADDRESSES = 50;

  /** So many devices of a person are kept. */
  public static final int MOST_DEVICES = 50;

  /** So many attributes a person may have. */
  public static final int MOST_ATTRIBUTES = 100;

  /** So many characters all names and values of a person's attributes may have together. */
  public static final int LONGEST_ATTRIBUTES = 16_384;

  /** So many topics a person may follow. */
  public static final int MOST_TOPICS = 500;

  private static final Pattern TOPIC = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}");

  /** Checks the measures, and takes copies. */
  public RecipientEntry {
    requireNoMore("recipient.addresses", recipient.addresses().size(), MOST_ADDRESSES);
    requireNoMore("recipient.attributes", recipient.attributes().size(), MOST_ATTRIBUTES);
    requireNoMore(
        "recipient.attributes: characters", size(recipient.attributes()), LONGEST_ATTRIBUTES);
    requireNoMore("recipient.topics", topics.size(), MOST_TOPICS);
    if (recipient.isReachableBy(Channel.PUSH)) {
      throw new InvalidNotificationException(
          "recipient.addresses",
          "has a device; devices are registered, so that each belongs to one person only");
    }
    topics.keySet().forEach(RecipientEntry::requireTopic);
    devices = newestFirst(devices);
    topics = Collections.unmodifiableMap(new TreeMap<>(topics));
  }

  private static void requireNoMore(String what, long count, int most) {
    if (count > most) {
      throw new InvalidNotificationException(what, count + " are more than " + most);
    }
  }

  private static long size(Object value) {
    if (value instanceof Map<?, ?> map) {
      long size = 0;
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        size += String.valueOf(entry.getKey()).length() + size(entry.getValue());
      }
      return size;
    }
    if (value instanceof Collection<?> items) {
      long size = 0;
      for (Object item : items) {
        size += size(item);
      }
      return size;
    }
    // The text of a number like 1e1000000 is one character for each of its digits, but for this.
    return value instanceof String text ? text.length() : 16;
  }

  /** The name of a topic, if it is one. */
  static String requireTopic(String topic) {
    if (!TOPIC.matcher(Text.present("topic", topic)).matches()) {
      throw new InvalidNotificationException(
          "topic",
          "'"
              + Text.shown(topic)
              + "' is no name; use at most 100 letters, digits and the characters . _ : / -");
    }
    return topic;
  }

  private static List<Device> newestFirst(List<Device> devices) {
    Map<String, Device> byToken = new LinkedHashMap<>();
    for (Device device : devices) {
      byToken.merge(device.address().value(), device, Device::seenAgain);
    }
    return byToken.values().stream()
        .sorted(Comparator.comparing(Device::seenAt).reversed())
        .limit(MOST_DEVICES)
        .toList();
  }

  /** A person of whom only the id is known. */
  public static RecipientEntry of(String id) {
    return new RecipientEntry(Recipient.builder(id).build(), List.of(), Map.of());
  }

  /** The person's id. */
  public String id() {
    return recipient.id();
  }

  /** The person as a notification meets them: with their devices among the addresses. */
  public Recipient reachable() {
    if (devices.isEmpty()) {
      return recipient;
    }
    List<Address> all = new ArrayList<>(recipient.addresses());
    devices.forEach(device -> all.add(device.address()));
    return new Recipient(
        recipient.id(), all, recipient.locale(), recipient.zone(), recipient.attributes());
  }

  /** The device with this token, if it is one of the person's. */
  public Optional<Device> device(Address token) {
    return devices.stream().filter(device -> device.has(token)).findFirst();
  }

  /** Whether a device that somebody else shows, too, is this person's: who showed it later. */
  public boolean isTheirsRather(Device shownByAnother) {
    return device(shownByAnother.address())
        .filter(own -> own.seenAt().isAfter(shownByAnother.seenAt()))
        .isPresent();
  }

  /** Another entry of the same person. */
  public RecipientEntry with(RecipientEntry other) {
    if (!other.id().equals(id())) {
      throw new InvalidNotificationException("recipient", "is another person than " + id());
    }
    return other;
  }

  /** With something else said of the person; devices and topics stay. */
  public RecipientEntry with(Recipient other) {
    if (!other.id().equals(id())) {
      throw new InvalidNotificationException("recipient", "is another person than " + id());
    }
    return new RecipientEntry(other, devices, topics);
  }

  /** With a device, or with one that was seen again. */
  public RecipientEntry with(Device device) {
    List<Device> more = new ArrayList<>(devices);
    more.add(device);
    return new RecipientEntry(recipient, more, topics);
  }

  /** Without the device of this token. */
  public RecipientEntry without(Address token) {
    return keeping(device -> !device.has(token));
  }

  /** Without devices that were last seen before this moment. */
  public RecipientEntry withoutDevicesUnseenSince(Instant moment) {
    return keeping(device -> !device.seenAt().isBefore(moment));
  }

  private RecipientEntry keeping(Predicate<Device> which) {
    List<Device> left = devices.stream().filter(which).toList();
    return left.size() == devices.size() ? this : new RecipientEntry(recipient, left, topics);
  }

  /** Following a topic; who does already, does so since then. */
  public RecipientEntry following(String topic, Instant since) {
    if (topics.containsKey(topic)) {
      return this;
    }
    Map<String, Instant> more = new HashMap<>(topics);
    more.put(topic, Text.present("topic.since", since));
    return new RecipientEntry(recipient, devices, more);
  }

  /** Not following a topic any more. */
  public RecipientEntry notFollowing(String topic) {
    if (!topics.containsKey(topic)) {
      return this;
    }
    Map<String, Instant> fewer = new HashMap<>(topics);
    fewer.remove(topic);
    return new RecipientEntry(recipient, devices, fewer);
  }

  /** What a {@link Segment} can ask of the person, by name. */
  public Map<String, Object> facts() {
    Map<String, Object> facts = recipient.facts();
    if (!devices.isEmpty()) {
      facts.put(Segment.CHANNEL + Channel.PUSH, true);
    }
    topics.keySet().forEach(topic -> facts.put(Segment.TOPIC + topic, true));
    return facts;
  }

  @Override
  public String toString() {
    return "RecipientEntry[" + id() + "]";
  }
}
