package dev.rszshm.structures.sorted;

import static dev.rszshm.structures.sorted.SmallSortedMap.simulation;
import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.structures.sorted.SmallSortedMap.Put;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Several processes use a sorted map, in every order and with deaths: their calls are linearizable,
 * a reader never sees a mix, and at the end the map is sound and no block is lost.
 */
class SortedMapSimulationTest {
  private static final String LONG = "l".repeat(96);
  private static final String SAME = "s".repeat(96);
  private static final String OTHER = "o".repeat(90);
  private static final String OUTSIDE = "x".repeat(200);

  private static List<Put> filled(int count) {
    List<Put> puts = new ArrayList<>();
    for (long key = 10; key <= 10L * count; key += 10) {
      puts.add(new Put(key, LONG));
    }
    return puts;
  }

  /** A leaf goes and comes again in the same block, between the looks of a reader. */
  @Test
  void aReaderIsNotDeceivedByABlockThatComesAgain() {
    Simulation two =
        simulation(
            List.of(10L),
            filled(1),
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.remove(10);
                          user.put(10, SAME);
                          user.put(10, OTHER);
                        })
                    .user("reader", user -> user.get(10)));
    explore("node that comes again", two.preemptions(Storm.count(1, 2)));
    explore("node that comes again, weak memory", two.preemptions(1).staleLoads(1));
    random("node that comes again", two.kills(1).preemptions(6), 1, Storm.count(250, 100_000));
  }

  @Test
  void aValueOutsideItsLeafIsReadWhole() {
    Simulation two =
        simulation(
            List.of(10L),
            List.of(new Put(10, OUTSIDE)),
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.put(10, "y".repeat(200));
                          user.put(10, OUTSIDE);
                        })
                    .user("reader", user -> user.get(10)));
    explore("value outside", two.preemptions(1));
    random("value outside", two.kills(1).preemptions(6), 2, Storm.count(250, 100_000));
  }

  @Test
  void twoWritersOfAKeyTakeTurnsAndMayDie() {
    Simulation two =
        simulation(
            List.of(10L),
            filled(1),
            told ->
                told.user("one", user -> user.put(10, SAME))
                    .user(
                        "two",
                        user -> {
                          user.remove(10);
                          user.putIfAbsent(10, OTHER);
                        })
                    .reader());
    if (Storm.isOn()) {
      explore("two writers", two.kills(1).preemptions(1));
    }
    random("two writers", two.kills(2).preemptions(5), 3, Storm.count(250, 100_000));
  }

  /**
   * The root is a leaf of four; one more halves it, and a second change is in one of the halves.
   */
  @Test
  void aReaderMissesNothingWhileALeafIsHalved() {
    Simulation two =
        simulation(
            List.of(10L, 15L, 40L),
            filled(4),
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.put(15, LONG);
                          user.put(40, SAME);
                        })
                    .user(
                        "reader",
                        user -> {
                          user.get(40);
                          user.get(15);
                        }));
    explore("halving", two.preemptions(1));
    random("halving", two.kills(2).preemptions(5), 4, Storm.count(250, 100_000));
  }

  /** Two leaves become one, which becomes the root. */
  @Test
  void aReaderMissesNothingWhileLeavesAreJoined() {
    List<Put> before = new ArrayList<>(filled(5));
    before.add(new Put(20, ""));
    before.add(new Put(30, "s"));
    Simulation two =
        simulation(
            List.of(10L, 40L, 50L),
            before,
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.remove(10);
                          user.put(50, SAME);
                        })
                    .user(
                        "reader",
                        user -> {
                          user.get(50);
                          user.get(40);
                        }));
    explore("joining", two.preemptions(1));
    random("joining", two.kills(2).preemptions(5), 5, Storm.count(250, 100_000));
  }

  /** The reader looks at one leaf, and then at the next: 60 was never the first behind 40. */
  @Test
  void aNeighborIsOneThatWasThereAtSomeInstant() {
    Simulation two =
        simulation(
            List.of(),
            filled(6),
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.map.put(45L, LONG);
                          user.map.remove(50L);
                        })
                    .user(
                        "reader",
                        user -> {
                          Long next = user.map.higherKey(40L);
                          assertTrue(next != null && (next == 50 || next == 45), "found " + next);
                        }));
    explore("neighbor", two.preemptions(1));
    random("neighbor", two.preemptions(5), 6, Storm.count(250, 100_000));
  }

  /**
   * The reader is in an inner node, and is about to look at a leaf. The node comes out of the tree,
   * the leaf as well, and its block is another leaf by then: to the reader the place looks as
   * before.
   */
  @Test
  void aReaderInANodeThatIsOutBeginsAgain() {
    Simulation two =
        simulation(
            List.of(50L),
            filled(8),
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.map.put(15L, LONG); // halves the first leaf: another inner node
                          user.map.put(80L, SAME); // the second leaf comes out
                          user.map.put(10L, SAME); // the first half, in the block of the second
                        })
                    .user("reader", user -> user.get(50)));
    explore("inner node that is out", two.preemptions(1));
    random("inner node that is out", two.kills(1).preemptions(4), 9, Storm.count(250, 100_000));
  }

  /** What was there all the time comes once in every walk. */
  @Test
  void aWalkSeesOnceWhatStays() {
    Simulation two =
        simulation(
            List.of(),
            filled(9),
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.map.put(35L, LONG);
                          user.map.remove(50L);
                          user.map.remove(60L);
                        })
                    .user(
                        "reader",
                        user -> {
                          List<Long> keys = new ArrayList<>(user.map.navigableKeySet());
                          keys.removeAll(List.of(35L, 50L, 60L));
                          assertEquals(List.of(10L, 20L, 30L, 40L, 70L, 80L, 90L), keys);
                        }));
    explore("walk", two.preemptions(1));
    random("walk", two.kills(1).preemptions(5), 7, Storm.count(250, 100_000));
  }

  /** All goes at once: nobody sees one entry without the other. */
  @Test
  void aClearedMapIsEmptyAtOneInstant() {
    Simulation two =
        simulation(
            List.of(10L, 50L),
            filled(5),
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.map.clear();
                          user.map.put(60L, LONG);
                        })
                    .user(
                        "reader",
                        user -> {
                          String first = user.map.get(10L);
                          assertTrue(
                              first != null || user.map.get(50L) == null, "10 is gone, 50 not");
                        }));
    explore("clear", two.preemptions(1));
    random("clear", two.kills(1).preemptions(5), 8, Storm.count(250, 100_000));
  }
}
