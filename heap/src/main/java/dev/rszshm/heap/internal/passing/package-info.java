/** Heaps that are passed to other processes as descriptors. */
@NullMarked
package dev.rszshm.heap.internal.passing;

import org.jspecify.annotations.NullMarked;
