/**
 * Queues, deques and logs in a shared heap, for any number of processes.
 *
 * <p>{@link dev.rszshm.structures.queue.SharedQueue} is a {@link
 * java.util.concurrent.BlockingQueue}. Its protocol is described in {@code Head} and {@code Tail}.
 */
package dev.rszshm.structures.queue;
