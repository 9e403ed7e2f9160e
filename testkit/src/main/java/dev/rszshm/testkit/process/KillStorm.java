package dev.rszshm.testkit.process;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;

/**
 * Kills workers one after the other, starts another in the place of each, and has everything
 * checked in between.
 *
 * <pre>{@code
 * StormReport report =
 *     KillStorm.of(WorkerJvm.of(Depositor.class), index -> List.of(path, index))
 *         .workers(3)
 *         .kills(1000)
 *         .onLine((worker, line) -> deposits[worker] = Long.parseLong(line))
 *         .check(scene -> requireAllDepositsIn(heap))
 *         .run();
 * }</pre>
 *
 * <p>The job works in a loop until {@link WorkerContext#isDismissed}, and says to the test what it
 * has completed. Who dies when, and who stands still meanwhile, follows from a seed. Some victims
 * kill themselves at a step of what they do with heaps, if they make them on {@link
 * WorkerContext#platform}; the others are killed at some moment.
 *
 * <p>A storm fails with a {@link WorkerError} when a check does, when a worker ends without being
 * killed, when somebody does not get on, and at its deadline. The message holds the seed, the
 * number of the kill, the place where the victim died, and what all workers have printed. The
 * system properties {@code dev.rszshm.storm.seed} and {@code dev.rszshm.storm.kill} repeat a storm
 * with that seed, and that kill alone. What runs at the same time is up to the kernel, so a
 * repeated storm makes the same choices and need not take the same course.
 *
 * <p>One thread at a time uses a storm, which may run several times.
 */
public final class KillStorm {
  private static final String SEED = "dev.rszshm.storm.seed";
  private static final String KILL = "dev.rszshm.storm.kill";

  final WorkerJvm jvm;
  final IntFunction<List<?>> arguments;
  int workers = 3;
  int kills = 100;
  long steps = 1000;
  Duration delay = Duration.ofMillis(20);
  double atSteps = 0.5;
  double stopping;
  long seed = Long.getLong(SEED, new Random().nextLong());

  /** The number of the one kill to do; 0 for all. */
  int only = Integer.getInteger(KILL, 0);

  Duration deadline = Duration.ofMinutes(5);
  BiConsumer<Integer, String> onLine = (worker, line) -> {};
  Check check = scene -> {};
  boolean atRest;

  /** Looks whether everything is as it should be, and throws if it is not. */
  @FunctionalInterface
  public interface Check {
    /** Looks. */
    void check(StormScene scene) throws Exception;
  }

  private KillStorm(WorkerJvm jvm, IntFunction<List<?>> arguments) {
    this.jvm = jvm;
    this.arguments = arguments;
  }

  /**
   * A storm over workers of one kind: by default three of them, 100 kills, half of them at a step
   * up to 1000 and half within 20 ms, nobody stopped, and two minutes in all.
   *
   * @param arguments gives the arguments of the worker with an index, for each of its lives
   */
  public static KillStorm of(WorkerJvm jvm, IntFunction<List<?>> arguments) {
    return new KillStorm(jvm, arguments);
  }

  /** How many workers there are at a time. */
  public KillStorm workers(int count) {
    require(count > 0, "a storm needs 1 worker or more, found " + count);
    workers = count;
    return this;
  }

  /** How many workers are killed. */
  public KillStorm kills(int count) {
    require(count > 0, "a storm has 1 kill or more, found " + count);
    kills = count;
    return this;
  }

  /**
   * Where in their work victims die.
   *
   * @param steps those that die at a step do after fewer than so many
   * @param delay those that die at a moment do within this time, from when it is their turn and
   *     their job has begun
   * @param atSteps the share of those that die at a step, from 0 to 1
   */
  public KillStorm dying(long steps, Duration delay, double atSteps) {
    require(steps > 0, "victims die within 1 step or more, found " + steps);
    require(!delay.isNegative(), "a delay is 0 or more, found " + delay);
    require(atSteps >= 0 && atSteps <= 1, "a share is from 0 to 1, found " + atSteps);
    this.steps = steps;
    this.delay = delay;
    this.atSteps = atSteps;
    return this;
  }

  /**
   * At which share of the kills, from 0 to 1, another worker stands still, stopped by SIGSTOP, from
   * before the death until after the check. It goes on sooner if the victim does not come to its
   * death without it.
   */
  public KillStorm stopping(double share) {
    require(share >= 0 && share <= 1, "a share is from 0 to 1, found " + share);
    stopping = share;
    return this;
  }

  /** The seed; by default that of the system property, else another one for each storm. */
  public KillStorm seed(long number) {
    seed = number;
    return this;
  }

  /** Does one of the kills alone; by default that of the system property, else all. */
  public KillStorm only(int kill) {
    require(kill > 0, "kills have numbers from 1 up, found " + kill);
    only = kill;
    return this;
  }

  /** How long all of it may take, once the first worker has begun; five minutes by default. */
  public KillStorm deadline(Duration time) {
    deadline = time;
    return this;
  }

  /**
   * What gets the lines that workers say, with the index of the worker: before each check all that
   * the victim has said, and what has come from the others by then. It runs on the caller's thread.
   */
  public KillStorm onLine(BiConsumer<Integer, String> listener) {
    onLine = Objects.requireNonNull(listener);
    return this;
  }

  /**
   * What looks after each kill and at the end, on a thread of its own: all checks of a run on the
   * same one, which is interrupted at the deadline. The other workers go on meanwhile.
   */
  public KillStorm check(Check look) {
    check = Objects.requireNonNull(look);
    atRest = false;
    return this;
  }

  /**
   * What looks, as in {@link #check}, while the other workers rest: each of their threads is held
   * where it asks {@link WorkerContext#isDismissed} or waits for a line of the test ({@link
   * WorkerContext#hear}), so that nothing is half done but what the victim did. What they have said
   * up to there has been heard. They go on after the check.
   *
   * <p>All threads of a job that work must be those of {@link WorkerContext#play}, or the only one.
   * None of them may wait for another worker without end, which rests perhaps: a storm fails when a
   * worker does not come to rest within the limit of its waits. One that is {@linkplain #stopping
   * stopped} goes on for that before the check.
   */
  public KillStorm checkAtRest(Check look) {
    check = Objects.requireNonNull(look);
    atRest = true;
    return this;
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /**
   * Starts the workers, kills, checks, and lets the last ones end by themselves. Nothing runs any
   * more when this returns or throws.
   *
   * @throws WorkerError if anything is not as it should be, or if the calling thread is interrupted
   */
  public StormReport run() {
    try (StormRun run = new StormRun(this)) {
      return run.run();
    }
  }
}
