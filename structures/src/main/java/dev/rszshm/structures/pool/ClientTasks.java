package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.DeathNotes;
import dev.rszshm.structures.internal.pool.TaskOutcome;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.internal.pool.TaskRequest;
import dev.rszshm.structures.internal.worker.OutputPump;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.EventCount;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitResult;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that this process has asked for through one {@link WorkerPool}, and what the {@link
 * ResultThreads} do that complete those for which nobody waits.
 */
final class ClientTasks {
  /** How long a failure waits for what the process with the workers knows of a death. */
  static final Duration DETAILS = Duration.ofSeconds(3);

  /** Between two looks for that. */
  static final Duration PAUSE = Duration.ofMillis(1);

  private static final long END_MILLIS = 10_000;

  /** So many looks without a task are enough. */
  private static final int MAX_IDLE = 50;

  /** How often to look at the clock, and for the dead, while there are tasks. */
  private static final long LOOK_NANOS = 20_000_000;

  private final TaskQueue queue;
  private final Heap heap;
  private final String name;
  private final DeathNotes notes;
  private final EventCount completions;
  private final DeathWatch deaths;
  private final AtomicReferenceArray<@Nullable PendingTask<?>> pending;

  /** Changed in the monitor of this object, as all below. */
  private int size;

  private boolean closed;
  private boolean parked;
  private int idle;

  private final ResultThreads threads;
  private final TaskFailures failures;

  /** The processes whose output this one reads. */
  private final Set<Long> workerPids = ConcurrentHashMap.newKeySet();

  private volatile @Nullable String trouble;

  ClientTasks(TaskQueue queue, String name) {
    this.queue = queue;
    this.heap = queue.tables().allocator().heap();
    this.name = name;
    this.notes = new DeathNotes(queue.tables());
    this.completions = queue.tables().completions(queue.tables().self());
    this.deaths = new DeathWatch(heap);
    this.pending = new AtomicReferenceArray<>(queue.tables().slots);
    this.threads = new ResultThreads("results-of-" + name, this::completeAll);
    this.failures = new TaskFailures(queue, notes, toString());
  }

  ResultThreads threads() {
    return threads;
  }

  /** Says that this process reads the output of a worker of this pool, or no more. */
  void setReading(long pid, boolean reads) {
    if (reads) {
      workerPids.add(pid);
    } else {
      workerPids.remove(pid);
    }
  }

  /**
   * To be called before a thread waits for something of the pool: if it is one that others wait
   * for, another one takes its place.
   *
   * @throws IllegalStateException if none can: then the wait might never end
   */
  void beforeWait() {
    if (WorkerThread.isOf(queue.tables())) {
      throw new IllegalStateException(
          "a task must not wait for another task of its pool, as all workers of "
              + this
              + " might: let the client ask for it when this one is done, or use another pool");
    }
    OptionalLong pid = OutputPump.current();
    if (pid.isPresent() && workerPids.contains(pid.getAsLong())) {
      throw new IllegalStateException(
          "who takes the output of a worker must not wait for its pool, as the worker of "
              + this
              + " waits until its output is taken: hand the line to another thread");
    }
    threads.handOver();
  }

  TaskQueue queue() {
    return queue;
  }

  Heap heap() {
    return heap;
  }

  DeathNotes notes() {
    return notes;
  }

  /** Says why there are no workers, for those who ask. */
  void setTrouble(String why) {
    trouble = why;
  }

  /**
   * Asks for a task.
   *
   * @return empty if the time is over
   * @throws RejectedExecutionException if the pool was shut down
   */
  <R> Optional<PendingTask<R>> submit(
      TaskRequest request, PendingTask.Reader<R> reader, Duration timeout, WaitMode mode)
      throws InterruptedException {
    Deadline deadline = Deadline.after(heap, timeout);
    WaitResult<Integer> slot = queue.submit(request, mode, this::beforeWait).orThrow(this);
    if (!slot.isDone()) {
      return Optional.empty();
    }
    requireTaken(slot.value());
    boolean added = false;
    try {
      PendingTask<R> task = new PendingTask<>(this, slot.value(), reader, deadline);
      Optional<PendingTask<R>> result = Optional.of(task);
      add(task);
      added = true;
      task.look(); // its end may have been signalled before this process knew of it
      return result;
    } finally {
      if (!added && heap.isOpen()) {
        queue.abandon(slot.value());
      }
    }
  }

  /** As submit, for a task whose result nobody wants. */
  boolean execute(TaskRequest request, WaitMode mode) throws InterruptedException {
    WaitResult<Integer> slot =
        queue.submit(request.unawaited(), mode, this::beforeWait).orThrow(this);
    if (slot.isDone()) {
      requireTaken(slot.value());
    }
    return slot.isDone();
  }

  private void requireTaken(int slot) {
    if (slot == TaskQueue.NONE) {
      String why = trouble;
      throw new RejectedExecutionException(
          this + " was shut down: it takes no more tasks" + (why == null ? "" : ". " + why));
    }
  }

  private void add(PendingTask<?> task) {
    pending.set(task.slot(), task);
    synchronized (this) {
      size++;
      if (parked) {
        notifyAll();
      }
    }
    threads.start();
  }

  /** Forgets a task that has ended. */
  void ended(PendingTask<?> task) {
    pending.compareAndSet(task.slot(), task, null);
    synchronized (this) {
      size--;
      if (size == 0) {
        notifyAll();
      }
    }
  }

  /** Waits until all tasks have ended. */
  boolean awaitNone(Deadline deadline) throws InterruptedException {
    beforeWaitForAll();
    return await(deadline);
  }

  private void beforeWaitForAll() {
    boolean waits;
    synchronized (this) {
      waits = size > 0;
    }
    if (waits) {
      beforeWait();
    }
  }

  private synchronized boolean await(Deadline deadline) throws InterruptedException {
    while (size > 0 && !deadline.hasPassed()) {
      wait(Math.min(1000, 1 + deadline.remainingNanos() / 1_000_000));
    }
    return size == 0;
  }

  /** Ends the thread, and waits for that; tasks that are left are given up. */
  void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      threads.join(END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until there are tasks. A thread that asks for one after the other does not want to wake
   * this one each time, so this goes on looking for a while.
   */
  private synchronized boolean awaitSome(ResultThreads.Lead lead) {
    idle = size == 0 ? idle + 1 : 0;
    while (lead.isLeading() && idle > MAX_IDLE && size == 0 && !closed) {
      parked = true;
      try {
        wait();
      } catch (InterruptedException e) {
        // Nobody interrupts this thread on purpose.
      } finally {
        parked = false;
      }
    }
    return !closed;
  }

  private void completeAll(ResultThreads.Lead lead) {
    try {
      while (awaitSome(lead)) {
        int key = completions.prepare();
        boolean any = lookAtAll(lead);
        if (!lead.isLeading()) {
          return;
        }
        if (!any) {
          completions.sleep(key, LOOK_NANOS);
        }
        if (deaths.isDue()) {
          queue.recover();
        }
      }
      forsakeAll(new CancellationException(this + " was closed"));
    } catch (IllegalStateException e) {
      forsakeAll(e);
      if (heap.isOpen()) {
        throw e;
      }
    } catch (RuntimeException | Error e) {
      forsakeAll(e);
      throw e;
    }
  }

  private boolean lookAtAll(ResultThreads.Lead lead) {
    boolean any = false;
    for (int slot = 0; slot < pending.length() && lead.isLeading(); slot++) {
      PendingTask<?> task = pending.get(slot);
      if (task != null) {
        task.look();
        any |= pending.get(slot) != task;
      }
    }
    return any;
  }

  /** Takes all tasks away from the workers. */
  void cancelAll() {
    for (int slot = 0; slot < pending.length(); slot++) {
      PendingTask<?> task = pending.get(slot);
      if (task != null) {
        boolean unused = task.cancel(true);
      }
    }
  }

  private void forsakeAll(Throwable why) {
    for (int slot = 0; slot < pending.length(); slot++) {
      PendingTask<?> task = pending.get(slot);
      if (task != null) {
        task.forsake(why);
      }
    }
  }

  // Failures.

  /** Whether it is known how the worker has died. */
  boolean isExplained(TaskOutcome outcome) {
    return failures.isExplained(outcome);
  }

  /** The exception of a task that has failed. */
  Throwable exception(TaskOutcome outcome) {
    return failures.exception(outcome, trouble);
  }

  @Override
  public String toString() {
    return "the pool \"" + name + "\" of " + heap.path();
  }
}
