package dev.rszshm.testkit.simulation;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Kills the processes of a scenario at each of their stores, lets the recovery run on what they
 * left, and checks; then kills the recovery at each of its stores as well. {@link
 * Simulation#crashes} makes one.
 *
 * <p>The processes run one after the other, so this is fast, and exact: for a process that nobody
 * disturbs, every death is tried. What others do meanwhile is what {@link Simulation#kills} is for.
 *
 * <p>A death leaves the stores before it. But compilers and processors may carry out plain and
 * opaque stores late, so a death is also tried without some of the last of them, in every way that
 * the order of the accesses allows.
 */
public final class CrashReplay {
  private static final long MOST_CRASHES = 1_000_000;

  private final Supplier<World> world;
  private final ProcessBody setUp;
  private final Consumer<Scenario> teller;
  private final Bounds bounds;
  private final int kills;
  private final int stride;
  private final boolean reordering;
  private final long mostCrashes;
  private final Supplier<ProgressWatch.Listening> listening;

  CrashReplay(
      Supplier<World> world,
      ProcessBody setUp,
      Consumer<Scenario> teller,
      Bounds bounds,
      Supplier<ProgressWatch.Listening> listening) {
    this(world, setUp, teller, bounds, 2, 1, true, MOST_CRASHES, listening);
  }

  private CrashReplay(
      Supplier<World> world,
      ProcessBody setUp,
      Consumer<Scenario> teller,
      Bounds bounds,
      int kills,
      int stride,
      boolean reordering,
      long mostCrashes,
      Supplier<ProgressWatch.Listening> listening) {
    this.world = world;
    this.setUp = setUp;
    this.teller = teller;
    this.bounds = bounds;
    this.kills = kills;
    this.stride = stride;
    this.reordering = reordering;
    this.mostCrashes = mostCrashes;
    this.listening = listening;
  }

  /** Sets how many kills there are in one run; 2 otherwise: all pairs of deaths. */
  public CrashReplay kills(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("a crash replay kills at least once, found " + number);
    }
    return new CrashReplay(
        world, setUp, teller, bounds, number, stride, reordering, mostCrashes, listening);
  }

  /**
   * Sets how many of the second and later deaths are tried: one in so many, another one after each
   * first death, so that together they come at every place. All first deaths are tried. It is 1
   * otherwise: all.
   */
  public CrashReplay laterKillsOneIn(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("one death in how many is at least 1, found " + number);
    }
    return new CrashReplay(
        world, setUp, teller, bounds, kills, number, reordering, mostCrashes, listening);
  }

  /** Leaves every store where the program has it. */
  public CrashReplay inProgramOrder() {
    return new CrashReplay(
        world, setUp, teller, bounds, kills, stride, false, mostCrashes, listening);
  }

  /** Sets how many deaths are tried at most; a million otherwise. */
  public CrashReplay atMost(long crashes) {
    return new CrashReplay(
        world, setUp, teller, bounds, kills, stride, reordering, crashes, listening);
  }

  /**
   * Tries all deaths.
   *
   * @throws CrashFailure if something fails, without any crash or after one
   */
  public CrashReport run() {
    CrashRuns runs = new CrashRuns(world.get(), setUp, teller, bounds);
    long start = System.nanoTime();
    Tally tally = new Tally(new ProgressWatch(listening.get()));
    int effects = runs.requireSuccess(CrashCase.NONE).effects();
    killEverywhere(runs, CrashCase.NONE, effects, 0, 1, tally);
    return new CrashReport(
        runs.effects(),
        tally.crashes,
        tally.reordered,
        kills,
        tally.crashes < mostCrashes,
        System.nanoTime() - start);
  }

  private static final class Tally {
    private long crashes;
    private long reordered;
    private final ProgressWatch progress;

    Tally(ProgressWatch progress) {
      this.progress = progress;
    }

    void tried(CrashRun run, CrashCase crash) {
      crashes++;
      progress.ran(run.steps(), 0, 0, crash.kills().size());
    }
  }

  private void killEverywhere(
      CrashRuns runs, CrashCase before, int effects, int first, int step, Tally tally) {
    for (int after = first; after <= effects && tally.crashes < mostCrashes; after += step) {
      CrashCase crash = before.with(after, 0);
      CrashRun run = runs.requireSuccess(crash);
      if (!run.isAsWanted()) {
        return; // nobody is there to be killed any more
      }
      tally.tried(run, crash);
      for (long lost : reordering ? run.losses() : List.<Long>of()) {
        CrashCase reordered = before.with(after, lost);
        tally.reordered++;
        tally.tried(runs.requireSuccess(reordered), reordered);
      }
      if (crash.kills().size() < kills) {
        killEverywhere(runs, crash, run.effects(), after % stride, stride, tally);
      }
    }
  }

  /**
   * Tries one death again.
   *
   * @param crash as a failure shows it
   * @throws CrashFailure if it fails
   * @throws IllegalArgumentException if it is none, or does not fit
   */
  public void replay(String crash) {
    CrashRuns runs = new CrashRuns(world.get(), setUp, teller, bounds);
    CrashRun run = runs.requireSuccess(CrashCase.parse(crash));
    if (!run.isAsWanted()) {
      throw new IllegalArgumentException(
          "crash "
              + crash
              + " does not fit: the processes have ended before. It belongs to another"
              + " scenario");
    }
  }
}
