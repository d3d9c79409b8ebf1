/**
 * Charts for pages, written as SVG: bars and lines, for light and dark, with a title and a
 * description for those who do not see them. No scripts, no fonts of their own. Numbers come in,
 * text goes out; where it is kept is the caller's business.
 */
@NullMarked
package dev.notify.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
