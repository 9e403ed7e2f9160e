/** Blocks that are allocated into slots, moved and freed exactly once. */
@NullMarked
package dev.rszshm.allocator.internal.reference;

import org.jspecify.annotations.NullMarked;
