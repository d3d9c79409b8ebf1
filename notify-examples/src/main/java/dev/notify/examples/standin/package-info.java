/**
 * A mail server, Twilio and Firebase Cloud Messaging on free ports of this machine, so that the
 * examples need neither accounts nor a network. They speak the real wire forms, keep what they are
 * sent, and fail where the audience file asks them to. Not needed where the real ones are used.
 */
@NullMarked
package dev.notify.examples.standin;

import org.jspecify.annotations.NullMarked;
