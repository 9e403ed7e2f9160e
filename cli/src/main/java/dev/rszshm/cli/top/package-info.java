/** Watching a heap as it changes. */
@NullMarked
package dev.rszshm.cli.top;

import org.jspecify.annotations.NullMarked;
