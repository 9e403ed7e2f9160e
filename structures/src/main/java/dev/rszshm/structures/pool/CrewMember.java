package dev.rszshm.structures.pool;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.structures.worker.WorkerExit;
import dev.rszshm.structures.worker.WorkerProcess;
import dev.rszshm.structures.worker.errors.WorkerStartException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker that this process has started, from its start to its end. */
final class CrewMember {
  /** How long a start may take. */
  static final Duration START = Duration.ofSeconds(60);

  /** So long after its end a worker is let go of which nobody has said how it ended. */
  private static final long UNEXPLAINED_NANOS = TimeUnit.SECONDS.toNanos(3);

  private final int number;
  private final WorkerProcess process;
  private final long started = System.nanoTime();

  // Changed by the thread that watches the workers, in the monitor of the crew.
  private boolean ready;
  private int tag;
  private long goneSince;

  /** Whether its end has been told. */
  private boolean told;

  /**
   * One that was just started.
   *
   * @param number counts those of its pool
   */
  CrewMember(int number, WorkerProcess process) {
    this.number = number;
    this.process = process;
  }

  int number() {
    return number;
  }

  WorkerProcess process() {
    return process;
  }

  /** When it was started, as {@link System#nanoTime} has it. */
  long started() {
    return started;
  }

  boolean isReady() {
    return ready;
  }

  boolean isRunning() {
    return process.exited().isEmpty();
  }

  /** The tag of its attachment; 0 if that is not known. */
  int tag() {
    return tag;
  }

  /** Notes that it is ready, if it has just become so; returns whether it has. */
  boolean becomesReady(Heap heap) {
    if (ready || !process.isReady()) {
      return false;
    }
    tag =
        heap.participants().stream()
            .filter(participant -> participant.pid() == process.pid())
            .max(Comparator.comparing(Participant::attached)) // of an earlier process with that pid
            .map(Participant::tag)
            .orElse(0);
    ready = true;
    return true;
  }

  /** Why it has failed to start; null if it has not, or not yet. */
  @Nullable WorkerStartException failedStart() throws InterruptedException {
    if (isRunning()) {
      return System.nanoTime() - started > START.toNanos()
          ? new WorkerStartException(process + " is not ready after " + START.toSeconds() + " s")
          : null;
    }
    try {
      boolean unused = process.awaitReady(Duration.ZERO);
      return null;
    } catch (WorkerStartException e) {
      return e;
    }
  }

  /**
   * Returns whether it has ended. There are two to say so: the system, and, should the message of
   * that be lost for want of memory, the lock of its attachment. One that was told to end gives
   * that back before its hooks run.
   */
  boolean isGone(Heap heap, boolean toldToEnd) {
    if (!isRunning()) {
      return true;
    }
    boolean ended = !process.isAlive() || (!toldToEnd && tag != 0 && !heap.isAlive(tag));
    if (!ended) {
      goneSince = 0;
      return false;
    }
    if (goneSince == 0) {
      goneSince = System.nanoTime() | 1;
    }
    if (System.nanoTime() - goneSince < UNEXPLAINED_NANOS) {
      return false;
    }
    process.kill(); // without its heap it is of no use
    return true;
  }

  /** Returns whether its end is still to be told, which is for the caller then. */
  synchronized boolean takeTelling() {
    boolean first = !told;
    told = true;
    return first;
  }

  /** Lets its end be told again: it could not be. */
  synchronized void untold() {
    told = false;
  }

  Optional<WorkerExit> exit() {
    return process.exited();
  }
}
