package dev.rszshm.structures.map;

import static dev.rszshm.structures.map.SmallMap.simulation;
import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;

import dev.rszshm.structures.map.SmallMap.Put;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Several processes use a map, in every order and with deaths: their calls are linearizable, a
 * reader never sees a mix, and at the end the map is sound and no block is lost.
 */
class MapSimulationTest {
  private static final String LONG = "l".repeat(16);
  private static final String SAME = "s".repeat(16);
  private static final String THIRD = "t".repeat(16);
  private static final String OTHER = "o".repeat(40);

  private static List<Put> filled(int count) {
    List<Put> puts = new ArrayList<>();
    for (long key = 1; key <= count; key++) {
      puts.add(new Put(key, LONG));
    }
    return puts;
  }

  /** A key is removed and put again in the same block, between the two looks of a reader. */
  @Test
  void aReaderIsNotDeceivedByABlockThatComesAgain() {
    Simulation two =
        simulation(
            List.of(1L),
            filled(1),
            told ->
                told.user(
                        "writer",
                        user -> {
                          user.remove(1);
                          user.put(1, SAME);
                          user.put(1, OTHER);
                          user.put(1, LONG);
                        })
                    .user("reader", user -> user.get(1)));
    explore("block that comes again", two.preemptions(Storm.count(1, 3)));
    explore("block that comes again, weak memory", two.preemptions(1).staleLoads(1));
    random("block that comes again", two.kills(1).preemptions(6), 1, Storm.count(375, 100_000));
  }

  @Test
  void twoWritersOfAKeyTakeTurnsAndMayDie() {
    Simulation two =
        simulation(
            List.of(1L),
            filled(1),
            told ->
                told.user("one", user -> user.put(1, SAME))
                    .user(
                        "two",
                        user -> {
                          user.remove(1);
                          user.putIfAbsent(1, OTHER);
                        })
                    .reader());
    if (Storm.isOn()) {
      explore("two writers", two.kills(1).preemptions(1));
    }
    random("two writers", two.kills(2).preemptions(5), 2, Storm.count(375, 100_000));
  }

  /** 22 entries are in four buckets; one more lets the first be split. */
  @Test
  void aReaderMissesNothingWhileABucketIsSplit() {
    Simulation two =
        simulation(
            List.of(1L, 2L, 3L, 4L, 23L),
            filled(22),
            told ->
                told.user("writer", user -> user.put(23, LONG))
                    .user(
                        "reader",
                        user -> {
                          // Of these some go to the new bucket, and some stay.
                          for (long key = 1; key <= 4; key++) {
                            user.get(key);
                          }
                          user.get(23);
                        }));
    explore("split and reader", two.preemptions(Storm.count(1, 2)));
    random("split and reader", two.kills(2).preemptions(5), 3, Storm.count(375, 100_000));
  }

  /** Without chains, nothing but the number of buckets tells a reader that a key has moved. */
  @Test
  void aReaderOfShortBucketsMissesNothing() {
    List<Put> before = new ArrayList<>();
    for (long key = SmallMap.SPREAD; key < SmallMap.SPREAD + 22; key++) {
      before.add(new Put(key, LONG));
    }
    List<Long> read = before.subList(12, 22).stream().map(Put::key).toList();
    Simulation two =
        simulation(
            read,
            before,
            told ->
                told.user("reader", user -> read.forEach(user::get))
                    .user("writer", user -> user.put(SmallMap.SPREAD + 22, LONG)));
    explore("split of short buckets", two.preemptions(1));
  }

  @Test
  void whatIsReadInPlaceIsNotFreedMeanwhile() {
    Simulation two =
        simulation(
            List.of(1L),
            filled(1),
            told ->
                told.user("reader", user -> user.getInPlace(1))
                    .user(
                        "writer",
                        user -> {
                          user.put(1, SAME);
                          user.put(1, THIRD); // in the block of the first, if nobody reads that
                        }));
    explore("read in place", two.preemptions(Storm.count(1, 2)));
    random("read in place", two.kills(2).preemptions(6), 4, Storm.count(375, 100_000));
  }
}
