package dev.rszshm.structures.map;

import static dev.rszshm.structures.map.SmallMap.simulation;
import static dev.rszshm.tests.Schedules.crashes;

import dev.rszshm.structures.map.SmallMap.Put;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A process dies at each store of each operation of a map, and whoever recovers at each store of
 * the recovery: the operation has happened or not, nothing else has changed, and no block is lost.
 */
class MapCrashTest {
  private static final String LONG = "l".repeat(20);
  private static final String OTHER = "o".repeat(40);

  /** Keys, with a value each. */
  private static List<Put> filled(int count) {
    List<Put> puts = new ArrayList<>();
    for (long key = 1; key <= count; key++) {
      puts.add(new Put(key, LONG));
    }
    return puts;
  }

  private static void dying(
      String what, List<Put> before, Consumer<SmallMap.User> body, Long... keys) {
    crashes(what, simulation(List.of(keys), before, told -> told.user("user", body).reader()));
  }

  @Test
  void theFirstEntryIsThereOrNot() {
    dying("first put", List.of(), user -> user.put(1, LONG), 1L);
  }

  @Test
  void anotherEntryIsThereOrNot() {
    dying("second put", filled(1), user -> user.put(2, LONG), 1L, 2L);
  }

  @Test
  void aValueIsReplacedOrNot() {
    dying("replace", filled(2), user -> user.put(1, OTHER), 1L, 2L);
  }

  /** The block that was replaced is the next one's, if that is as long, and no leak if not. */
  @Test
  void aBlockThatWasReplacedIsUsedAgainOrFreed() {
    dying(
        "replace again",
        filled(2),
        user -> {
          user.put(1, "a".repeat(20));
          user.put(2, "b".repeat(20));
          user.put(1, OTHER);
        },
        1L,
        2L);
  }

  @Test
  void aNumberIsReplacedInPlaceOrNot() {
    dying(
        "in place",
        List.of(new Put(1, "aaaaaaaa"), new Put(2, LONG)),
        user -> user.put(1, "bbbbbbbb"),
        1L,
        2L);
  }

  @Test
  void anEntryIsRemovedOrNot() {
    dying(
        "remove",
        filled(3),
        user -> {
          user.remove(2);
          user.put(2, OTHER);
        },
        1L,
        2L,
        3L);
  }

  /** A line has seven places. */
  @Test
  void aLineIsAddedOrNot() {
    dying("add a line", filled(7), user -> user.put(8, LONG), 1L, 6L, 7L, 8L);
  }

  @Test
  void anEmptyLineIsFreedOnce() {
    dying(
        "free a line",
        filled(8),
        user -> {
          user.remove(7);
          user.remove(8);
          user.put(9, LONG);
        },
        6L,
        7L,
        8L,
        9L);
  }

  /** Twenty-three entries in a chain are shared with a new bucket, and lines become free. */
  @Test
  void aBucketIsSplitOrNot() {
    Long[] keys = filled(23).stream().map(Put::key).toArray(Long[]::new);
    dying("split", filled(22), user -> user.put(23, LONG), keys);
  }

  @Test
  void allIsRemovedBucketByBucket() {
    crashes(
        "clear",
        simulation(
            List.of(), filled(9), told -> told.user("user", user -> user.map.clear()).reader()));
  }

  @Test
  void aMapIsRemovedWithAllItHas() {
    crashes(
        "remove the map",
        simulation(List.of(), filled(9), told -> told.user("user", SmallMap.User::dismantle)));
  }

  @Test
  void whatIsReadInPlaceIsFreedAfterwards() {
    crashes(
        "read in place",
        simulation(
            List.of(1L),
            filled(1),
            told ->
                told.user("in place", user -> user.getInPlace(1))
                    .user("writer", user -> user.put(1, OTHER))
                    .reader()));
  }
}
