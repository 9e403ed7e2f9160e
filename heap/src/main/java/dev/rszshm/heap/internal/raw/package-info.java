/** Access to the memory of a heap without checks, for the other modules. */
@NullMarked
package dev.rszshm.heap.internal.raw;

import org.jspecify.annotations.NullMarked;
