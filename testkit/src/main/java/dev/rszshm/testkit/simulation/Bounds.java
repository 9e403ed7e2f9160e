package dev.rszshm.testkit.simulation;

/**
 * How far an exploration goes.
 *
 * @param preemptions how often a process that could go on is stopped in favour of another; a switch
 *     where the running process ends, sleeps or is killed is free
 * @param kills how many processes are killed
 * @param staleLoads how many loads get an older value than the last, where their order allows it
 * @param steps after how many steps an execution counts as endless
 * @param schedules after how many schedules the exploration gives up
 * @param bulkSteps how many steps a copy or a fill has at most: {@link #UNLIMITED} for one at each
 *     word. With fewer, equal parts of it happen at once, so that others see it cut off in fewer
 *     places: 2 still shows that a copy is not atomic, and that its maker can die in it
 * @param looks how often a process may look in vain, in a loop in which nothing changes, before it
 *     stands until something does. With fewer looks than a loop has that gives up and sleeps, its
 *     sleep is not met beside those who are still at work. A process that goes on looking after
 *     some 48 looks, although others could go on, costs a preemption
 * @param stops how many processes are stopped, as with SIGSTOP, until all others have ended; a
 *     survivor is not
 */
public record Bounds(
    int preemptions,
    int kills,
    int staleLoads,
    int steps,
    long schedules,
    int bulkSteps,
    int looks,
    int stops) {
  /** More preemptions than any execution has steps. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /**
   * Two preemptions, no kill, no stale load, 20,000 steps, ten million schedules; a step for each
   * word of a copy, 256 looks in a loop.
   */
  public static final Bounds DEFAULT = new Bounds(2, 0, 0, 20_000, 10_000_000);

  private static final int LOOKS = 256;

  /** Checks that nothing is negative. */
  public Bounds {
    if (preemptions < 0
        || kills < 0
        || staleLoads < 0
        || steps < 1
        || schedules < 1
        || bulkSteps < 1
        || looks < 1
        || stops < 0) {
      throw new IllegalArgumentException(
          "bounds are not negative, and at least one step, one schedule, one step of a copy"
              + " and one look are needed; found "
              + preemptions
              + " preemptions, "
              + kills
              + " kills, "
              + staleLoads
              + " stale loads, "
              + steps
              + " steps, "
              + schedules
              + " schedules, "
              + bulkSteps
              + " steps of a copy, "
              + looks
              + " looks, "
              + stops
              + " stops");
    }
  }

  /** Bounds with a step for each word of a copy, and 256 looks in a loop. */
  public Bounds(int preemptions, int kills, int staleLoads, int steps, long schedules) {
    this(preemptions, kills, staleLoads, steps, schedules, UNLIMITED, LOOKS, 0);
  }

  /** Other numbers of preemptions. */
  public Bounds preemptions(int number) {
    return new Bounds(number, kills, staleLoads, steps, schedules, bulkSteps, looks, stops);
  }

  /** Another number of kills. */
  public Bounds kills(int number) {
    return new Bounds(preemptions, number, staleLoads, steps, schedules, bulkSteps, looks, stops);
  }

  /** Another number of stale loads. */
  public Bounds staleLoads(int number) {
    return new Bounds(preemptions, kills, number, steps, schedules, bulkSteps, looks, stops);
  }

  /** Another length of an endless execution. */
  public Bounds steps(int number) {
    return new Bounds(preemptions, kills, staleLoads, number, schedules, bulkSteps, looks, stops);
  }

  /** Another limit of the schedules. */
  public Bounds schedules(long number) {
    return new Bounds(preemptions, kills, staleLoads, steps, number, bulkSteps, looks, stops);
  }

  /** Another number of steps of a copy. */
  public Bounds bulkSteps(int number) {
    return new Bounds(preemptions, kills, staleLoads, steps, schedules, number, looks, stops);
  }

  /** Another number of looks in a loop in which nothing changes. */
  public Bounds looks(int number) {
    return new Bounds(preemptions, kills, staleLoads, steps, schedules, bulkSteps, number, stops);
  }

  /** Another number of stops. */
  public Bounds stops(int number) {
    return new Bounds(preemptions, kills, staleLoads, steps, schedules, bulkSteps, looks, number);
  }
}
