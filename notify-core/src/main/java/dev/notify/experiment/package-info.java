/**
 * Who gets which variant of an experiment, and what the counts mean. In come an experiment, a
 * person's id and counts; out come a variant and a judgement. Nothing is kept here.
 */
@NullMarked
package dev.notify.experiment;

import org.jspecify.annotations.NullMarked;
