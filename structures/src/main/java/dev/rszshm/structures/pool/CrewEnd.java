package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.TaskQueue;
import java.time.Duration;

/** How the workers of a {@link WorkerCrew} end. */
final class CrewEnd {
  /** How long workers may take to end that have nothing to do any more: their hooks have less. */
  private static final Duration END = Duration.ofSeconds(15);

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  private final WorkerCrew crew;
  private final TaskQueue queue;
  private final Heap heap;
  private final AdoptedWorkers adopted;
  private final CrewReports reports;

  CrewEnd(WorkerCrew crew, TaskQueue queue, AdoptedWorkers adopted, CrewReports reports) {
    this.crew = crew;
    this.queue = queue;
    this.heap = queue.tables().allocator().heap();
    this.adopted = adopted;
    this.reports = reports;
  }

  /** Lets the workers go on without this process. */
  void leave() {
    crew.endWatch(true);
    reports.close();
  }

  /**
   * Waits until all workers have ended, which they do when the pool is shut down.
   *
   * @return false if the time is over
   */
  boolean await(Duration timeout) throws InterruptedException {
    long nanos = Math.min(timeout.toMillis(), Integer.MAX_VALUE) * 1_000_000L;
    long start = System.nanoTime();
    while (crew.isAnyThere()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for the end of the workers");
      }
      if (System.nanoTime() - start >= nanos) {
        return false;
      }
      heap.pause(BETWEEN_LOOKS);
    }
    return true;
  }

  /** As {@link #await}, for as long as workers may take, and on an interrupted thread as well. */
  void awaitUninterruptibly() {
    boolean interrupted = Thread.interrupted();
    long start = System.nanoTime();
    while (crew.isAnyThere() && System.nanoTime() - start < END.toNanos()) {
      heap.pause(BETWEEN_LOOKS);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends the workers that are left, at once. */
  void kill() {
    killStarted();
    if (heap.isOpen()) {
      if (!crew.hasLeft()) {
        adopted.kill();
        awaitUninterruptibly();
      }
      queue.recover();
    }
    reports.close();
  }

  /** Ends those that were started here, and leaves those that were adopted. */
  void killStarted() {
    crew.endWatch(false);
    if (!crew.hasLeft()) {
      crew.members().forEach(member -> member.process().close());
    }
  }
}
