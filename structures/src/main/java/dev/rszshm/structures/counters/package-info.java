/**
 * Counters by key in a shared heap, for any number of processes: {@link
 * dev.rszshm.structures.counters.CounterMap}.
 */
@NullMarked
package dev.rszshm.structures.counters;

import org.jspecify.annotations.NullMarked;
