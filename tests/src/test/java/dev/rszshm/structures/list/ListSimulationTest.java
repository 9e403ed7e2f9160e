package dev.rszshm.structures.list;

import static dev.rszshm.structures.list.SmallList.filled;
import static dev.rszshm.structures.list.SmallList.simulation;
import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;

import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Several processes use a list, in every order and with deaths: their calls are linearizable, a
 * reader never sees a mix, and at the end there is no hole and no block is lost.
 */
class ListSimulationTest {
  private static final String SAME = "s".repeat(16);
  private static final String OTHER = "o".repeat(16);
  private static final String LONG = "t".repeat(40);

  @Test
  void twoAppendAtOnceAndMayDie() {
    Simulation two =
        simulation(
            List.of(),
            told ->
                told.user(
                        "one",
                        user -> {
                          user.append("a");
                          user.append("b");
                        })
                    .user("two", user -> user.append("c"))
                    .reader(0));
    explore("two appenders", two.preemptions(1));
    random("two appenders", two.kills(2).preemptions(6), 1, Storm.count(250, 100_000));
  }

  @Test
  void twoAppendToANewSegmentAndMayDie() {
    Simulation two =
        simulation(
            filled(15),
            told ->
                told.user(
                        "one",
                        user -> {
                          user.append("a");
                          user.append("b");
                        })
                    .user("two", user -> user.append("c"))
                    .reader(14));
    random("new segment", two.kills(2).preemptions(6), 2, Storm.count(200, 100_000));
  }

  @Test
  void aReaderIsNotDeceivedByABlockThatComesAgain() {
    Simulation two =
        simulation(
            filled(1),
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.set(0, SAME);
                          user.set(0, OTHER);
                          user.set(0, LONG);
                        })
                    .user("reader", user -> user.get(0)));
    explore("block that comes again", two.preemptions(Storm.count(1, 2)));
    explore("block that comes again, weak memory", two.preemptions(1).staleLoads(1));
    random("block that comes again", two.kills(1).preemptions(6), 3, Storm.count(200, 100_000));
  }

  /** Whoever sets the element that another is appending does not wait for that one's end. */
  @Test
  void whoSetsWhatIsJustAppendedGetsItThoughItsAppenderMayDie() {
    Simulation two =
        simulation(
            List.of(),
            told ->
                told.user("appender", user -> user.append("a"))
                    .user("setter", user -> user.set(0, LONG))
                    .reader(0));
    explore("set of the last", two.kills(1).preemptions(0));
    random("set of the last", two.kills(2).preemptions(6), 4, Storm.count(200, 100_000));
  }

  @Test
  void twoSetAnElementAndMayDie() {
    Simulation two =
        simulation(
            filled(1),
            told ->
                told.user("one", user -> user.set(0, SAME))
                    .user("two", user -> user.set(0, LONG))
                    .reader(0));
    random("two setters", two.kills(2).preemptions(5), 5, Storm.count(200, 100_000));
  }
}
