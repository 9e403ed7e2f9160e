/** Threads that wait for words of a heap. */
@NullMarked
package dev.rszshm.heap.internal.wait;

import org.jspecify.annotations.NullMarked;
