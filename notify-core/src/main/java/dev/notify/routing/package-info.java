/**
 * Which way a notification takes: the providers of each channel and their order, the deliveries
 * that follow from what policies allow, and whether real messages may leave at all.
 */
@NullMarked
package dev.notify.routing;

import org.jspecify.annotations.NullMarked;
