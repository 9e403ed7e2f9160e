package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.RunningTask;
import dev.rszshm.structures.internal.pool.TaskForm;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.internal.WaitMode;
import dev.rszshm.sync.internal.WaitResult;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One thread of a worker: takes tasks and runs them until there are no more. */
final class WorkerLoop {
  private static final int LONGEST_STACK = 16_384;
  private static final int LONGEST_TEXT = 4096;
  private static final System.Logger LOGGER = System.getLogger(WorkerPool.class.getName());
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  private final TaskQueue queue;
  private final Allocator allocator;
  private final Heap heap;
  private final TaskRegistry registry;
  private final WorkerGate gate;
  private final boolean hasOthers;
  private final Optional<Duration> outliving;
  private final Thread thread;
  private final RunningTask own;

  /** What runs; null between two tasks. Changed in the monitor of this object. */
  private @Nullable RunningTask running;

  private boolean interrupted;

  /**
   * A loop of the current thread, which is one of a worker from now on: whoever opens the pool
   * finds it.
   *
   * @param gate that of all threads of this worker
   * @param hasOthers whether there are others
   * @param outliving how long it goes on when nobody has the workers any more; empty: for ever
   */
  WorkerLoop(
      TaskQueue queue,
      TaskRegistry registry,
      WorkerGate gate,
      boolean hasOthers,
      Optional<Duration> outliving) {
    this.queue = queue;
    this.allocator = queue.tables().allocator();
    this.heap = allocator.heap();
    this.registry = registry;
    this.gate = gate;
    this.hasOthers = hasOthers;
    this.outliving = outliving;
    this.thread = Thread.currentThread();
    this.own = queue.join();
  }

  /** Runs tasks until the pool is shut down and has none, or nobody has the workers for long. */
  void run() {
    RunningTask run = own;
    if (hasOthers) {
      run.holdTasks();
    }
    WaitMode waiting = outliving.isEmpty() ? WaitMode.UNINTERRUPTIBLE : null;
    Deadline alone = alone();
    while (true) {
      WaitMode mode = waiting == null ? WaitMode.within(heap, BETWEEN_LOOKS) : waiting;
      if (hasOthers) {
        run.tellClient();
        gate.awaitOpen();
      }
      WaitResult<TaskQueue.Next> next = queue.take(run, mode.uninterruptibly());
      if (next.isDone() && next.value() == TaskQueue.Next.END) {
        break;
      }
      if (next.isDone()) {
        if (hasOthers) {
          runAmongOthers(run);
        } else {
          runOne(run);
        }
        alone = alone();
      } else if (queue.isOwned()) {
        alone = alone();
      } else if (alone.hasPassed()) {
        break;
      }
    }
    run.close();
  }

  private Deadline alone() {
    return outliving.map(time -> Deadline.after(heap, time)).orElseGet(Deadline::never);
  }

  private synchronized void begin(RunningTask run) {
    running = run;
    interrupted = false;
  }

  private synchronized void end() {
    running = null;
    Thread.interrupted(); // one that came for the task
  }

  /** Interrupts the task that runs if nobody wants it any more. Called by another thread. */
  synchronized boolean interruptIfUnwanted() {
    RunningTask run = running;
    if (run != null && !interrupted && (queue.isStopped() || !run.isWanted())) {
      interrupted = true;
      thread.interrupt();
      return true;
    }
    return false;
  }

  /** Runs the task, alone if it may be the one that a worker has died of, or puts it back. */
  private void runAmongOthers(RunningTask run) {
    if (run.isSuspect()) {
      if (gate.close()) {
        runAlone(run);
      } else {
        run.putBack();
      }
    } else if (gate.enter()) {
      try {
        runOne(run);
      } finally {
        gate.leave();
      }
    } else {
      run.putBack();
    }
  }

  private void runAlone(RunningTask run) {
    try {
      if (awaitAlone(run)) {
        runOne(run);
      } else {
        run.putBack();
      }
    } finally {
      gate.open();
    }
  }

  /** Waits to be alone; false if nobody wants the task any more. */
  private boolean awaitAlone(RunningTask run) {
    begin(run);
    try {
      gate.awaitAlone();
      return true;
    } catch (InterruptedException e) {
      return false;
    } finally {
      end();
    }
  }

  private void runOne(RunningTask run) {
    run.begin();
    RunContext context = new RunContext(allocator, run);
    byte @Nullable [] result = null;
    byte @Nullable [] failure = null;
    begin(run);
    try {
      result = call(run, context);
    } catch (Throwable thrown) {
      requireSane(thrown);
      failure = describe(thrown);
      logIfUnawaited(run, thrown);
    } finally {
      context.end();
      end();
    }
    if (failure == null && context.block() != 0) {
      run.succeed(context.block(), context.begin(), context.length());
      return;
    }
    try {
      if (failure == null && result != null) {
        run.succeed(result);
      } else if (failure != null) {
        run.fail(failure);
      }
    } catch (OutOfHeapMemoryException e) {
      failForWantOfRoom(run, e);
    }
  }

  /** There was no room for the result, or for the text of a failure. */
  private static void failForWantOfRoom(RunningTask run, OutOfHeapMemoryException thrown) {
    try {
      run.fail(describe(thrown));
    } catch (OutOfHeapMemoryException e) {
      run.fail(shortest(e));
    }
  }

  /** Of a failure that no future tells. */
  private void logIfUnawaited(RunningTask run, Throwable thrown) {
    try {
      if (!run.isAwaited()) {
        LOGGER.log(
            System.Logger.Level.WARNING,
            "The task " + registry.name(run.name()) + ", for which nobody waits, has failed",
            thrown);
      }
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // What becomes of a log is not a matter of the task.
    }
  }

  /** A process without memory, or whose heap is closed, is no worker any more. */
  private void requireSane(Throwable thrown) {
    if (thrown instanceof VirtualMachineError && !(thrown instanceof StackOverflowError)) {
      throw (VirtualMachineError) thrown;
    }
    if (!heap.isOpen()) {
      throw new IllegalStateException("the task has closed the heap of the pool", thrown);
    }
  }

  /** Runs the task; without bytes if its result is a block, or nothing. */
  private byte[] call(RunningTask run, RunContext context) throws Exception {
    switch (run.form()) {
      case TaskForm.OBJECT:
        return registry.objectTask(run.name()).one(run, context);
      case TaskForm.OBJECTS:
        return registry.objectTask(run.name()).many(run, context);
      case TaskForm.BLOCK:
        registry.task(run.name(), BlockTask.class).run(context);
        return new byte[0];
      case TaskForm.RANGE:
        long at = run.argumentOffset();
        registry
            .task(run.name(), RangeTask.class)
            .run(heap.getLong(at), heap.getLong(at + Long.BYTES), context);
        return new byte[0];
      default:
        throw new IllegalStateException("found a task of the form " + run.form());
    }
  }

  private static byte[] describe(Throwable thrown) {
    try {
      StringWriter stack = new StringWriter();
      thrown.printStackTrace(new PrintWriter(stack));
      String text = thrown.getMessage() == null ? "" : thrown.getMessage();
      return TaskFailures.failure(
          thrown.getClass().getName(),
          cut(text, LONGEST_TEXT),
          cut(stack.toString(), LONGEST_STACK));
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
      return shortest(thrown); // its own methods have thrown that
    }
  }

  private static String cut(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length);
  }

  /** A description that needs no room in the heap. */
  private static byte[] shortest(Throwable thrown) {
    byte[] bytes = TaskFailures.failure(thrown.getClass().getName(), "", "");
    return bytes.length <= RunningTask.MAX_SHORT_RESULT
        ? bytes
        : TaskFailures.failure(thrown.getClass().getSimpleName(), "", "");
  }
}
