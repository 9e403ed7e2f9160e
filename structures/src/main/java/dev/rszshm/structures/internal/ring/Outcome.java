package dev.rszshm.structures.internal.ring;

/** What came of an attempt. */
public enum Outcome {
  DONE,
  /** Not now; whoever makes it possible signals. */
  NOT_YET,
  /** Not now, and whoever makes it possible may not signal. */
  BUSY,
  /** Never again: it was shut down. */
  SHUTDOWN,
  /** Not done, because the current thread was interrupted while it waited. */
  INTERRUPTED;

  /** Returns what a position says, or what a ring says instead of one. */
  public static Outcome of(long said) {
    if (said > 0) {
      return DONE;
    }
    return said == RingView.SHUTDOWN ? SHUTDOWN : said == RingView.BUSY ? BUSY : NOT_YET;
  }

  /** Whether trying again makes no difference. */
  boolean isFinal() {
    return this == DONE || this == SHUTDOWN;
  }

  /**
   * Returns this, unless it is INTERRUPTED.
   *
   * @throws InterruptedException if it is
   */
  public Outcome orThrow(Object what) throws InterruptedException {
    if (this == INTERRUPTED) {
      throw new InterruptedException("interrupted while waiting for " + what);
    }
    return this;
  }
}
