/**
 * Locks, conditions, semaphores and the like in shared memory, for the threads of any number of
 * processes. All of them survive their users: whoever dies, however it dies, holds nobody up.
 *
 * <p>Each lives at an offset of a heap, in as many bytes as its {@code LENGTH} or {@code length}
 * says, and zeros are a new one: memory that was never used needs no initialisation. The Java
 * objects are handles, of which a process can have any number for the same place.
 *
 * <p>Threads sleep on futexes, in slices of at most 50 ms: after each of them they look whether
 * they were interrupted, whether the heap was closed, and whether the one they wait for is dead. A
 * sleeping thread holds up neither the garbage collector nor other threads (a virtual thread keeps
 * its carrier). Time-outs run on the monotonic clock.
 */
package dev.rszshm.heap.sync;
