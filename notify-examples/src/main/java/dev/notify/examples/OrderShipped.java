package dev.notify.examples;

/**
 * What the texts of {@code order-shipped} say about an order.
 *
 * @param number the order's number
 * @param item what was ordered, in the buyer's language
 * @param trackingUrl where to follow the parcel
 */
record OrderShipped(long number, String item, String trackingUrl) {}
