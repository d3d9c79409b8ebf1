/**
 * The in-app channel. A rendered message comes in and stands in its reader's inbox, where the
 * application lists it and says that it was seen, read or archived; those signs go back to the
 * dispatcher. How an inbox looks on a screen does not belong here.
 */
@NullMarked
package dev.notify.inapp;

import org.jspecify.annotations.NullMarked;
