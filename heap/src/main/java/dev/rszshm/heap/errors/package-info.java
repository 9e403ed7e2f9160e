/** One exception type for each thing that can go wrong with a heap. */
@NullMarked
package dev.rszshm.heap.errors;

import org.jspecify.annotations.NullMarked;
