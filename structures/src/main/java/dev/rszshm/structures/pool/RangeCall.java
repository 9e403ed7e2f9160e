package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.TaskForm;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.internal.pool.TaskRequest;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.WaitMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/*
 * One call of WorkerPool.parallelFor.
 *
 * Protocol
 * --------
 * 1 ask for parts, some at a time, until the queue is full or enough are under way; 2 wait for the oldest; on at 1.
 * If anything is thrown: 3 take all parts away from the workers: those that have not begun never will, and the threads of the
 * others are interrupted; 4 wait until no run has one of them; 5 give them up.
 * The slot of a part stays this call's until 5, so that a run that has it at 4 is one of that part.
 *
 * If a process dies here
 * ----------------------
 * This one: its parts are run, as all tasks of a client that has died. A worker, at 4: its run is over.
 */

/** A range that workers do in parts, for one thread that waits for all of it. */
final class RangeCall {
  private static final int LEAST_PARTS = 4;
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

  private final ClientTasks tasks;
  private final TaskQueue queue;
  private final Heap heap;
  private final long task;
  private final ProgressListener listener;
  private final Deque<Part> parts = new ArrayDeque<>();

  /** A part that is asked for. */
  private record Part(long end, PendingTask<Boolean> pending) {}

  /**
   * A call.
   *
   * @param task the id of the name of its task
   */
  RangeCall(ClientTasks tasks, long task, ProgressListener listener) {
    this.tasks = tasks;
    this.queue = tasks.queue();
    this.heap = tasks.heap();
    this.task = task;
    this.listener = listener;
  }

  /** Does all of it; or, if it throws, nothing of it runs any more. */
  void run(long from, long to, long grain) throws InterruptedException {
    requireRange(from, to, grain);
    try {
      runParts(from, to, grain);
    } catch (Throwable thrown) {
      breakOff(thrown);
      throw thrown;
    }
  }

  private static void requireRange(long from, long to, long grain) {
    if (grain < 1) {
      throw new IllegalArgumentException(
          "found parts of " + grain + " numbers, expected 1 number or more in each");
    }
    if (to < from) {
      throw new IllegalArgumentException(
          "found a range from " + from + " to " + to + ", expected an end that is not before it");
    }
    if (to - from < 0) {
      throw new IllegalArgumentException(
          "the range from "
              + from
              + " to "
              + to
              + " has more than "
              + Long.MAX_VALUE
              + " numbers: do it in two calls");
    }
  }

  private void runParts(long from, long to, long grain) throws InterruptedException {
    int most = Math.max(LEAST_PARTS, 2 * queue.workers());
    long next = from;
    while (next < to || !parts.isEmpty()) {
      while (next < to && parts.size() < most) {
        long end = to - next <= grain ? to : next + grain;
        Optional<PendingTask<Boolean>> part = ask(next, end, parts.isEmpty());
        if (part.isEmpty()) {
          break; // the queue is full of others' tasks
        }
        parts.add(new Part(end, part.get()));
        next = end;
      }
      Part first = parts.element();
      await(first.pending());
      parts.remove();
      listener.progress(first.end() - from, to - from);
    }
  }

  private Optional<PendingTask<Boolean>> ask(long from, long to, boolean waits)
      throws InterruptedException {
    byte[] argument =
        ByteBuffer.allocate(2 * Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(from)
            .putLong(to)
            .array();
    PendingTask.Reader<Boolean> reader =
        (outcome, pending) -> {
          pending.release();
          return true;
        };
    return tasks.submit(
        TaskRequest.copying(task, true, TaskForm.RANGE, argument),
        reader,
        FOR_EVER,
        waits ? WaitMode.INTERRUPTIBLE : WaitMode.NOW);
  }

  private static void await(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException thrown) {
        throw thrown;
      }
      if (e.getCause() instanceof Error thrown) {
        throw thrown;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Lets no part begin any more, and waits until those have ended that have begun. */
  private void breakOff(Throwable why) {
    List<PendingTask<Boolean>> withdrawn = new ArrayList<>();
    boolean interrupted = Thread.interrupted();
    try {
      for (Part part : parts) {
        if (part.pending().withdraw()) {
          withdrawn.add(part.pending());
        }
      }
      DeathWatch deaths = new DeathWatch(heap);
      for (PendingTask<Boolean> part : withdrawn) {
        while (!part.hasLeft()) {
          interrupted |= Thread.interrupted();
          if (deaths.isDue()) {
            queue.recover();
          }
          heap.pause(BETWEEN_LOOKS);
        }
      }
    } catch (IllegalStateException e) {
      why.addSuppressed(e);
      if (heap.isOpen()) {
        throw e;
      }
    } finally {
      withdrawn.forEach(part -> part.endWithdrawn(why));
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
