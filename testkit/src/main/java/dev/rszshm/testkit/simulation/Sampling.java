package dev.rszshm.testkit.simulation;

/** How random schedules are drawn. */
public enum Sampling {
  /**
   * Each process has a random priority, and the first that can go on does; at a few random steps,
   * as many as there may be preemptions, the one that runs becomes the last. An error that needs d
   * such changes in n steps of k processes is met with a probability of at least 1 / (k n^(d-1)) in
   * each run (PCT, probabilistic concurrency testing: Burckhardt, Kothari, Musuvathi and
   * Nagarakatte 2010).
   */
  PRIORITIES,

  /**
   * Each next step has a random priority of its own, and the first goes; who took one draws anew,
   * and so does whoever is about to touch the same word (POS, partial order sampling: Yuan, Yang
   * and Gu 2018). It spreads over the orders of conflicting steps rather than over all orders, and
   * needs no number of preemptions.
   */
  PARTIAL_ORDER,

  /** At each step any of those who can go on does. */
  UNIFORM
}
