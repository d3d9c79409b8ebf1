package dev.notify.model;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an application asks for: tell this person this, on these channels. Immutable; built with
 * {@link #to(String)}, {@link #to(Recipient)} or {@link #to(Address)}.
 *
 * <pre>{@code
 * Notification.to("user-42")
 *     .category("order_updates")
 *     .template("order-shipped", Map.of("orderId", 1017))
 *     .channels(EMAIL, SMS)
 *     .idempotencyKey("order-1017-shipped")
 *     .build();
 * }</pre>
 *
 * @since 0.1
 */
public final class Notification {

  // Ten years: more is a slip of a unit, and would leave the calendar when added to a due time.
  private static final Duration LONGEST_LIFE = Duration.ofDays(3_660);

  private final String recipientId;
  private final Optional<Recipient> recipient;
  private final String category;
  private final Priority priority;
  private final Optional<TemplateRef> template;
  private final Optional<Content> content;
  private final Extras extras;
  private final Routing routing;
  private final Optional<String> idempotencyKey;
  private final Optional<Subject> about;
  private final boolean replacesPending;
  private final Schedule schedule;
  private final Optional<Duration> timeToLive;
  private final Optional<String> actor;
  private final Optional<String> digestKey;
  private final Map<String, String> metadata;
  private final Optional<String> experiment;
  private final Optional<String> variant;

  private Notification(Builder builder) {
    recipientId = builder.recipientId;
    recipient = builder.recipient;
    category = builder.category;
    priority = builder.priority;
    template = builder.template;
    content = builder.inlineContent().map(words -> words.with(builder.extras));
    extras = content.isPresent() ? Extras.NONE : builder.extras;
    routing = builder.routingOrDefault();
    idempotencyKey = builder.idempotencyKey;
    about = builder.about;
    replacesPending = builder.replacesPending;
    schedule = builder.schedule;
    timeToLive = builder.timeToLive;
    actor = builder.actor;
    digestKey = builder.digestKey;
    metadata = Map.copyOf(builder.metadata);
    experiment = builder.experiment;
    variant = builder.variant;
    if (template.isPresent() == content.isPresent()) {
      throw new InvalidNotificationException(
          "template",
          template.isPresent()
              ? "give a template or a content, not both"
              : "give a template or a content");
    }
    if (replacesPending && about.isEmpty()) {
      throw new InvalidNotificationException(
          "about", "replacing pending notifications needs a subject");
    }
  }

  /** A notification for a person whom the dispatcher's {@code RecipientDirectory} knows. */
  public static Builder to(String recipientId) {
    return new Builder(Text.requireToken("recipient", recipientId, 255), Optional.empty());
  }

  /** A notification for a person given here. */
  public static Builder to(Recipient recipient) {
    Recipient person = Text.present("recipient", recipient);
    return new Builder(person.id(), Optional.of(person));
  }

  /**
   * A notification for a bare address, on its channel. The person's id, which logs may show, is
   * made from a hash of the address.
   */
  public static Builder to(Address address) {
    Text.present("address", address);
    String id =
        "address-" + Fingerprint.ofText(address.channel() + ":" + address.value()).substring(0, 16);
    Recipient person = Recipient.builder(id).address(address).build();
    return new Builder(id, Optional.of(person)).channels(address.channel());
  }

  /** The person's id. */
  public String recipientId() {
    return recipientId;
  }

  /** The person, where the application gave them with the notification. */
  public Optional<Recipient> recipient() {
    return recipient;
  }

  /** Name of the category. */
  public String category() {
    return category;
  }

  /** How urgent it is. */
  public Priority priority() {
    return priority;
  }

  /** The template; exactly one of template and content is present. */
  public Optional<TemplateRef> template() {
    return template;
  }

  /** The content; exactly one of template and content is present. */
  public Optional<Content> content() {
    return content;
  }

  /** What goes with the words of its template; a content has its own. */
  public Extras extras() {
    return extras;
  }

  /** Which channels it takes. */
  public Routing routing() {
    return routing;
  }

  /** Makes a repeated send of the same notification harmless. */
  public Optional<String> idempotencyKey() {
    return idempotencyKey;
  }

  /** The thing it is about. */
  public Optional<Subject> about() {
    return about;
  }

  /** Whether it takes the place of what is pending for the same person and subject. */
  public boolean replacesPending() {
    return replacesPending;
  }

  /** When it is due. */
  public Schedule schedule() {
    return schedule;
  }

  /** How long after it is due it is still of use; the dispatcher's default where absent. */
  public Optional<Duration> timeToLive() {
    return timeToLive;
  }

  /** Who caused the event; this person is not told of it. */
  public Optional<String> actor() {
    return actor;
  }

  /** What it is collected by, where its category is digested; absent stands for all there is. */
  public Optional<String> digestKey() {
    return digestKey;
  }

  /** The application's own notes; not shown to the recipient. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /** The experiment it takes part in. */
  public Optional<String> experiment() {
    return experiment;
  }

  /** The experiment and the variant that the person got; decided when it is accepted. */
  public Optional<Assignment> assignment() {
    return variant.isPresent()
        ? Optional.of(new Assignment(experiment.orElseThrow(), variant.get()))
        : Optional.empty();
  }

  /** The name that templates, variants and reports know it by: its template, else its category. */
  public String kind() {
    return template.map(ref -> ref.name().replaceFirst("@.*", "")).orElse(category);
  }

  /**
   * A digest of everything that makes it what it is; equal for equal notifications, in any process.
   */
  public String fingerprint() {
    return Fingerprint.of(this);
  }

  /** Starts a changed copy. */
  public Builder toBuilder() {
    return new Builder(this, recipientId, recipient);
  }

  /**
   * The same notification for someone else; an idempotency key gets the person's id added.
   *
   * @throws InvalidNotificationException if the key gets longer than a key may be by that
   */
  public Notification forRecipient(String otherRecipientId) {
    Builder copy =
        new Builder(this, Text.requireToken("recipient", otherRecipientId, 255), Optional.empty());
    copy.variant = Optional.empty();
    idempotencyKey.ifPresent(key -> copy.idempotencyKey(key + "/" + otherRecipientId));
    return copy.build();
  }

  @Override
  public String toString() {
    return "Notification[to " + recipientId + ", " + kind() + ", " + routing.channels() + "]";
  }

  /** Builds a {@link Notification}; not thread-safe. */
  public static final class Builder {
    private String recipientId;
    private Optional<Recipient> recipient;
    private String category = Category.GENERAL.name();
    private Priority priority = Priority.NORMAL;
    private Optional<TemplateRef> template = Optional.empty();
    private Content.Builder parts = Content.builder();
    private boolean contentIsInherited;
    private Optional<Content> content = Optional.empty();
    private Extras extras = Extras.NONE;
    private @Nullable Routing routing;
    private Optional<String> idempotencyKey = Optional.empty();
    private Optional<Subject> about = Optional.empty();
    private boolean replacesPending;
    private Schedule schedule = Schedule.NOW;
    private Optional<Duration> timeToLive = Optional.empty();
    private Optional<String> actor = Optional.empty();
    private Optional<String> digestKey = Optional.empty();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private Optional<String> experiment = Optional.empty();
    private Optional<String> variant = Optional.empty();

    private Builder(String recipientId, Optional<Recipient> recipient) {
      this.recipientId = recipientId;
      this.recipient = recipient;
    }

    private Builder(Notification source, String recipientId, Optional<Recipient> recipient) {
      this(recipientId, recipient);
      category = source.category;
      priority = source.priority;
      template = source.template;
      content = source.content;
      contentIsInherited = content.isPresent();
      extras = source.extras;
      routing = source.routing;
      idempotencyKey = source.idempotencyKey;
      about = source.about;
      replacesPending = source.replacesPending;
      schedule = source.schedule;
      timeToLive = source.timeToLive;
      actor = source.actor;
      digestKey = source.digestKey;
      metadata.putAll(source.metadata);
      experiment = source.experiment;
      variant = source.variant;
    }

    /** Gives the person with it, instead of one the directory knows. */
    public Builder recipient(Recipient value) {
      recipient = Optional.of(Text.present("recipient", value));
      recipientId = value.id();
      return this;
    }

    /**
     * Lets it take part in an experiment, by the name that this has in {@code
     * dispatcher.experiments()}: which variant the person gets is decided when it is accepted.
     */
    public Builder experiment(String name) {
      experiment = Optional.of(Assignment.requireName("experiment", name));
      variant = Optional.empty();
      return this;
    }

    /**
     * Gives it a variant of an experiment, instead of leaving that to the dispatcher, which then
     * takes the notification as it is: for stores, which read what was decided.
     */
    public Builder assignment(Assignment decided) {
      experiment = Optional.of(Text.present("assignment", decided).experiment());
      variant = Optional.of(decided.variant());
      return this;
    }

    /** Sets the category, as declared on the dispatcher. */
    public Builder category(String value) {
      category = Text.requireToken("category", value, 64);
      return this;
    }

    /** Sets how urgent it is. */
    public Builder priority(Priority value) {
      priority = Text.present("priority", value);
      return this;
    }

    /** Says it with a template; variables are copied as plain data. */
    public Builder template(String name, Map<String, ?> variables) {
      template = Optional.of(new TemplateRef(name, plain(variables)));
      content = Optional.empty();
      contentIsInherited = false;
      return this;
    }

    /** Says it with a template without variables. */
    public Builder template(String name) {
      return template(name, Map.of());
    }

    /** Says it with ready content. */
    public Builder content(Content value) {
      content = Optional.of(Text.present("content", value));
      contentIsInherited = false;
      template = Optional.empty();
      return this;
    }

    /** Sets the subject line or title of its content. */
    public Builder title(String value) {
      parts().title(value);
      return this;
    }

    /** Sets the plain text of its content. */
    public Builder body(String value) {
      parts().body(value);
      return this;
    }

    /** Adds values for the receiving application, files, and what only one channel has. */
    public Builder extras(Extras value) {
      extras = extras.and(Text.present("extras", value));
      return this;
    }

    /** Adds a file, for e-mail. */
    public Builder attach(Attachment file) {
      return extras(
          new Extras(
              Map.of(),
              List.of(Text.present("attachments", file)),
              PushOptions.NONE,
              EmailOptions.NONE));
    }

    /** Sets what only push messages have. */
    public Builder push(PushOptions value) {
      return extras(
          new Extras(Map.of(), List.of(), Text.present("push", value), EmailOptions.NONE));
    }

    /** Sets what only e-mails have. */
    public Builder email(EmailOptions value) {
      return extras(
          new Extras(Map.of(), List.of(), PushOptions.NONE, Text.present("email", value)));
    }

    /** Takes all of these channels. */
    public Builder channels(Channel... channels) {
      return routing(Routing.all(channels));
    }

    /** Takes channels in this manner. */
    public Builder routing(Routing value) {
      routing = Text.present("routing", value);
      return this;
    }

    /** Makes a repeated send harmless within the dispatcher's window (a day unless set). */
    public Builder idempotencyKey(String value) {
      idempotencyKey = Optional.of(Text.requireToken("idempotencyKey", value, 512));
      return this;
    }

    /** Leaves out the idempotency key. */
    public Builder withoutIdempotencyKey() {
      idempotencyKey = Optional.empty();
      return this;
    }

    /** Binds it to a thing in the application. */
    public Builder about(String type, String id) {
      about = Optional.of(new Subject(type, id));
      return this;
    }

    /** Takes the place of what was sent earlier for the same person and subject and is pending. */
    public Builder replacePending() {
      replacesPending = true;
      return this;
    }

    /**
     * Makes it due at a moment; one that has passed means at once, one more than 400 days ahead is
     * refused by {@code send}.
     */
    public Builder at(Instant moment) {
      schedule = new Schedule.At(moment);
      return this;
    }

    /**
     * Makes it due at a wall-clock time in the recipient's zone; one that has passed there means at
     * once, one more than 400 days ahead is refused by {@code send}.
     */
    public Builder atLocalTime(LocalDateTime time) {
      schedule = new Schedule.AtLocal(time);
      return this;
    }

    /** Makes it due at once, as it is unless set otherwise. */
    public Builder now() {
      schedule = Schedule.NOW;
      return this;
    }

    /** Never sends it later than this after it is due; at most 3,660 days. */
    public Builder expiresIn(Duration value) {
      Text.present("expiresIn", value);
      if (value.isNegative() || value.isZero()) {
        throw new InvalidNotificationException("expiresIn", value + " is not positive");
      }
      if (value.compareTo(LONGEST_LIFE) > 0) {
        throw new InvalidNotificationException(
            "expiresIn", value + " is more than " + LONGEST_LIFE.toDays() + " days");
      }
      timeToLive = Optional.of(value);
      return this;
    }

    /** Leaves out the person who caused the event. */
    public Builder actor(String personId) {
      actor = Optional.of(Text.requireToken("actor", personId, 255));
      return this;
    }

    /**
     * Sets what it is collected by, a thread for example, where its category is {@linkplain
     * Category#digested digested}: each key has a digest of its own.
     */
    public Builder digestKey(String value) {
      digestKey = Optional.of(Text.requireToken("digestKey", value, 255));
      return this;
    }

    /** Adds a note of the application's own. */
    public Builder metadata(String key, String value) {
      metadata.put(
          Text.requireToken("metadata", key, 64), Text.requireLine("metadata." + key, value, 1024));
      return this;
    }

    @SuppressWarnings("unchecked") // read only, and copied by TemplateRef
    private static Map<String, Object> plain(Map<String, ?> variables) {
      return (Map<String, Object>) variables;
    }

    /** A copy's content is there to be changed; content that was given here is not. */
    private Content.Builder parts() {
      if (contentIsInherited) {
        parts = content.orElseThrow().toBuilder();
        content = Optional.empty();
        contentIsInherited = false;
      }
      return parts;
    }

    private Optional<Content> inlineContent() {
      if (parts.isUntouched()) {
        return content;
      }
      if (content.isPresent()) {
        throw new InvalidNotificationException(
            "content", "give a content, or a title and body, not both");
      }
      return Optional.of(parts.build());
    }

    private Routing routingOrDefault() {
      if (routing == null) {
        throw new InvalidNotificationException("channels", "name at least one");
      }
      return routing;
    }

    /**
     * The notification.
     *
     * @throws InvalidNotificationException naming the field that is wrong
     */
    public Notification build() {
      return new Notification(this);
    }
  }

  /** Everything that {@link Fingerprint} takes into account, in a fixed order. */
  List<Object> parts() {
    List<Object> parts = new ArrayList<>(alwaysParts());
    // Only where there is one: fingerprints that were stored before it came stay true.
    digestKey.ifPresent(parts::add);
    experiment.ifPresent(name -> parts.add(List.of(name, variant.orElse(""))));
    return parts;
  }

  private List<Object> alwaysParts() {
    return List.of(
        recipientId,
        recipient.map(Recipient::addresses).orElse(List.of()).stream().map(Address::value).toList(),
        category,
        priority,
        template.<Object>map(ref -> List.of(ref.name(), ref.variables())).orElse(""),
        content.<Object>map(Notification::contentParts).orElse(""),
        extraParts(extras),
        routing.toString(),
        about.map(Subject::toString).orElse(""),
        replacesPending,
        schedule.toString(),
        timeToLive.map(Duration::toString).orElse(""),
        actor.orElse(""),
        metadata);
  }

  private static List<Object> contentParts(Content content) {
    return List.of(
        content.title().orElse(""),
        content.body().orElse(""),
        content.html().orElse(""),
        content.image().orElse(""),
        content.link().orElse(""),
        extraParts(content.extras()));
  }

  private static List<Object> extraParts(Extras extras) {
    EmailOptions email = extras.email();
    return List.of(
        extras.data(),
        extras.attachments().stream()
            .map(
                file ->
                    List.of(
                        file.fileName(),
                        file.contentType(),
                        file.bytes(),
                        file.contentId().orElse("")))
            .toList(),
        extras.push().toString(),
        email.replyTo().map(Address::value).orElse(""),
        email.cc().stream().map(Address::value).toList(),
        email.bcc().stream().map(Address::value).toList(),
        email.headers(),
        email.tags(),
        email.unsubscribe().map(Object::toString).orElse(""));
  }
}
