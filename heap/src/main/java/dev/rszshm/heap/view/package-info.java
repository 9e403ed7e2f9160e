/** Counters, arrays and channels over parts of a heap. */
@NullMarked
package dev.rszshm.heap.view;

import org.jspecify.annotations.NullMarked;
