/**
 * Counters by key in a shared heap, for any number of processes: {@link
 * dev.rszshm.structures.counters.CounterMap}.
 */
package dev.rszshm.structures.counters;
