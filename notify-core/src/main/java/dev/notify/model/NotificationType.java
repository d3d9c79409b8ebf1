package dev.notify.model;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A notification that an application sends often: a record for its data beside a small policy, so
 * that a call site is one line and adding a channel changes no call site. The template has the
 * type's name; its placeholders are checked against the record's components when the dispatcher is
 * built.
 *
 * <pre>{@code
 * record OrderShipped(long orderId, String trackingUrl) {}
 * static final NotificationType<OrderShipped> ORDER_SHIPPED =
 *     NotificationType.of("order-shipped", OrderShipped.class)
 *         .category("order_updates")
 *         .routing(Routing.escalate(PUSH).then(SMS, Duration.ofMinutes(30)))
 *         .key(order -> "shipped-" + order.orderId())
 *         .build();
 * }</pre>
 *
 * @param <T> the record
 * @since 0.1
 */
public final class NotificationType<T extends Record> {

  private final String name;
  private final Class<T> data;
  private final Routing routing;
  private final String category;
  private final UnaryOperator<Notification.Builder> settings;
  private final Function<? super T, String> key;

  private final Function<? super T, String> digestKey;

  private NotificationType(Builder<T> builder, Routing routing) {
    name = builder.name;
    data = builder.data;
    settings = builder.settings;
    key = builder.key;
    digestKey = builder.digestKey;
    category = builder.category;
    this.routing = routing;
  }

  /** Starts a type whose template has this name. */
  public static <T extends Record> Builder<T> of(String name, Class<T> data) {
    return new Builder<>(TemplateRef.requireName(name), data);
  }

  /** Name of the type and of its template. */
  public String name() {
    return name;
  }

  /** The channels it may take. */
  public Routing routing() {
    return routing;
  }

  /** Name of its category. */
  public String category() {
    return category;
  }

  /** Names of the variables that its data provides. */
  public Set<String> variables() {
    return Arrays.stream(data.getRecordComponents())
        .map(RecordComponent::getName)
        .collect(Collectors.toSet());
  }

  /** The notification of this type for one person. */
  public Notification notification(String recipientId, T values) {
    return complete(Notification.to(recipientId), recipientId, values);
  }

  /** The notification of this type for one person given here. */
  public Notification notification(Recipient recipient, T values) {
    return complete(Notification.to(recipient), recipient.id(), values);
  }

  private Notification complete(Notification.Builder start, String recipientId, T values) {
    Notification.Builder builder =
        settings
            .apply(start)
            .template(name, Variables.ofRecord("variables", values))
            .routing(routing);
    String thread = digestKey.apply(values);
    if (!thread.isEmpty()) {
      builder.digestKey(thread);
    }
    String ownKey = key.apply(values);
    return (ownKey.isEmpty()
            ? builder
            : builder.idempotencyKey(name + "/" + ownKey + "/" + recipientId))
        .build();
  }

  @Override
  public String toString() {
    return "NotificationType[" + name + "]";
  }

  /**
   * Builds a {@link NotificationType}; not thread-safe.
   *
   * @param <T> the record
   */
  public static final class Builder<T extends Record> {
    private final String name;
    private final Class<T> data;
    private UnaryOperator<Notification.Builder> settings = builder -> builder;
    private Function<? super T, String> key = values -> "";
    private Function<? super T, String> digestKey = values -> "";
    private String category = Category.GENERAL.name();
    private @Nullable Routing routing;

    private Builder(String name, Class<T> data) {
      this.name = name;
      this.data = Text.present("data", data);
    }

    /** Sets the category. */
    public Builder<T> category(String value) {
      category = Text.requireToken("category", value, 64);
      return with(builder -> builder.category(value));
    }

    /** Lets it take part in an experiment. */
    public Builder<T> experiment(String name) {
      return with(builder -> builder.experiment(name));
    }

    /** Sets how urgent it is. */
    public Builder<T> priority(Priority value) {
      return with(builder -> builder.priority(value));
    }

    /** Takes all of these channels. */
    public Builder<T> channels(Channel... channels) {
      return routing(Routing.all(channels));
    }

    /** Takes channels in this manner. */
    public Builder<T> routing(Routing value) {
      routing = value;
      return this;
    }

    /** Never sends it later than this after it is due. */
    public Builder<T> expiresIn(Duration value) {
      return with(builder -> builder.expiresIn(value));
    }

    /** Makes the idempotency key from the data; the type's name and the person's id are added. */
    public Builder<T> key(Function<? super T, String> value) {
      key = value;
      return this;
    }

    /** Makes the {@linkplain Notification#digestKey() key of its digest} from the data. */
    public Builder<T> digestKey(Function<? super T, String> value) {
      digestKey = value;
      return this;
    }

    private Builder<T> with(UnaryOperator<Notification.Builder> more) {
      UnaryOperator<Notification.Builder> before = settings;
      settings = builder -> more.apply(before.apply(builder));
      return this;
    }

    /** The type. */
    public NotificationType<T> build() {
      if (routing == null) {
        throw new InvalidNotificationException(
            "channels", "type '" + name + "' must name at least one");
      }
      return new NotificationType<>(this, routing);
    }
  }
}
