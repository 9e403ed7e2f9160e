/**
 * A resizable heap at a fixed address, shared by any number of processes.
 *
 * <p>Priorities, in this order: nothing is lost or corrupted, whatever dies; the fast path costs
 * what C costs; an error is an exception that says what to do, and never a crash; small and
 * readable; plain Java conventions.
 *
 * <p>{@link dev.rszshm.heap.Heap} is the way in.
 */
@NullMarked
package dev.rszshm.heap;

import org.jspecify.annotations.NullMarked;
