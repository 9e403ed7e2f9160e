/**
 * Locks, conditions, semaphores and the like in shared memory, for the threads of any number of
 * processes. All of them survive their users: whoever dies, however it dies, holds nobody up.
 *
 * <p>Each lives at an offset of a heap, in as many bytes as its {@code LENGTH} or {@code length}
 * says, and zeros are a new one: memory that was never used needs no initialisation. The Java
 * objects are handles, of which a process can have any number for the same place.
 *
 * <p>Threads sleep on futexes, in slices of 50 ms at first; when nothing happens for long, one
 * thread of the process looks every 50 ms for all that wait whether they were interrupted, the heap
 * was closed or a participant has gone. Whether the one they wait for is dead they ask every 50 ms
 * on the clock, however often they are woken meanwhile, and at once when one has gone. A sleeping
 * thread holds up neither the garbage collector nor other threads. A virtual thread parks, and
 * gives its carrier away. Time-outs run on the monotonic clock.
 */
@NullMarked
package dev.rszshm.sync;

import org.jspecify.annotations.NullMarked;
