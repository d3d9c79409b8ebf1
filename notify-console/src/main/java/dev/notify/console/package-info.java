/**
 * The console: pages on which a developer sees what a dispatcher does, and a sandbox in place of
 * the vendors. In come a dispatcher and requests of HTTP, out go pages. Nothing here sends, decides
 * or keeps notifications; what comes from outside is shown as text and never as markup.
 */
@NullMarked
package dev.notify.console;

import org.jspecify.annotations.NullMarked;
