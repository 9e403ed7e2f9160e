package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.internal.DeathWatch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link WorkerPool} ends.
 *
 * <p>As in {@code ExecutorService.close}, an interrupt does not end a close: it lets it stop what
 * runs, and is there again when it returns. Tasks that do not end when they are interrupted end
 * with their workers, fifteen seconds later.
 */
final class PoolEnd {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);
  private static final Duration ANSWERS = Duration.ofSeconds(5);

  private final TaskQueue queue;
  private final Heap heap;
  private final ClientTasks tasks;
  private final @Nullable CrewEnd crew;
  private final boolean outliving;

  /**
   * The end of a pool.
   *
   * @param crew the end of its workers; null if they are another process's
   * @param outliving whether the workers go on without this process
   */
  PoolEnd(TaskQueue queue, ClientTasks tasks, @Nullable CrewEnd crew, boolean outliving) {
    this.queue = queue;
    this.heap = tasks.heap();
    this.tasks = tasks;
    this.crew = crew;
    this.outliving = outliving;
  }

  private boolean isTerminated() {
    return queue.isShutDown() && queue.underWay() == 0;
  }

  /** Waits until no task waits or runs, and all workers have ended; false if the time is over. */
  boolean await(Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.after(heap, timeout);
    return awaitTasks(deadline)
        && (crew == null || crew.await(Duration.ofNanos(deadline.remainingNanos())));
  }

  private boolean awaitTasks(Deadline deadline) throws InterruptedException {
    DeathWatch deaths = new DeathWatch(heap);
    if (!isTerminated() && !deadline.hasPassed()) {
      tasks.beforeWait();
    }
    while (!isTerminated()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for the end of " + tasks);
      }
      if (deadline.hasPassed()) {
        return false;
      }
      if (deaths.isDue()) {
        queue.recover();
      }
      heap.pause(BETWEEN_LOOKS);
    }
    return true;
  }

  void close() {
    if (!heap.isOpen()) {
      tasks.close();
      if (crew != null) {
        crew.kill();
      }
    } else if (crew == null || (outliving && !queue.isShutDown())) {
      try {
        closeWithoutWorkers();
      } finally {
        tasks.close();
      }
    } else {
      tasks.beforeWait();
      closeWithWorkers(crew);
    }
  }

  /** If that is interrupted, the tasks that were asked for here are cancelled. */
  private void closeWithoutWorkers() {
    boolean interrupted = false;
    try {
      boolean unused = tasks.awaitNone(Deadline.never());
    } catch (InterruptedException e) {
      interrupted = true;
      tasks.cancelAll();
    }
    if (crew != null) {
      crew.leave();
      queue.disown();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeWithWorkers(CrewEnd workers) {
    boolean interrupted = false;
    try {
      queue.shutDown();
      interrupted = !awaitAllTasks();
      workers.awaitUninterruptibly();
    } finally {
      workers.kill();
      if (heap.isOpen()) {
        queue.disown();
        interrupted |= !awaitAnswers();
      }
      tasks.close();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits until all tasks are over; if it is interrupted, stops them, and returns false. */
  private boolean awaitAllTasks() {
    try {
      boolean unused = awaitTasks(Deadline.never());
      unused = tasks.awaitNone(Deadline.never());
      return true;
    } catch (InterruptedException e) {
      int unused = queue.stop();
      return false;
    }
  }

  /** Lets who waits for a task hear how it ended, which is known now; false if interrupted. */
  private boolean awaitAnswers() {
    boolean interrupted = Thread.interrupted();
    try {
      boolean unused = tasks.awaitNone(Deadline.after(heap, ANSWERS));
    } catch (InterruptedException e) {
      interrupted = true;
    }
    return !interrupted;
  }
}
