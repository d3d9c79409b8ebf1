package dev.notify.model;

/**
 * One change of what a person has chosen. The changes of a person follow each other without a gap:
 * what one leads to is what the next one finds.
 *
 * @param origin who made it, from where, and when
 * @param before what was chosen before it
 * @param after what was chosen from then on
 * @since 0.1
 */
public record PreferenceChange(Origin origin, Preferences before, Preferences after) {}
