/** What is made of the counts of deliveries: funnels, and the report of a day. */
@NullMarked
package dev.notify.analytics;

import org.jspecify.annotations.NullMarked;
