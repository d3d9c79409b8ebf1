package dev.notify.model;

import java.time.Duration;
import java.time.Instant;

/**
 * One call of a provider for one delivery.
 *
 * @param provider name of the provider
 * @param startedAt when the call began
 * @param duration how long it took
 * @param outcome what the provider answered
 * @since 0.1
 */
public record Attempt(String provider, Instant startedAt, Duration duration, Outcome outcome) {}
