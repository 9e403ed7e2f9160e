/**
 * Work that other JVMs do, through the heap: a pool of worker processes, the tasks that they run,
 * and what is left of both when processes die.
 *
 * @see dev.rszshm.structures.pool.WorkerPool
 */
@NullMarked
package dev.rszshm.structures.pool;

import org.jspecify.annotations.NullMarked;
