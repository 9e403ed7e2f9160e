package dev.rszshm.heap.watch;

import java.nio.file.Path;
import java.time.Duration;

/**
 * An allocation of this process that had to make room first.
 *
 * @param heap the path of the heap
 * @param length the length of the block in bytes
 * @param time how long it took
 * @param allocated whether there was room at last
 * @param thread the name of the thread
 */
public record SlowAllocation(
    Path heap, long length, Duration time, boolean allocated, String thread) {}
