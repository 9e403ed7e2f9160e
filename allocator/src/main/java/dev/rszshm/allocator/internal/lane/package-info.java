/** The place of a thread, and the blocks it allocates and frees. */
@NullMarked
package dev.rszshm.allocator.internal.lane;

import org.jspecify.annotations.NullMarked;
