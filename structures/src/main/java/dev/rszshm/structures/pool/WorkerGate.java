package dev.rszshm.structures.pool;

import java.util.concurrent.TimeUnit;

/*
 * The threads of one worker, and the tasks that run alone in it: those that were running with others in a worker that died. If
 * this one dies as well, it is known of what (TaskRecovery).
 *
 * Layout
 * ------
 * Objects of this process only: how many tasks run, and whether the gate is closed.
 *
 * Protocol
 * --------
 * A thread takes a task when the gate is open, and does not begin it yet. It enters; is the gate closed by now? Then it puts the
 * task back, and waits until the gate is open. A thread with a task that is to run alone closes the gate instead, waits
 * until those that have entered have left, begins the task, and opens the gate when it has ended. It waits no longer
 * than a time, and nor do those at the gate: a task that does not end keeps no other one from being run.
 *
 * If a process dies here
 * ----------------------
 * Nothing is left.
 */

/** Lets a task that may have killed a worker run alone in the next one, if that can be had soon. */
final class WorkerGate {
  private static final long LONGEST_SECONDS = 10;

  private final long longestNanos;

  // In the monitor of this object.
  private int running;
  private boolean isClosed;

  WorkerGate() {
    this(TimeUnit.SECONDS.toNanos(LONGEST_SECONDS));
  }

  /**
   * A gate that is open.
   *
   * @param longestNanos how long a task waits for others, and others for one that runs alone
   */
  WorkerGate(long longestNanos) {
    this.longestNanos = longestNanos;
  }

  /** Waits until the gate is open. Opens it if that takes too long. */
  synchronized void awaitOpen() {
    long begin = System.nanoTime();
    while (isClosed) {
      long left = longestNanos - (System.nanoTime() - begin);
      if (left <= 0) {
        open();
        return;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        // It came for a task that has ended: this thread has none.
      }
    }
  }

  /** Says that a task begins; false if the gate is closed. */
  synchronized boolean enter() {
    if (isClosed) {
      return false;
    }
    running++;
    return true;
  }

  /** Says that a task that has entered has ended. */
  synchronized void leave() {
    running--;
    notifyAll();
  }

  /** Closes the gate; false if somebody else has. */
  synchronized boolean close() {
    if (isClosed) {
      return false;
    }
    isClosed = true;
    return true;
  }

  /** Waits until no task runs that has entered, or for a time. */
  synchronized void awaitAlone() throws InterruptedException {
    long begin = System.nanoTime();
    while (running > 0) {
      long left = longestNanos - (System.nanoTime() - begin);
      if (left <= 0) {
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Opens the gate. */
  synchronized void open() {
    isClosed = false;
    notifyAll();
  }
}
