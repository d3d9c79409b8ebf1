/**
 * A REST server around a dispatcher, to read, to run and to take apart. A request comes in at
 * {@link dev.notify.examples.server.Pipeline}, which asks who calls and what they may; one class
 * for each resource turns JSON into calls of the library and back; every fault goes out as a {@link
 * dev.notify.examples.server.Problem}. Nothing here decides about a notification: the library does.
 */
@NullMarked
package dev.notify.examples.server;

import org.jspecify.annotations.NullMarked;
