package dev.rszshm.heap.watch;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A growth of a heap by this process.
 *
 * @param heap the path of the heap
 * @param from the length in bytes before
 * @param to the length in bytes since then
 * @param time how long it took, the wait for other growers included
 */
public record HeapGrowth(Path heap, long from, long to, Duration time) {}
