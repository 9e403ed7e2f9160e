package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.PoolLayout;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.pool.errors.NotAPoolException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Worker processes that compute for others through a heap. The one that opens a pool with workers
 * starts them, replaces those that die, and ends them; any number of other processes open the same
 * pool by its name and ask for tasks as well.
 *
 * <pre>{@code
 * try (WorkerPool pool = WorkerPool.named(allocator, "texts", PoolSpec.ofWorkers(2))) {
 *   CompletableFuture<String> reversed = pool.submit(Reverse.class, "stressed");
 *   System.out.println(reversed.get());
 * }
 * }</pre>
 *
 * <p>Tasks are named functions, see {@link PoolTask}. They wait in one queue, in the heap, of
 * bounded length; who asks for one waits while it is full. What a task allocates with its {@link
 * TaskContext} is its own until it has a result. <b>If a worker dies</b>, its task is run again or
 * fails, as its {@link TaskPolicy} says, within milliseconds if the process that has started the
 * worker lives, else within 100; what it had allocated is freed. A task that has killed {@link
 * PoolSpec#withDeaths so many} workers is given up. A worker that stands still (stopped, or in a
 * debugger) is not replaced, and its task waits for it, or until its {@linkplain
 * TaskOptions#withTimeout time} is over. <b>If a client dies</b>, its tasks are run, and their
 * results freed. If the process with the workers dies, they end; tasks wait in the heap for the
 * next one that opens the pool with workers.
 *
 * <p>What a client did before it asked for a task happens before the task runs, and what the task
 * did happens before its future is done. All methods may be called by any thread at any time, and
 * throw {@link IllegalStateException} if the heap is closed. Those that wait may be called in what
 * depends on a future of the pool; in a task of the pool, and by who takes the output of its
 * workers, they throw an {@link IllegalStateException} before they wait, as they would wait for
 * themselves.
 */
public final class WorkerPool implements AutoCloseable {
  /** The type of a root that is a pool. */
  public static final long ROOT_TYPE = PoolLayout.MAGIC_VALUE;

  private final Heap heap;
  private final TaskQueue queue;
  private final ClientTasks tasks;
  private final String name;

  /** The workers; null if they are another process's. */
  private final @Nullable WorkerCrew crew;

  private final PoolEnd end;

  WorkerPool(
      TaskQueue queue,
      ClientTasks tasks,
      String name,
      @Nullable WorkerCrew crew,
      @Nullable PoolSpec spec) {
    this.queue = queue;
    this.heap = queue.tables().allocator().heap();
    this.tasks = tasks;
    this.name = name;
    this.crew = crew;
    boolean outliving = spec != null && spec.outliving().isPresent();
    this.end = new PoolEnd(queue, tasks, crew == null ? null : crew.end(), outliving);
  }

  /**
   * Opens the pool of a name with workers, and makes it if it is not there. Workers that are there
   * already, because they outlived the process that had started them, are adopted. Returns when all
   * workers are ready, or, {@linkplain PoolSpec#withTolerantStart if it may}, some. If it throws,
   * the pool takes tasks afterwards if it did before.
   *
   * @throws dev.rszshm.structures.worker.errors.WorkerStartException if a worker does not come up;
   *     the message has what it wrote
   * @throws dev.rszshm.structures.pool.errors.PoolSpaceException if there is not enough memory for
   *     it; the message says how much is needed, and how to get it
   * @throws NotAPoolException if it was made with another queue
   * @throws IllegalStateException if another process that lives has the workers of the pool
   * @throws InterruptedException if the current thread is interrupted while workers start
   */
  public static WorkerPool named(Allocator allocator, String name, PoolSpec spec)
      throws InterruptedException {
    return new PoolOpening(allocator, name).openWithWorkers(spec);
  }

  /**
   * Opens the pool of a name that another process has made, to ask for tasks.
   *
   * @throws NotAPoolException if there is none
   */
  public static WorkerPool open(Allocator allocator, String name) {
    return client(new PoolOpening(allocator, name).find(), name);
  }

  private static WorkerPool client(TaskQueue queue, String name) {
    return new WorkerPool(queue, new ClientTasks(queue, name), name, null, null);
  }

  /**
   * Opens the pool of a name without workers, and makes it if it is not there: tasks wait until a
   * process opens it with workers.
   *
   * @throws NotAPoolException if it was made with another queue
   */
  public static WorkerPool withoutWorkers(Allocator allocator, String name, PoolSpec spec) {
    return client(new PoolOpening(allocator, name).findOrMake(spec), name);
  }

  // Asking.

  private long nameOf(PoolTask task) {
    return queue.tables().names().intern(task.name());
  }

  private static <T extends PoolTask> T make(Class<T> type) {
    try {
      return TaskRegistry.make(type);
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw new IllegalArgumentException(
          "cannot make a "
              + type.getName()
              + ": a task is a class with a constructor without parameters, in a package that is"
              + " open to dev.rszshm.structures",
          e);
    }
  }

  /** Returns calls of a task, which is run {@link TaskPolicy#AT_LEAST_ONCE}, for any time. */
  public <A, R> TaskCalls<A, R> calls(Class<? extends Task<A, R>> type) {
    return calls(type, TaskOptions.of(TaskPolicy.AT_LEAST_ONCE));
  }

  /** Returns calls of a task. */
  public <A, R> TaskCalls<A, R> calls(Class<? extends Task<A, R>> type, TaskOptions options) {
    return calls(make(type), options);
  }

  /**
   * Returns calls of a task that is there already. The worker makes its own object: what is in the
   * fields of this one stays here.
   */
  public <A, R> TaskCalls<A, R> calls(Task<A, R> task, TaskOptions options) {
    return new TaskCalls<>(tasks, nameOf(task), options, task);
  }

  /** Returns calls of a task with bytes of the heap. */
  public BlockCalls blockCalls(Class<? extends BlockTask> type, TaskOptions options) {
    return new BlockCalls(tasks, nameOf(make(type)), options);
  }

  /**
   * Asks for a task, which is run {@link TaskPolicy#AT_LEAST_ONCE}; waits while the queue is full.
   * {@link #calls} is for who asks often, and for all else.
   *
   * @throws java.util.concurrent.RejectedExecutionException if the pool is shut down
   */
  public <A, R> CompletableFuture<R> submit(Class<? extends Task<A, R>> type, A argument)
      throws InterruptedException {
    return calls(type).submit(argument);
  }

  /**
   * Lets the workers do something for each part of a range, and waits until all is done.
   *
   * <p>If this throws, whatever it is, no part of the range runs any more, and none will: parts
   * that were not begun are dropped, the threads of others are interrupted, and this waits for
   * their end, on an interrupted thread as well. So the memory that they work on may be freed then.
   *
   * @param from the first number
   * @param to the number behind the last
   * @param grain how many numbers a part has, 1 or more; the last may have fewer
   * @param type what is done for each part. If a worker dies, another one does the part again
   * @param listener is told how many numbers are done
   * @throws dev.rszshm.structures.pool.errors.TaskException if it was not done for a part
   * @throws dev.rszshm.structures.pool.errors.WorkerDiedException if a part has killed too many
   *     workers
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public void parallelFor(
      long from, long to, long grain, Class<? extends RangeTask> type, ProgressListener listener)
      throws InterruptedException {
    new RangeCall(tasks, nameOf(make(type)), listener).run(from, to, grain);
  }

  /** As {@link #parallelFor(long, long, long, Class, ProgressListener)}, and tells nobody. */
  public void parallelFor(long from, long to, long grain, Class<? extends RangeTask> type)
      throws InterruptedException {
    parallelFor(from, to, grain, type, ProgressListener.NONE);
  }

  // The state.

  /** Returns the heap. */
  public Heap heap() {
    return heap;
  }

  /** Returns the name of the pool. */
  public String name() {
    return name;
  }

  /** Returns a view of this pool, for those who want to know more of its tasks. */
  public PoolView view() {
    return PoolView.at(queue.tables().allocator(), queue.tables().offset());
  }

  /** Returns the number of threads of workers that live. */
  public int workerThreads() {
    return queue.workers();
  }

  /** Returns the process ids of the workers that this object has started and that run. */
  public List<Long> workerPids() {
    return crew == null ? List.of() : crew.pids();
  }

  /**
   * Returns how many workers have died since the pool was made: were killed, or ended otherwise
   * than by its shutdown. The process that has the workers counts them; those that end with it are
   * not counted.
   */
  public long workerDeaths() {
    return queue.tables().workerDeaths();
  }

  /** Returns how many tasks wait for a worker. */
  public int waitingTasks() {
    return queue.waiting();
  }

  /** Returns how many tasks wait for a worker or run. */
  public int unfinishedTasks() {
    return queue.underWay();
  }

  /**
   * Takes no more tasks, from any process. Those that were asked for are run; then the workers end.
   * A second call does nothing.
   */
  public void shutdown() {
    queue.shutDown();
  }

  /**
   * Takes no more tasks, from any process, and lets those fail that were not begun, with a {@link
   * java.util.concurrent.CancellationException}. Threads that run one are interrupted; then the
   * workers end.
   *
   * @return how many tasks were not begun
   */
  public int shutdownNow() {
    return queue.stop();
  }

  /** Returns whether the pool was shut down. There may still be tasks that run. */
  public boolean isShutdown() {
    return queue.isShutDown();
  }

  /** Returns whether the pool was shut down, and no task waits or runs. */
  public boolean isTerminated() {
    return queue.isShutDown() && queue.underWay() == 0;
  }

  /**
   * Waits until the pool was shut down, no task waits or runs, and all workers have ended that this
   * object has started or adopted.
   *
   * @return false if the time is over
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   * @throws IllegalStateException if the current thread runs a task of the pool, or takes the
   *     output of one of its workers: it would wait for itself
   */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return end.await(timeout);
  }

  /**
   * Closes this object. One that has the workers shuts the pool down, and waits until all tasks are
   * done and the workers have ended, as {@code ExecutorService.close} does: if the current thread
   * is interrupted meanwhile, it stops the pool as {@link #shutdownNow} does, waits on, and keeps
   * the interrupt. Workers that are still there 15 seconds after that, or after the last task, are
   * killed. If the workers {@linkplain PoolSpec#withWorkersOutliving outlive} it, and one without
   * workers, it waits only until the tasks are over that were asked for through it, and cancels
   * them if the current thread is interrupted.
   *
   * @throws IllegalStateException if the current thread runs a task of the pool, or takes the
   *     output of one of its workers, and would wait; see {@link #awaitTermination}
   */
  @Override
  public void close() {
    end.close();
  }

  @Override
  public String toString() {
    return tasks.toString();
  }
}
