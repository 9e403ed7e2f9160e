/**
 * Queues, deques and logs in a shared heap, for any number of processes.
 *
 * <p>{@link dev.rszshm.structures.queue.SharedQueue} is a {@link
 * java.util.concurrent.BlockingQueue}, whose protocol is described in {@code Head} and {@code
 * Tail}; {@link dev.rszshm.structures.queue.SharedDeque} a {@link
 * java.util.concurrent.BlockingDeque}, see {@code DequeChain}; {@link
 * dev.rszshm.structures.queue.RingLog} keeps the last entries, see {@code LogRing} and {@code
 * LogWriters}.
 */
@NullMarked
package dev.rszshm.structures.queue;

import org.jspecify.annotations.NullMarked;
