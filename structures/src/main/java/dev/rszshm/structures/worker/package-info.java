/**
 * Starts JVMs that work beside this one, with its class path, and tells how each ended.
 *
 * <p>{@link dev.rszshm.structures.worker.WorkerSpec} says what a worker runs and how, {@link
 * dev.rszshm.structures.worker.WorkerLauncher} starts it, {@link
 * dev.rszshm.structures.worker.WorkerProcess} is the starter's handle on it. What they have to say
 * to each other goes through a heap.
 */
@NullMarked
package dev.rszshm.structures.worker;

import org.jspecify.annotations.NullMarked;
