package dev.notify.email;

import java.time.Duration;

/**
 * How connections are shared.
 *
 * @param connections at most so many at once
 * @param messagesPerConnection at most so many messages over one
 * @param idle closed after so long without a message
 * @param age closed when that old
 * @param borrow how long a message waits for a free one
 */
record PoolLimits(
    int connections, int messagesPerConnection, Duration idle, Duration age, Duration borrow) {}
