package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.internal.pool.DeathNotes;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.internal.worker.LastLines;
import dev.rszshm.structures.worker.WorkerExit;
import dev.rszshm.structures.worker.WorkerLauncher;
import dev.rszshm.structures.worker.WorkerProcess;
import dev.rszshm.structures.worker.WorkerSpec;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The workers of a pool in the process that has started them: one thread that starts them, hears of
 * their deaths, tells how they died, ends what they left and starts others.
 */
final class WorkerCrew {
  private static final Duration START = Duration.ofSeconds(60);
  private static final int MAX_FAILED_STARTS = 3;
  private static final long LOOK_MILLIS = 50;
  private static final int LAST_LINES = 2;
  private static final int MAX_SHIFT = 6;
  private static final int SHORTEST_LINE = 60;

  /** What stands before and behind each line of a note. */
  private static final int LINE_START = 8;

  private final TaskQueue queue;
  private final Heap heap;
  private final DeathNotes notes;
  private final PoolSpec spec;
  private final String name;
  private final WorkerSpec template;
  private final ClientTasks tasks;

  // In the monitor of this object.
  private final Set<WorkerProcess> workers = new HashSet<>();
  private final Set<Integer> adopted = new HashSet<>();
  private int number;
  private int failedStarts;
  private boolean ended;
  private boolean left;
  private @Nullable Thread thread;

  WorkerCrew(TaskQueue queue, PoolSpec spec, String name, WorkerSpec template, ClientTasks tasks) {
    this.queue = queue;
    this.heap = queue.tables().allocator().heap();
    this.notes = tasks.notes();
    this.spec = spec;
    this.name = name;
    this.template = template;
    this.tasks = tasks;
  }

  /**
   * Adopts the workers that are there, starts those that are missing, and waits until they are
   * ready.
   *
   * @throws WorkerStartException if one does not come up; then none is left that was started here
   */
  void start() throws InterruptedException {
    adopted.addAll(queue.workerTags());
    List<WorkerProcess> starting = new ArrayList<>();
    boolean ready = false;
    try {
      for (int i = adopted.size(); i < spec.workers(); i++) {
        starting.add(startOne());
      }
      for (WorkerProcess worker : starting) {
        await(worker);
      }
      ready = true;
    } finally {
      if (!ready) {
        starting.forEach(WorkerProcess::close);
      }
    }
    Thread watching = new Thread(this::watch, "workers-of-" + name);
    watching.setDaemon(true);
    thread = watching;
    watching.start();
  }

  private WorkerProcess startOne() {
    int own;
    synchronized (this) {
      own = ++number;
    }
    WorkerProcess worker = WorkerLauncher.start(template.withName(name + "-" + own));
    tasks.setReading(worker.pid(), true);
    return worker;
  }

  private void await(WorkerProcess worker) throws InterruptedException {
    if (!worker.awaitReady(START)) {
      throw new WorkerStartException(worker + " is not ready after " + START.toSeconds() + " s");
    }
    int tag =
        heap.participants().stream()
            .filter(p -> p.pid() == worker.pid())
            .mapToInt(Participant::tag)
            .findFirst()
            .orElse(0);
    synchronized (this) {
      workers.add(worker);
      failedStarts = 0;
    }
    worker.onExit().thenAccept(exit -> hear(worker, tag, exit));
  }

  /** Hears that a worker has ended, in a thread of its own: the others may be starting workers. */
  private void hear(WorkerProcess worker, int tag, WorkerExit exit) {
    try {
      tasks.setReading(worker.pid(), false);
      notes.tell(tag, describe(worker, exit));
      queue.recover();
    } catch (IllegalStateException e) {
      if (heap.isOpen()) {
        throw e;
      }
    } finally {
      synchronized (this) {
        notifyAll();
      }
    }
  }

  // Watching.

  private void watch() {
    try {
      while (awaitChange()) {
        buryTheDead();
        queue.recover();
        replace();
      }
    } catch (InterruptedException e) {
      // The pool is closed.
    } catch (RuntimeException e) {
      if (heap.isOpen()) {
        stopWatching(e);
        throw e;
      }
    } catch (Error e) {
      stopWatching(e);
      throw e;
    }
  }

  /** Tells who waits for tasks that nobody sees to it any more that there are workers. */
  private void stopWatching(Throwable why) {
    try {
      giveUp("its workers are not watched any more: " + why);
    } catch (RuntimeException | Error e) {
      why.addSuppressed(e); // of a heap that was closed meanwhile, or of the same want of memory
    }
  }

  private synchronized boolean awaitChange() throws InterruptedException {
    while (!ended && workers.stream().allMatch(WorkerCrew::isThere)) {
      if (!adopted.isEmpty()) {
        wait(LOOK_MILLIS);
        return !ended;
      }
      wait();
    }
    return !ended;
  }

  private static boolean isThere(WorkerProcess worker) {
    return worker.exited().isEmpty();
  }

  private synchronized void buryTheDead() {
    adopted.removeIf(tag -> !heap.isAlive(tag));
    workers.removeIf(worker -> !isThere(worker));
  }

  /** How a worker has ended, in so few bytes that they fit into a note. */
  private static String describe(WorkerProcess worker, WorkerExit exit) {
    String how = worker + " ended with " + exit.describe();
    List<String> lines = LastLines.digest(exit.lastErrors(), LAST_LINES);
    if (lines.isEmpty()) {
      return how;
    }
    int each = Math.max(SHORTEST_LINE, (DeathNotes.MAX_TEXT - how.length()) / lines.size());
    StringBuilder text = new StringBuilder(how).append("; it wrote:");
    for (String line : lines) {
      text.append("\n  ").append(cut(line.strip(), each - LINE_START));
    }
    return text.toString();
  }

  private static String cut(String line, int length) {
    return line.length() <= length ? line : line.substring(0, length - 1) + "…";
  }

  /** Starts a worker for each that is missing; in a pool that was shut down, one for what waits. */
  private void replace() throws InterruptedException {
    while (isOneMissing() && (!queue.isShutDown() || queue.waiting() > 0) && !queue.isStopped()) {
      WorkerProcess worker = null;
      boolean settled = false;
      try {
        worker = startOne();
        await(worker);
        settled = true;
      } catch (WorkerStartException e) {
        failed(e);
      } finally {
        if (!settled && worker != null) {
          worker.close();
        }
      }
    }
  }

  private synchronized boolean isOneMissing() {
    return !ended && workers.size() + adopted.size() < spec.workers();
  }

  private void failed(WorkerStartException e) throws InterruptedException {
    boolean tooOften;
    int times;
    synchronized (this) {
      times = ++failedStarts;
      tooOften = failedStarts >= MAX_FAILED_STARTS && workers.isEmpty() && adopted.isEmpty();
    }
    if (tooOften) {
      giveUp("no worker can be started any more: " + e.getMessage());
      synchronized (this) {
        ended = true;
      }
    } else {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS << Math.min(times, MAX_SHIFT));
    }
  }

  private void giveUp(String why) {
    tasks.setTrouble(why);
    queue.stop();
  }

  // Ending.

  /** The process ids of the workers that this process has started and that run. */
  synchronized List<Long> pids() {
    return workers.stream().filter(WorkerCrew::isThere).map(WorkerProcess::pid).toList();
  }

  /** Lets the workers go on without this process. */
  void leave() {
    synchronized (this) {
      left = true;
      ended = true;
      notifyAll();
    }
    joinThread();
  }

  /**
   * Waits until all workers that were started here have ended, which they do when the pool is shut
   * down.
   *
   * @return false if the time is over
   */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    List<WorkerProcess> all;
    synchronized (this) {
      all = left ? List.of() : List.copyOf(workers);
    }
    long until = System.nanoTime() + Math.min(timeout.toMillis(), Integer.MAX_VALUE) * 1_000_000L;
    for (WorkerProcess worker : all) {
      Duration rest = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
      if (worker.awaitExit(rest).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Ends the workers that are left, at once. */
  void kill() {
    synchronized (this) {
      ended = true;
      notifyAll();
    }
    joinThread();
    List<WorkerProcess> all;
    synchronized (this) {
      all = left ? List.of() : List.copyOf(workers);
    }
    all.forEach(WorkerProcess::close);
    if (heap.isOpen()) {
      queue.recover();
    }
  }

  private void joinThread() {
    Thread watching = thread;
    if (watching != null && watching != Thread.currentThread()) {
      watching.interrupt();
      try {
        watching.join(TimeUnit.SECONDS.toMillis(START.toSeconds()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
