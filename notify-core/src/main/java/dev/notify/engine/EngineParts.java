package dev.notify.engine;

import dev.notify.model.Channel;
import dev.notify.policy.Categories;
import dev.notify.routing.OutboundMode;
import dev.notify.routing.People;
import dev.notify.routing.ProviderChains;
import dev.notify.spi.ChainOrder;
import dev.notify.spi.DeliveryPolicy;
import dev.notify.spi.EngineClock;
import dev.notify.spi.MetricsListener;
import dev.notify.spi.NotificationStore;
import dev.notify.spi.Pricing;
import dev.notify.spi.RateLimiter;
import dev.notify.template.Templates;
import dev.notify.tracking.EventPublisher;
import dev.notify.tracking.MailLinks;
import dev.notify.tracking.Outcomes;
import dev.notify.tracking.Tracker;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What the engine works with; the dispatcher's builder puts it together.
 *
 * @param store where deliveries are kept
 * @param chains the providers
 * @param orders in which the providers of a channel are asked, where it is not the usual one
 * @param prices what messages cost
 * @param people who notifications are for
 * @param categories the declared categories
 * @param policies asked again just before delivery
 * @param templates render what is not ready content
 * @param links put into mails, if the application serves any
 * @param mode whether real messages leave
 * @param limiter counts providers' rates
 * @param tracker retires dead addresses
 * @param events tells of changes
 * @param outcomes completes futures
 * @param metrics counts and times
 * @param clock time
 * @param executor threads
 * @param random chance
 * @param settings measures
 */
public record EngineParts(
    NotificationStore store,
    ProviderChains chains,
    Map<Channel, ChainOrder> orders,
    Pricing prices,
    People people,
    Categories categories,
    DeliveryPolicy policies,
    Templates templates,
    Optional<MailLinks> links,
    OutboundMode mode,
    RateLimiter limiter,
    Tracker tracker,
    EventPublisher events,
    Outcomes outcomes,
    MetricsListener metrics,
    EngineClock clock,
    Executor executor,
    RandomGenerator random,
    EngineSettings settings) {}
