/**
 * Sorted maps in a shared heap, for any number of processes.
 *
 * <p>{@link dev.rszshm.structures.sorted.SharedSortedMap} is a {@link
 * java.util.concurrent.ConcurrentNavigableMap}, a B+-tree of nodes that are made anew instead of
 * being changed. Its protocol is described in {@code Descent}, {@code TreeChange} and {@code
 * TreeWriter}.
 */
@NullMarked
package dev.rszshm.structures.sorted;

import org.jspecify.annotations.NullMarked;
