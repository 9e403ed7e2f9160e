package dev.rszshm.heap.watch;

import dev.rszshm.heap.Heap;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Gets reports of what happens to a heap in this process. The methods do nothing unless they are
 * overridden.
 *
 * <pre>{@code
 * heap.addListener(
 *     new HeapListener() {
 *       @Override
 *       public void ownerDied(OwnerDeath death) {
 *         log.warn("{}", death);
 *       }
 *     });
 * }</pre>
 *
 * <p>Each registered listener has a daemon thread of its own, which calls it, one report after the
 * other, in the order in which they were made. So no lock is held while a listener runs, and
 * nothing waits for it: a listener may take as long as it likes, and may use the heap, close it
 * too. Up to {@value #MAX_PENDING} reports wait for a listener; what comes then is dropped and
 * counted.
 *
 * <p>What a listener throws goes to the {@linkplain Thread#getUncaughtExceptionHandler() uncaught
 * exception handler} of its thread, and the next report is delivered.
 */
public interface HeapListener {
  /** How many reports wait for a listener at most. */
  int MAX_PENDING = 1000;

  /** This process has grown the heap. */
  default void grown(HeapGrowth growth) {}

  /** This process has taken over a lock, a permit or a count whose owner had died. */
  default void ownerDied(OwnerDeath death) {}

  /** This process has recovered what dead participants had of the allocator. */
  default void recovered(HeapRecovery recovery) {}

  /** A thread of this process has slept for something in the heap for long. */
  default void waited(SlowWait wait) {}

  /** An allocation of this process had to recover, trim or grow, and that took long. */
  default void allocatedSlowly(SlowAllocation allocation) {}

  /**
   * The heap has become garbage in this process without being closed, and was closed for that. If
   * no listener is registered, a warning is logged instead.
   */
  default void abandoned(Path heap) {}

  /** Reports were dropped because this listener has not kept up, or memory for them was missing. */
  default void dropped(long reports) {}

  /** The heap is closed in this process. This is the last report. */
  default void closed(Path heap) {}

  /**
   * Returns from how long on a wait is reported. It is asked once, by {@link Heap#addListener}. The
   * default is 100 ms.
   */
  default Duration slowWaitThreshold() {
    return Duration.ofMillis(100);
  }

  /**
   * Returns from how long on an allocation is reported. It is asked once, by {@link
   * Heap#addListener}. The default is 10 ms.
   */
  default Duration slowAllocationThreshold() {
    return Duration.ofMillis(10);
  }
}
