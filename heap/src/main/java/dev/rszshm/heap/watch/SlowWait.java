package dev.rszshm.heap.watch;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A wait of a thread of this process, for a lock, a message or anything else in the heap.
 *
 * @param heap the path of the heap
 * @param offset the offset of a word of what it waited for; the command {@code rszshm roots} shows
 *     whose that is
 * @param time how long it took, from the first sleep on
 * @param found whether the thread has got what it waited for; if not, the time was over, or it was
 *     interrupted, or the wait has thrown
 * @param thread the name of the thread
 */
public record SlowWait(Path heap, long offset, Duration time, boolean found, String thread) {}
