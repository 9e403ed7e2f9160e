package dev.rszshm.structures.internal.ring;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.channel.errors.PeerDiedException;
import dev.rszshm.sync.Deadline;
import dev.rszshm.sync.EventCount;

/**
 * Waits until something can be done, and does it: tries a few times, and then sleeps between tries.
 */
public final class Patience {
  /** What came of a try. */
  public enum Outcome {
    DONE,
    /** Not now; whoever makes it possible signals. */
    NOT_YET,
    /** Not now, and whoever makes it possible may not signal. */
    BUSY,
    /** Never again: it was shut down. */
    SHUTDOWN;

    /** What a ring says instead of a position. */
    public static Outcome of(long said) {
      return said == Ring.SHUTDOWN ? SHUTDOWN : said == Ring.BUSY ? BUSY : NOT_YET;
    }
  }

  /** Something that can be done, or not yet. */
  @FunctionalInterface
  public interface Attempt {
    Outcome make();
  }

  /** Those without whom it will not be possible. */
  @FunctionalInterface
  public interface Others {
    /** What to {@link #tell} of, if none of them is left and that is not known; otherwise 0. */
    long departure(long known);

    /** The last departure that somebody was told of. */
    default long known() {
      return 0;
    }

    /** Notes that somebody is told. */
    default void tell(long departure) {}
  }

  /** As long as somebody who is not stopped needs to write a message, and a little. */
  private static final long BUSY_NANOS = 1_000_000;

  /** Then it is stopped, or takes its time, and signals. */
  private static final int BUSY_SLEEPS = 50;

  /** How often a thread that waits asks whether those it waits for live: within one sleep. */
  private static final long QUESTION_NANOS = 45_000_000;

  private final Heap heap;

  public Patience(Heap heap) {
    this.heap = heap;
  }

  /**
   * Tries until it is done, or closed, or the deadline has passed.
   *
   * @param event what is signalled when it may be possible
   * @param others who can make it possible, null if it does not matter whether they live
   * @param wait how long
   * @throws PeerDiedException if all of them are gone
   */
  public Outcome await(EventCount event, Attempt attempt, Wait wait, Others others)
      throws InterruptedException {
    if (wait.isInterruptible() && Thread.interrupted()) {
      throw new InterruptedException("interrupted before waiting");
    }
    Outcome outcome = attempt.make();
    if (!isFinal(outcome)) {
      Outcome[] last = {outcome};
      event.spin(
          () -> {
            last[0] = attempt.make();
            return isFinal(last[0]);
          });
      outcome = last[0];
    }
    return isFinal(outcome) ? outcome : sleepBetween(event, attempt, wait, others);
  }

  private Outcome sleepBetween(EventCount event, Attempt attempt, Wait wait, Others others)
      throws InterruptedException {
    boolean ended = false;
    try {
      Outcome outcome = sleepUntilFinal(event, attempt, wait, others);
      ended = true;
      return outcome;
    } finally {
      if (!ended && heap.isOpen()) {
        event.signalOne(); // what has woken this thread was perhaps meant for another
      }
    }
  }

  private Outcome sleepUntilFinal(EventCount event, Attempt attempt, Wait wait, Others others)
      throws InterruptedException {
    Deadline deadline = wait.deadline();
    int busy = 0;
    // Of several threads that wait, each is told of what happens while it waits.
    long known = others == null ? 0 : others.known();
    Deadline question = Deadline.after(heap, QUESTION_NANOS);
    while (true) {
      int key = event.prepare();
      Outcome outcome = attempt.make();
      if (isFinal(outcome) || deadline.hasPassed()) {
        return outcome;
      }
      boolean shortly = outcome == Outcome.BUSY && busy++ < BUSY_SLEEPS;
      event.sleep(key, shortly ? shortly(deadline) : deadline);
      if (wait.isInterruptible() && Thread.interrupted()) {
        throw new InterruptedException("interrupted while waiting");
      }
      if (others == null || !question.hasPassed()) {
        continue;
      }
      // However the sleeps have ended: signals and wake-ups of others do not put it off.
      long departure = others.departure(known);
      question = Deadline.after(heap, QUESTION_NANOS);
      // They may have done it before they went.
      outcome = attempt.make();
      if (isFinal(outcome)) {
        return outcome;
      }
      if (departure != 0) {
        others.tell(departure);
        throw new PeerDiedException(
            "all who were at the other end have died or detached: wait again for others, or close"
                + " the channel");
      }
    }
  }

  private static boolean isFinal(Outcome outcome) {
    return outcome == Outcome.DONE || outcome == Outcome.SHUTDOWN;
  }

  private Deadline shortly(Deadline deadline) {
    return deadline.remainingNanos() < BUSY_NANOS ? deadline : Deadline.after(heap, BUSY_NANOS);
  }
}
