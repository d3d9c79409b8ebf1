package dev.notify.model;

/**
 * The queue a delivery waits in: one for each channel and priority, so that neither a slow channel
 * nor a flood of unimportant messages holds up the others.
 *
 * @param channel the channel
 * @param priority the priority
 * @since 0.1
 */
public record Lane(Channel channel, Priority priority) {}
