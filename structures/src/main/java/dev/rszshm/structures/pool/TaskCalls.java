package dev.rszshm.structures.pool;

import dev.rszshm.structures.internal.pool.TaskForm;
import dev.rszshm.structures.internal.pool.TaskRequest;
import dev.rszshm.sync.internal.WaitMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Calls of one {@link Task} of a pool, from {@link WorkerPool#calls}. Any number of threads may use
 * it. Its futures complete in a thread that waits for one of them, or else in one of the pool: what
 * depends on them should be quick, or be done elsewhere ({@code thenApplyAsync}). It may wait: then
 * another thread completes the other futures.
 *
 * <p>A method that asks for a task waits while the queue is full, and throws {@link
 * java.util.concurrent.RejectedExecutionException} if the pool is shut down, {@link
 * dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is no room for the argument. If
 * the process dies in it, the task is in the queue, or nothing is left of it; a task that is in the
 * queue is run whatever becomes of who asked for it.
 *
 * @param <A> the type of the argument
 * @param <R> the type of the result
 */
public final class TaskCalls<A, R> {
  private final ClientTasks tasks;
  private final long name;
  private final TaskOptions options;
  private final TaskCodec<A> arguments;
  private final TaskCodec<R> results;

  TaskCalls(ClientTasks tasks, long name, TaskOptions options, Task<A, R> task) {
    this.tasks = tasks;
    this.name = name;
    this.options = options;
    this.arguments = TaskCodec.ofArguments(task);
    this.results = TaskCodec.ofResults(task);
  }

  private TaskRequest request(A argument) {
    return TaskRequest.copying(
        name, options.isRepeated(), TaskForm.OBJECT, arguments.encode(argument));
  }

  private static <T> PendingTask.Reader<T> reader(TaskCodec<T> codec) {
    return (outcome, task) -> {
      T result = codec.decode(task.heap(), outcome.offset(), outcome.length());
      task.release();
      return result;
    };
  }

  private Optional<CompletableFuture<R>> submit(A argument, WaitMode mode)
      throws InterruptedException {
    return tasks
        .submit(request(argument), reader(results), options.timeout(), mode)
        .map(task -> task);
  }

  /**
   * Asks for a task, and waits while the queue is full.
   *
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public CompletableFuture<R> submit(A argument) throws InterruptedException {
    return submit(argument, WaitMode.INTERRUPTIBLE).orElseThrow();
  }

  /** As {@link #submit}, but an interrupt does not end the wait and stays set. */
  public CompletableFuture<R> submitUninterruptibly(A argument) {
    try {
      return submit(argument, WaitMode.UNINTERRUPTIBLE).orElseThrow();
    } catch (InterruptedException e) {
      throw new AssertionError("a wait that cannot be interrupted was", e);
    }
  }

  /** Asks for a task, or returns empty if the queue is full. */
  public Optional<CompletableFuture<R>> trySubmit(A argument) {
    try {
      return submit(argument, WaitMode.NOW);
    } catch (InterruptedException e) {
      throw new AssertionError("what does not wait was interrupted", e);
    }
  }

  /** Asks for a task, or returns empty if the queue stays full for so long. */
  public Optional<CompletableFuture<R>> trySubmit(A argument, Duration timeout)
      throws InterruptedException {
    return submit(argument, WaitMode.within(tasks.heap(), timeout));
  }

  /**
   * Asks for a task whose result nobody wants to know. If it fails, its worker logs that. Waits
   * while the queue is full.
   */
  public void execute(A argument) throws InterruptedException {
    tasks.execute(request(argument), WaitMode.INTERRUPTIBLE);
  }

  /**
   * Asks for many small tasks at once: one worker runs all of them one after the other, and they
   * have one result, and one failure if any of them fails. The queue holds them as one.
   *
   * @return the results, in the order of the arguments
   */
  public CompletableFuture<List<R>> submitBatch(List<A> batch) throws InterruptedException {
    byte[] bytes = arguments.ofMany().encode(batch);
    TaskRequest request = TaskRequest.copying(name, options.isRepeated(), TaskForm.OBJECTS, bytes);
    return tasks
        .submit(request, reader(results.ofMany()), options.timeout(), WaitMode.INTERRUPTIBLE)
        .orElseThrow();
  }

  /**
   * Asks for a task for each argument, and waits until all are over.
   *
   * @return their futures, all done, in the order of the arguments
   */
  public List<CompletableFuture<R>> invokeAll(Collection<? extends A> all)
      throws InterruptedException {
    List<CompletableFuture<R>> futures = new ArrayList<>(all.size());
    boolean done = false;
    try {
      for (A argument : all) {
        futures.add(submit(argument));
      }
      for (CompletableFuture<R> future : futures) {
        awaitDone(future);
      }
      done = true;
      return futures;
    } finally {
      if (!done && tasks.heap().isOpen()) {
        futures.forEach(future -> future.cancel(true));
      }
    }
  }

  private static void awaitDone(CompletableFuture<?> future) throws InterruptedException {
    try {
      future.get();
    } catch (java.util.concurrent.ExecutionException
        | java.util.concurrent.CancellationException e) {
      // The future says so.
    }
  }
}
