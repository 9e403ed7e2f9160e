package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.worker.WorkerLauncher;
import dev.rszshm.structures.worker.WorkerProcess;
import dev.rszshm.structures.worker.WorkerSpec;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool in the process that has started them: who they are, and their end. A thread
 * of their own starts them, see {@link CrewWatch}.
 */
final class WorkerCrew {
  private static final long JOIN_MILLIS = 60_000;

  private final TaskQueue queue;
  private final Heap heap;
  private final PoolSpec spec;
  private final String name;
  private final ClientTasks tasks;
  private final CrewReports reports;
  private final WorkerSpec template;
  private final WorkerArguments arguments;
  private final AdoptedWorkers adopted;
  private final WorkerEnds ends;
  private final CrewEnd end;
  private final Function<WorkerSpec, WorkerProcess> launcher;

  // In the monitor of this object.
  private final List<CrewMember> members = new ArrayList<>();

  /** How many have been started. */
  private int number;

  /** How many were to be started when the pool was opened. */
  private int first;

  private int readyOnce;
  private boolean opening = true;
  private boolean changed;
  private boolean ended;
  private boolean left;
  private @Nullable Throwable startFailure;
  private @Nullable Thread thread;

  WorkerCrew(TaskQueue queue, PoolSpec spec, String name, ClientTasks tasks) {
    this(queue, spec, name, tasks, WorkerLauncher::start);
  }

  /**
   * Makes one.
   *
   * @param launcher starts a process; another one than that of the system is for tests
   */
  WorkerCrew(
      TaskQueue queue,
      PoolSpec spec,
      String name,
      ClientTasks tasks,
      Function<WorkerSpec, WorkerProcess> launcher) {
    this.queue = queue;
    this.heap = queue.tables().allocator().heap();
    this.spec = spec;
    this.name = name;
    this.tasks = tasks;
    this.launcher = launcher;
    this.adopted = new AdoptedWorkers(heap);
    this.arguments = WorkerArguments.of(queue.tables(), spec);
    this.reports = new CrewReports(queue.tables(), name, spec.listener());
    this.ends = new WorkerEnds(tasks, reports);
    this.end = new CrewEnd(this, queue, adopted, reports);
    this.template =
        spec.worker(WorkerSpec.of(PoolWorker.class).outlives(spec.outliving().isPresent()));
  }

  /**
   * Adopts the workers that are there, starts those that are missing, and waits until they are
   * ready; if the pool bears workers that do not come up, until one is.
   *
   * @throws WorkerStartException if they do not come up; then none is left that was started here
   */
  void start() throws InterruptedException {
    boolean up = false;
    try {
      synchronized (this) {
        queue.workerTags().forEach(adopted::add);
        first = spec.workers() - adopted.size();
        CrewWatch watch = new CrewWatch(this, queue, spec, tasks, reports);
        Thread watching = new Thread(watch, "workers-of-" + name);
        watching.setDaemon(true);
        watching.start();
        thread = watching;
      }
      awaitUp();
      up = true;
    } finally {
      if (!up) {
        end.killStarted();
        if (heap.isOpen()) {
          queue.recover();
        }
        reports.close();
      }
    }
  }

  private synchronized void awaitUp() throws InterruptedException {
    while (!isUp()) {
      if (startFailure instanceof Error e) {
        throw e;
      }
      if (startFailure instanceof WorkerStartException e) {
        throw new WorkerStartException(String.valueOf(e.getMessage()), e);
      }
      if (startFailure != null) {
        throw new IllegalStateException("no worker can be started", startFailure);
      }
      wait();
    }
    opening = false;
  }

  /** Whether all have been ready once: a pool that is shut down meanwhile may not keep them. */
  private boolean isUp() {
    return readyOnce >= first
        || (spec.isTolerant()
            && readyOnce + adopted.size() > 0
            && number >= first
            && members.stream().noneMatch(this::isOfTheFirst));
  }

  /** Whether a worker starts yet that was started when the pool was opened. */
  private boolean isOfTheFirst(CrewMember member) {
    return !member.isReady() && member.number() <= first;
  }

  // For the thread that watches.

  /** Returns whether the pool waits for its first workers yet. */
  synchronized boolean isOpening() {
    return opening;
  }

  /** Tells who opens the pool that no worker comes up. */
  synchronized void failToOpen(Throwable why) {
    startFailure = why;
    notifyAll();
  }

  /** Returns whether the workers are to be watched. */
  synchronized boolean isWatched() {
    return !ended && startFailure == null;
  }

  synchronized List<CrewMember> members() {
    return List.copyOf(members);
  }

  /** Returns whether there is no worker, nor one that starts. */
  synchronized boolean isEmpty() {
    return members.isEmpty() && adopted.size() == 0;
  }

  /** Returns how many workers there are fewer than there should be. */
  synchronized int missing() {
    return spec.workers() - members.size() - adopted.size();
  }

  boolean hasAdopted() {
    return adopted.size() > 0;
  }

  /** Starts a worker, and does not wait for it. */
  void startOne() {
    int own;
    synchronized (this) {
      own = ++number;
    }
    String worker = name(own);
    WorkerSpec named = template.withName(worker).withArguments(arguments.of(worker));
    WorkerProcess process = launcher.apply(named);
    boolean added = false;
    try {
      CrewMember member = new CrewMember(own, process);
      tasks.setReading(process.pid(), true);
      CompletableFuture<Void> unused = process.onExit().thenAccept(exit -> hear(member));
      synchronized (this) {
        members.add(member);
      }
      added = true;
    } finally {
      if (!added) {
        process.kill(); // for want of memory, which the caller gets over
      }
    }
  }

  private String name(int own) {
    return name + "-" + own;
  }

  /** Returns the name of the worker that was started last. */
  synchronized String lastName() {
    return name(number);
  }

  /** Notes what a worker says of itself; returns whether it has just become ready. */
  boolean becomesReady(CrewMember member) {
    boolean ready;
    synchronized (this) {
      ready = member.becomesReady(heap);
      if (ready) {
        readyOnce++;
        notifyAll();
      }
    }
    if (ready) {
      WorkerProcess process = member.process();
      Duration time = Duration.ofNanos(System.nanoTime() - member.started());
      reports.started(process.name(), process.pid(), time);
    }
    return ready;
  }

  synchronized void remove(CrewMember member) {
    members.remove(member);
    notifyAll();
  }

  /** Lets go of the adopted that have died; returns whether any has. */
  boolean removeAdopted() {
    List<Long> dead = adopted.removeDead();
    if (!queue.isShutDown()) {
      dead.forEach(pid -> reports.died(WorkerDeath.ADOPTED, pid, Optional.empty()));
    }
    return !dead.isEmpty();
  }

  /** Waits until something may have changed, or the time is over. */
  synchronized void awaitChange(long nanos) throws InterruptedException {
    if (!changed && !ended) {
      TimeUnit.NANOSECONDS.timedWait(this, nanos);
    }
    changed = false;
  }

  /** Hears that a worker has ended, in a thread of its own, so that nobody waits to be told. */
  private void hear(CrewMember member) {
    try {
      tell(member);
    } finally {
      synchronized (this) {
        changed = true;
        notifyAll();
      }
    }
  }

  /** Tells how a worker has ended, and ends what it has left, unless that is done already. */
  void tell(CrewMember member) {
    boolean ready;
    boolean expected;
    synchronized (this) {
      ready = member.isReady();
      expected = ended;
    }
    if (ready) { // of one that was not, the start has failed
      ends.tell(member, expected);
    }
  }

  // For the pool.

  /** The process ids of the workers that this process has started and that run. */
  synchronized List<Long> pids() {
    return members.stream()
        .filter(member -> member.isReady() && member.isRunning())
        .map(member -> member.process().pid())
        .toList();
  }

  /** Returns what ends the workers. */
  CrewEnd end() {
    return end;
  }

  /** Returns whether a worker is there yet that does not go on without this process. */
  synchronized boolean isAnyThere() {
    return !left && (members.stream().anyMatch(CrewMember::isRunning) || adopted.isAnyAlive());
  }

  /** Returns whether the workers go on without this process. */
  synchronized boolean hasLeft() {
    return left;
  }

  /**
   * Ends the thread that watches the workers.
   *
   * @param leaves whether they go on without this process
   */
  void endWatch(boolean leaves) {
    Thread watching;
    synchronized (this) {
      left |= leaves;
      ended = true;
      watching = thread;
      notifyAll();
    }
    if (watching != null && watching != Thread.currentThread()) {
      watching.interrupt();
      boolean interrupted = Thread.interrupted();
      try {
        watching.join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
