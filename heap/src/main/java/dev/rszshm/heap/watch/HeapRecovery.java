package dev.rszshm.heap.watch;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A recovery of what dead participants had of the allocator.
 *
 * @param heap the path of the heap
 * @param lanes how many lanes were recovered: each thread that allocates or frees has one
 * @param time how long it took
 */
public record HeapRecovery(Path heap, int lanes, Duration time) {}
