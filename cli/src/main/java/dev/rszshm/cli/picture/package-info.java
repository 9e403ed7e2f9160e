/** Pictures of what is where in a heap. */
@NullMarked
package dev.rszshm.cli.picture;

import org.jspecify.annotations.NullMarked;
