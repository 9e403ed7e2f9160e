package dev.rszshm.testkit.jqwik;

import dev.rszshm.testkit.simulation.Interruption;
import dev.rszshm.testkit.simulation.Simulation;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.arbitraries.ListArbitrary;

/**
 * Arbitrary schedules, for {@link Simulation#interrupted}.
 *
 * <pre>{@code
 * @Property
 * void nothingIsLost(@ForAll("operations") List<Op> ops,
 *     @ForAll("schedules") List<Interruption> schedule) {
 *   simulationOf(ops).interrupted(schedule);
 * }
 *
 * @Provide
 * Arbitrary<List<Interruption>> schedules() {
 *   return Interruptions.ofRuns(100).ofMaxSize(5);
 * }
 * }</pre>
 *
 * <p>Every list fits every scenario, so operations and schedule shrink independently of each other:
 * to fewer interruptions, to earlier ones, and to the first alternative, which is another process
 * that goes on. As all that happens follows from the values generated, the seed that jqwik prints
 * repeats a failure exactly.
 *
 * <p>How many preemptions, kills and stale loads there are is up to the interruptions; kills and
 * stale loads are among them only if the {@link Simulation#bounds bounds} allow any.
 */
public final class Interruptions {
  private static final int MOST_ALTERNATIVES = 7;

  private Interruptions() {}

  /**
   * Makes lists of interruptions for runs of about that many steps. Most interruptions follow soon
   * after one another, some late.
   *
   * @throws IllegalArgumentException if {@code steps} is less than 1
   */
  public static ListArbitrary<Interruption> ofRuns(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("a run has at least one step, found " + steps);
    }
    Arbitrary<Integer> after =
        Arbitraries.integers().between(0, steps - 1).withDistribution(RandomDistribution.biased());
    Arbitrary<Integer> instead = Arbitraries.integers().between(0, MOST_ALTERNATIVES);
    return Combinators.combine(after, instead).as(Interruption::new).list();
  }
}
