package dev.rszshm.structures.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.internal.pool.PoolLayout;
import dev.rszshm.structures.internal.pool.PoolTables;
import dev.rszshm.structures.internal.pool.TaskForm;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.internal.pool.TaskRequest;
import dev.rszshm.structures.pool.errors.NotAPoolException;
import dev.rszshm.structures.worker.WorkerSpec;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.internal.DeathWatch;
import dev.rszshm.sync.internal.WaitMode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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

  private static final int BLOCK_ALIGNMENT = 16;
  private static final int LEAST_PARTS = 4;
  private static final Duration FOR_EVER = Duration.ofSeconds(Long.MAX_VALUE);
  private static final Duration END_OF_WORKERS = Duration.ofSeconds(10);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(2);

  private final Heap heap;
  private final TaskQueue queue;
  private final ClientTasks tasks;
  private final String name;

  /** The workers; null if they are another process's. */
  private final @Nullable WorkerCrew crew;

  private final @Nullable PoolSpec spec;

  private WorkerPool(
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
    this.spec = spec;
  }

  /**
   * Opens the pool of a name with workers, and makes it if it is not there. Workers that are there
   * already, because they outlived the process that had started them, are adopted. Returns when all
   * workers are ready.
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
    PoolSpace.require(allocator, spec, allocator.findRoot(name).isEmpty());
    PoolTables tables = findOrMake(allocator, name, spec);
    TaskQueue queue = new TaskQueue(tables);
    int owner = queue.own();
    if (owner != 0) {
      throw ownedBy(owner, tables, allocator.heap(), name);
    }
    boolean started = false;
    boolean served = false;
    try {
      queue.recover();
      served = !queue.workerTags().isEmpty();
      ClientTasks tasks = new ClientTasks(queue, name);
      WorkerSpec template =
          WorkerSpec.of(PoolWorker.class)
              .withArguments(
                  PoolWorker.arguments(
                      allocator.heap(), tables.offset(), spec.threads(), spec.outliving()))
              .outlives(spec.outliving().isPresent());
      WorkerCrew crew = new WorkerCrew(queue, spec, name, spec.worker(template), tasks);
      crew.start();
      started = true;
      return new WorkerPool(queue, tasks, name, crew, spec);
    } finally {
      if (!started && allocator.heap().isOpen()) {
        if (!served) { // else workers that outlive their pool go on
          queue.shutDown();
        }
        queue.disown();
      }
    }
  }

  private static IllegalStateException ownedBy(
      int owner, PoolTables tables, Heap heap, String name) {
    String whose =
        owner == tables.self()
            ? "another WorkerPool of this process, which is not closed"
            : "another process" + heap.participant(owner).map(WorkerPool::describe).orElse("");
    return new IllegalStateException(
        "the workers of the pool \""
            + name
            + "\" of "
            + heap.path()
            + " belong to "
            + whose
            + ": open it without workers (WorkerPool.open), or use another name");
  }

  private static String describe(Participant other) {
    return " with pid " + other.pid();
  }

  private static PoolTables findOrMake(Allocator allocator, String name, PoolSpec spec) {
    Optional<RootEntry> root = allocator.findRoot(name);
    if (root.isPresent() && root.get().type() == ROOT_TYPE) {
      long there = place(allocator, root.get());
      if (PoolTables.isMade(allocator, there)) {
        PoolTables found = PoolTables.at(allocator, there);
        requireSame(allocator, name, found, spec);
        return found;
      }
    }
    long place =
        allocator.place(
            name, ROOT_TYPE, PoolLayout.CURRENT_VERSION, spec.length(), PoolLayout.ALIGNMENT);
    return PoolTables.at(allocator, place, spec.queueLength(), spec.runs(), spec.deaths());
  }

  private static long place(Allocator allocator, RootEntry root) {
    int slack = PoolLayout.ALIGNMENT - BLOCK_ALIGNMENT;
    return allocator.place(
        root.name(), root.type(), root.version(), root.size() - slack, PoolLayout.ALIGNMENT);
  }

  private static void requireSame(
      Allocator allocator, String name, PoolTables found, PoolSpec spec) {
    if (found.slots != spec.queueLength()
        || found.deaths != spec.deaths()
        || found.runs < spec.workers() * spec.threads()) {
      throw new NotAPoolException(
          "the pool \""
              + name
              + "\" of "
              + allocator.heap().path()
              + " was made otherwise: found a queue of "
              + found.slots
              + " tasks, "
              + found.deaths
              + " deaths for a task and room for "
              + found.runs
              + " threads, expected "
              + spec.queueLength()
              + ", "
              + spec.deaths()
              + " and "
              + spec.workers() * spec.threads()
              + ". Name what it was made with, or another pool");
    }
  }

  /**
   * Opens the pool of a name that another process has made, to ask for tasks.
   *
   * @throws NotAPoolException if there is none
   */
  public static WorkerPool open(Allocator allocator, String name) {
    RootEntry root =
        allocator
            .findRoot(name)
            .filter(found -> found.type() == ROOT_TYPE)
            .orElseThrow(
                () ->
                    new NotAPoolException(
                        "there is no pool \"" + name + "\" in " + allocator.heap().path()));
    TaskQueue queue = new TaskQueue(PoolTables.at(allocator, place(allocator, root)));
    return new WorkerPool(queue, new ClientTasks(queue, name), name, null, null);
  }

  /**
   * Opens the pool of a name without workers, and makes it if it is not there: tasks wait until a
   * process opens it with workers.
   *
   * @throws NotAPoolException if it was made with another queue
   */
  public static WorkerPool withoutWorkers(Allocator allocator, String name, PoolSpec spec) {
    TaskQueue queue = new TaskQueue(findOrMake(allocator, name, spec));
    return new WorkerPool(queue, new ClientTasks(queue, name), name, null, null);
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
   * @param from the first number
   * @param to the number behind the last
   * @param grain how many numbers a part has, 1 or more; the last may have fewer
   * @param type what is done for each part. If a worker dies, another one does the part again
   * @param listener is told how many numbers are done
   * @throws dev.rszshm.structures.pool.errors.TaskException if it was not done for a part. Parts
   *     that were not begun are not done then
   * @throws dev.rszshm.structures.pool.errors.WorkerDiedException if a part has killed too many
   *     workers
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   */
  public void parallelFor(
      long from, long to, long grain, Class<? extends RangeTask> type, ProgressListener listener)
      throws InterruptedException {
    requireRange(from, to, grain);
    long task = nameOf(make(type));
    int most = Math.max(LEAST_PARTS, 2 * queue.workers());
    Deque<Part> parts = new ArrayDeque<>();
    boolean done = false;
    try {
      long next = from;
      while (next < to || !parts.isEmpty()) {
        while (next < to && parts.size() < most) {
          long end = to - next <= grain ? to : next + grain;
          Optional<Part> part = part(task, next, end, parts.isEmpty());
          if (part.isEmpty()) {
            break; // the queue is full of others' tasks
          }
          parts.add(part.get());
          next = end;
        }
        Part first = parts.element();
        await(first.future());
        parts.remove();
        listener.progress(first.end() - from, to - from);
      }
      done = true;
    } finally {
      if (!done && heap.isOpen()) {
        parts.forEach(part -> part.future().cancel(true));
      }
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

  /** As {@link #parallelFor(long, long, long, Class, ProgressListener)}, and tells nobody. */
  public void parallelFor(long from, long to, long grain, Class<? extends RangeTask> type)
      throws InterruptedException {
    parallelFor(from, to, grain, type, ProgressListener.NONE);
  }

  private record Part(long end, CompletableFuture<Boolean> future) {}

  private Optional<Part> part(long task, long from, long to, boolean waits)
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
    return tasks
        .submit(
            TaskRequest.copying(task, true, TaskForm.RANGE, argument),
            reader,
            FOR_EVER,
            waits ? WaitMode.INTERRUPTIBLE : WaitMode.NOW)
        .map(future -> new Part(to, future));
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
   * object has started.
   *
   * @return false if the time is over
   * @throws InterruptedException if the current thread is interrupted before or while it waits
   * @throws IllegalStateException if the current thread runs a task of the pool, or takes the
   *     output of one of its workers: it would wait for itself
   */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    Deadline deadline = Deadline.after(heap, timeout);
    DeathWatch deaths = new DeathWatch(heap);
    if (!isTerminated() && !deadline.hasPassed()) {
      tasks.beforeWait();
    }
    while (!isTerminated()) {
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting for the end of " + this);
      }
      if (deadline.hasPassed()) {
        return false;
      }
      if (deaths.isDue()) {
        queue.recover();
      }
      heap.pause(BETWEEN_LOOKS);
    }
    return crew == null || crew.awaitEnd(Duration.ofNanos(deadline.remainingNanos()));
  }

  /**
   * Closes this object. One that has the workers shuts the pool down, and waits until all tasks are
   * done and the workers have ended, as {@code ExecutorService.close} does: if the current thread
   * is interrupted meanwhile, it stops the pool, ends the workers and keeps the interrupt. If the
   * workers {@linkplain PoolSpec#withWorkersOutliving outlive} it, and one without workers, it
   * waits only until the tasks are over that were asked for through it.
   *
   * @throws IllegalStateException if the current thread runs a task of the pool, or takes the
   *     output of one of its workers, and would wait; see {@link #awaitTermination}
   */
  @Override
  public void close() {
    if (!heap.isOpen()) {
      tasks.close();
      if (crew != null) {
        crew.kill();
      }
      return;
    }
    if (crew == null || (spec != null && spec.outliving().isPresent() && !isShutdown())) {
      try {
        closeWithoutWorkers();
      } finally {
        tasks.close();
      }
    } else {
      tasks.beforeWait();
      shutdown();
      closeWithWorkers(crew);
      tasks.close();
    }
  }

  private void closeWithoutWorkers() {
    boolean interrupted = false;
    try {
      tasks.awaitNone(Deadline.never());
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (crew != null) {
      crew.leave();
      queue.disown();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeWithWorkers(WorkerCrew workers) {
    boolean interrupted = false;
    try {
      awaitTermination(FOR_EVER);
      tasks.awaitNone(Deadline.never());
    } catch (InterruptedException e) {
      interrupted = true;
      shutdownNow();
      interrupted |= !awaitEnd(workers);
    }
    workers.kill();
    queue.disown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits a while for workers whose tasks were interrupted; false if that was interrupted. */
  private static boolean awaitEnd(WorkerCrew workers) {
    try {
      workers.awaitEnd(END_OF_WORKERS);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return tasks.toString();
  }
}
