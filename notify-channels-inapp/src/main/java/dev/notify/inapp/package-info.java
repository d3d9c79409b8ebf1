/**
 * The in-app channel. A rendered message comes in and stands in its reader's inbox; the application
 * lists it and says that it was seen, read or archived, and those signs go back to the dispatcher.
 * Open streams are told of every change. How an inbox looks on a screen, and who somebody is, does
 * not belong here.
 */
@NullMarked
package dev.notify.inapp;

import org.jspecify.annotations.NullMarked;
