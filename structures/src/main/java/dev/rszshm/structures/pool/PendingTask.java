package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.Failure;
import dev.rszshm.structures.internal.pool.TaskOutcome;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitResult;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/*
 * The future of a task that this process has asked for.
 *
 * A thread that waits for it waits in shared memory, for its task alone, and completes it; if nobody waits, the thread of
 * ClientTasks does. Whoever of them comes first is the only one who moves the result to a slot of the caller, reads it and releases
 * the slot: the phase says so. Once the phase is not OPEN, the slot may be of another task.
 * Threads that wait are counted, but for one that has seen the task over: who completes this wakes the others, if there are any. One
 * counts itself before it looks at the phase and whether this is done, and both are changed before the count is read.
 *
 * Its time is over, or somebody cancels it: if the task can still be taken away, this ends without a result, and there will be
 * none. If it cannot, it is over already, and this ends with what there is.
 */

/** The future of a task, which completes itself when it is asked. */
final class PendingTask<R> extends CompletableFuture<R> {
  private static final int OPEN = 0;
  private static final int ENDING = 1;
  private static final int ENDED = 2;

  private final ClientTasks tasks;
  private final TaskQueue queue;
  private final Heap heap;
  private final int slot;
  private final Reader<R> reader;
  private final Deadline deadline;
  private final AtomicInteger phase = new AtomicInteger();

  /** How many threads wait in shared memory, but for one that has found the task over. */
  private final AtomicInteger waiters = new AtomicInteger();

  /** When the wait for more about a death ends; null as long as there was none. */
  private volatile @Nullable Deadline details;

  /** Makes an object of a result. */
  interface Reader<R> {
    /**
     * Reads it.
     *
     * @param task releases the slot, now or later
     */
    R read(TaskOutcome outcome, PendingTask<R> task);
  }

  PendingTask(ClientTasks tasks, int slot, Reader<R> reader, Deadline deadline) {
    this.tasks = tasks;
    this.queue = tasks.queue();
    this.heap = tasks.heap();
    this.slot = slot;
    this.reader = reader;
    this.deadline = deadline;
  }

  int slot() {
    return slot;
  }

  Heap heap() {
    return heap;
  }

  boolean moveResult(long destination) {
    return queue.moveResult(slot, destination);
  }

  private boolean isOpen() {
    return phase.get() == OPEN;
  }

  private boolean isOver() {
    return super.isDone() || !isOpen() || !queue.isUnderWay(slot);
  }

  /** Completes this if the task is over, or its time is. */
  void look() {
    if (!isOpen()) {
      return;
    }
    if (!queue.isUnderWay(slot)) {
      end();
    } else if (deadline.hasPassed()) {
      giveUp(Failure.TIMED_OUT, new TimeoutException("the time of the task is over"));
    }
  }

  /**
   * Ends this with what the slot says; false if more has to be known first, or another is at it.
   */
  private boolean end() {
    if (!phase.compareAndSet(OPEN, ENDING)) {
      return false;
    }
    boolean ended = false;
    try {
      queue.requireOver(slot);
      TaskOutcome outcome = queue.outcome(slot);
      if (outcome.failure().isEmpty()) {
        ended = true;
        succeed(outcome);
      } else if (isExplained(outcome)) {
        ended = true;
        Throwable failure = tasks.exception(outcome);
        release();
        fail(failure);
      }
    } catch (RuntimeException | Error e) {
      ended = true;
      if (phase.get() == ENDED) {
        throw e; // of what depends on this, or of a heap that was closed: the slot is released
      }
      releaseAfter(e);
      fail(e);
    } finally {
      if (!ended) {
        phase.set(OPEN);
      }
    }
    return ended;
  }

  private void succeed(TaskOutcome outcome) {
    R result = reader.read(outcome, this);
    phase.set(ENDED);
    tasks.ended(this);
    tasks
        .threads()
        .complete(
            () -> {
              if (!complete(result) && result instanceof BlockResult unwanted) {
                unwanted.close(); // of a future that somebody has completed: nobody else can
              }
            });
  }

  private void fail(Throwable failure) {
    phase.set(ENDED);
    tasks.ended(this);
    tasks.threads().complete(() -> completeExceptionally(failure));
  }

  /** Whether all is known of a failure, or there is no time to wait for more. */
  private boolean isExplained(TaskOutcome outcome) {
    if (outcome.failure().orElseThrow() != Failure.WORKER_DIED || tasks.isExplained(outcome)) {
      return true;
    }
    Deadline until = details;
    if (until == null) {
      details = Deadline.after(heap, ClientTasks.DETAILS);
      return false;
    }
    return until.hasPassed();
  }

  /** Releases the slot: its result is read. */
  void release() {
    queue.release(slot);
  }

  /** The slot may have something that cannot be released: a block that the task has freed, say. */
  private void releaseAfter(Throwable thrown) {
    try {
      if (heap.isOpen()) {
        queue.release(slot);
      }
    } catch (RuntimeException | Error also) {
      thrown.addSuppressed(also);
    }
  }

  /** Ends this without a result, if there is none yet. */
  private boolean giveUp(Failure reason, Throwable exception) {
    if (!phase.compareAndSet(OPEN, ENDING)) {
      return false;
    }
    boolean given = false;
    try {
      if (queue.withdraw(slot, reason)) { // else it is over, and ends with its result
        given = true;
        queue.release(slot);
      }
    } finally {
      if (!given) {
        phase.set(OPEN);
      }
    }
    if (given) {
      fail(exception);
    }
    return given;
  }

  /** Ends this because the heap is closed, or nobody looks any more. */
  void forsake(Throwable why) {
    if (phase.compareAndSet(OPEN, ENDING)) {
      endWithdrawn(why);
    }
  }

  /**
   * Takes the task away from the workers, and keeps its slot until {@link #endWithdrawn}.
   *
   * @return false if this has ended already
   */
  boolean withdraw() {
    if (!phase.compareAndSet(OPEN, ENDING)) {
      return false;
    }
    boolean withdrawn = false;
    try {
      queue.withdraw(slot, Failure.CANCELLED);
      withdrawn = true;
    } finally {
      if (!withdrawn) {
        phase.set(OPEN);
      }
    }
    return true;
  }

  /** Returns whether no worker has anything of a task any more that was withdrawn. */
  boolean hasLeft() {
    return queue.isOver(slot) && !queue.isRead(slot);
  }

  /** Gives up a task that was withdrawn: its slot is free once no worker has it. */
  void endWithdrawn(Throwable why) {
    try {
      if (heap.isOpen()) {
        queue.abandon(slot);
      }
    } catch (IllegalStateException e) {
      if (heap.isOpen()) {
        throw e;
      }
    } finally {
      fail(why);
    }
  }

  /**
   * Takes the task away from the workers. If one runs it, its thread is interrupted, and what it
   * has allocated is freed.
   */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled =
        isOpen() && giveUp(Failure.CANCELLED, new CancellationException("the task was cancelled"));
    if (!cancelled) {
      look();
    }
    return isCancelled();
  }

  @Override
  public boolean complete(R value) {
    boolean first = super.complete(value);
    wakeWaiters();
    return first;
  }

  @Override
  public boolean completeExceptionally(Throwable exception) {
    boolean first = super.completeExceptionally(exception);
    wakeWaiters();
    return first;
  }

  /** Wakes threads that wait for the task in shared memory. */
  private void wakeWaiters() {
    if (waiters.get() > 0 && heap.isOpen()) {
      queue.wake(slot);
    }
  }

  @Override
  public boolean isDone() {
    look();
    return super.isDone();
  }

  @Override
  public R getNow(R absent) {
    look();
    return super.getNow(absent);
  }

  private void beforeWait() {
    if (isOpen() && !queue.isOver(slot)) {
      tasks.beforeWait();
    }
  }

  @Override
  public R get() throws InterruptedException, ExecutionException {
    beforeWait();
    while (!super.isDone() && isOpen()) {
      awaitOver(WaitMode.INTERRUPTIBLE).orThrow(this);
      endOrPause();
    }
    return super.get();
  }

  @Override
  public R join() {
    beforeWait();
    while (!super.isDone() && isOpen()) {
      awaitOver(WaitMode.UNINTERRUPTIBLE);
      endOrPause();
    }
    return super.join();
  }

  @Override
  public R get(long time, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    WaitMode mode = WaitMode.within(heap, time, unit);
    beforeWait();
    while (!super.isDone() && isOpen()) {
      if (!awaitOver(mode).orThrow(this).isDone()) {
        throw new TimeoutException("the task is not done yet");
      }
      endOrPause();
    }
    try {
      return super.get(mode.remainingNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new TimeoutException("the result of the task is not read yet");
    }
  }

  /** Who counts itself before it looks, or has ended this before it counts: one sees the other. */
  private WaitResult<Boolean> awaitOver(WaitMode mode) {
    waiters.incrementAndGet();
    try {
      return queue.awaitOver(slot, this::isOver, mode);
    } finally {
      waiters.decrementAndGet();
    }
  }

  private void endOrPause() {
    if (isOpen() && !queue.isUnderWay(slot) && !end()) {
      heap.pause(ClientTasks.PAUSE);
    }
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new DependentFuture<>(tasks);
  }
}
