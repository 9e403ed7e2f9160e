/**
 * Locks, conditions, semaphores and the like in shared memory, for the threads of any number of
 * processes. All of them survive their users: whoever dies, however it dies, holds nobody up.
 *
 * <p>Each lives at an offset of a heap, in as many bytes as its {@code LENGTH} or {@code length}
 * says, and zeros are a new one: memory that was never used needs no initialisation. The Java
 * objects are handles, of which a process can have any number for the same place.
 *
 * <p>Threads sleep on futexes, in slices of at most 50 ms: after each of them they look whether
 * they were interrupted and whether the heap was closed. Whether the one they wait for is dead they
 * ask every 50 ms on the clock, however often they are woken meanwhile. A sleeping thread holds up
 * neither the garbage collector nor other threads. A virtual thread gives its carrier away: it
 * parks, for 10 ms at most, between looks, so it notices a change that much later. Time-outs run on
 * the monotonic clock.
 */
@NullMarked
package dev.rszshm.sync;

import org.jspecify.annotations.NullMarked;
