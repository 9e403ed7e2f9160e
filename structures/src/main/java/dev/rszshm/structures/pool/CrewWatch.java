package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.pool.TaskQueue;
import dev.rszshm.structures.worker.WorkerExit;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/*
 * The thread that starts the workers of a pool, and replaces those that die.
 *
 * Layout
 * ------
 * Objects of this process only: WorkerCrew has the workers; a start that has failed is one of a round.
 *
 * Protocol
 * --------
 * Again and again: 1 each worker that starts: is it ready, has it ended, is its time over? 2 each that is ready: has it ended? Then
 * let go of it, and end what it has left; 3 start all that are missing at once: who is slow, or stopped, holds up nobody else. A
 * round is the starts that fail together; after each there is a pause, which grows. 4 Wait: for the end of a worker; a
 * moment while one starts; no longer than a second in any case, as the message of an end may be lost for want of memory.
 * A pool that is opened fails with its first start that fails, unless it bears that. Later it gives up: without any worker,
 * after a few rounds, and stops itself, so that who waits is told; with some, after more of them, and goes on with
 * those, until none is left.
 *
 * If a process dies here
 * ----------------------
 * Its workers end with it, or go on if they outlive it.
 *
 * If memory is short here
 * -----------------------
 * What has failed is done again after a pause. After many such pauses in a row the pool is stopped, which is tried as often.
 */
final class CrewWatch implements Runnable {
  /** After so many rounds a pool without workers gives up. */
  static final int MAX_ROUNDS_ALONE = 3;

  /** After so many rounds a pool with workers gives up. */
  static final int MAX_ROUNDS = 6;

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int MAX_SHIFT = 6;
  private static final long START_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long ADOPTED_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_SHORTAGES = 100;
  private static final Duration SHORTAGE = Duration.ofMillis(100);

  private final WorkerCrew crew;
  private final TaskQueue queue;
  private final Heap heap;
  private final PoolSpec spec;
  private final ClientTasks tasks;
  private final CrewReports reports;

  // Of the thread that watches.
  private int rounds;
  private boolean gaveUp;
  private long lastFailure = System.nanoTime();
  private long retryAt = lastFailure;

  CrewWatch(
      WorkerCrew crew, TaskQueue queue, PoolSpec spec, ClientTasks tasks, CrewReports reports) {
    this.crew = crew;
    this.queue = queue;
    this.heap = queue.tables().allocator().heap();
    this.spec = spec;
    this.tasks = tasks;
    this.reports = reports;
  }

  @Override
  public void run() {
    int shortages = 0;
    try {
      while (crew.isWatched()) {
        try {
          look();
          startMissing();
          shortages = 0;
          crew.awaitChange(pauseNanos());
        } catch (OutOfMemoryError e) {
          if (++shortages > MAX_SHORTAGES) {
            throw e;
          }
          TimeUnit.NANOSECONDS.sleep(SHORTAGE.toNanos());
        }
      }
    } catch (InterruptedException e) {
      // The pool is closed.
    } catch (RuntimeException | Error e) {
      if (heap.isOpen()) {
        breakDown(e);
        throw e;
      }
      crew.failToOpen(e);
    }
  }

  /** Nobody watches any more: tells who waits for tasks that there are no workers. */
  private void breakDown(Throwable why) {
    boolean told = false;
    for (int i = 0; !told && i < MAX_SHORTAGES && heap.isOpen(); i++) {
      try {
        if (crew.isOpening()) {
          crew.failToOpen(why);
        } else {
          stopPool("its workers are not watched any more: " + why);
        }
        told = true;
      } catch (OutOfMemoryError again) {
        heap.pause(SHORTAGE);
      }
    }
  }

  private void stopPool(String why) {
    tasks.setTrouble(why);
    int unused = queue.stop();
  }

  private void look() throws InterruptedException {
    boolean recovers = crew.removeAdopted();
    for (CrewMember member : crew.members()) {
      if (!member.isReady()) {
        if (crew.becomesReady(member)) {
          rounds = 0;
          gaveUp = false;
        } else {
          lookAtStart(member);
        }
      } else if (member.isGone(heap, queue.isShutDown())) {
        crew.tell(member);
        crew.remove(member);
        recovers = true;
      }
    }
    if (recovers) {
      queue.recover();
    }
    if (gaveUp && crew.isEmpty()) {
      gaveUp = false; // the last one has died: some rounds more
      rounds = 0;
    }
  }

  private void lookAtStart(CrewMember member) throws InterruptedException {
    WorkerStartException why = member.failedStart();
    if (why != null) {
      crew.remove(member);
      tasks.setReading(member.process().pid(), false);
      Optional<WorkerExit> exit = member.exit();
      member.process().kill();
      queue.recover();
      failed(member.process().name(), exit, why, member.started());
    }
  }

  private void failed(
      String worker, Optional<WorkerExit> exit, WorkerStartException why, long started) {
    reports.failedToStart(worker, exit, why);
    if (rounds == 0 || started - lastFailure > 0) {
      rounds++;
      lastFailure = System.nanoTime();
      retryAt = lastFailure + (PAUSE_NANOS << Math.min(rounds, MAX_SHIFT));
    }
    boolean alone = crew.isEmpty() && rounds >= MAX_ROUNDS_ALONE;
    if (crew.isOpening()) {
      if (alone || !spec.isTolerant()) {
        crew.failToOpen(why);
      }
    } else if (alone) {
      reports.gaveUp(String.valueOf(why.getMessage()));
      stopPool("no worker can be started any more: " + why.getMessage());
      gaveUp = true;
    } else if (rounds >= MAX_ROUNDS && !gaveUp) {
      reports.gaveUp(String.valueOf(why.getMessage()));
      gaveUp = true;
    }
  }

  /** Starts a worker for each that is missing; in a pool that was shut down, for what waits. */
  private void startMissing() {
    for (int missing = crew.missing(); missing > 0 && mayStart(); missing--) {
      try {
        crew.startOne();
      } catch (WorkerStartException e) {
        failed(crew.lastName(), Optional.empty(), e, System.nanoTime());
      }
    }
  }

  private boolean mayStart() {
    return !gaveUp
        && crew.isWatched()
        && System.nanoTime() - retryAt >= 0
        && (crew.isOpening() || hasWork());
  }

  private boolean hasWork() {
    return !queue.isStopped() && (!queue.isShutDown() || queue.waiting() > 0);
  }

  private long pauseNanos() {
    long nanos = crew.hasAdopted() ? ADOPTED_LOOK_NANOS : LOOK_NANOS;
    if (crew.members().stream().anyMatch(member -> !member.isReady())) {
      nanos = START_LOOK_NANOS;
    } else if (crew.missing() > 0 && !gaveUp) {
      nanos = Math.min(nanos, Math.max(START_LOOK_NANOS, retryAt - System.nanoTime()));
    }
    return nanos;
  }
}
