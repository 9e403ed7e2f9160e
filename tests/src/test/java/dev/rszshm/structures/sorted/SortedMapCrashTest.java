package dev.rszshm.structures.sorted;

import static dev.rszshm.structures.sorted.SmallSortedMap.simulation;
import static dev.rszshm.tests.Schedules.crashes;

import dev.rszshm.structures.sorted.SmallSortedMap.Put;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A process dies at each store of each operation of a sorted map, and whoever recovers at each
 * store of the recovery: the operation has happened or not, nothing else has changed, and no block
 * is lost. A node of 512 bytes has room for four entries of {@link #LONG}.
 */
class SortedMapCrashTest {
  private static final String LONG = "l".repeat(96);
  private static final String OTHER = "o".repeat(100);
  private static final String OUTSIDE = "x".repeat(300);

  /** Keys, with a value each. */
  private static List<Put> filled(int count) {
    List<Put> puts = new ArrayList<>();
    for (long key = 10; key <= 10L * count; key += 10) {
      puts.add(new Put(key, LONG));
    }
    return puts;
  }

  private static void dying(
      String what, List<Put> before, Consumer<SmallSortedMap.User> body, Long... keys) {
    crashes(what, simulation(List.of(keys), before, told -> told.user("user", body).reader()));
  }

  @Test
  void theFirstEntryIsThereOrNot() {
    dying("first put", List.of(), user -> user.put(1, LONG), 1L);
  }

  @Test
  void anotherEntryIsThereOrNot() {
    dying("second put", filled(1), user -> user.put(20, LONG), 10L, 20L);
  }

  @Test
  void aValueIsReplacedOrNot() {
    dying("replace", filled(2), user -> user.put(10, OTHER), 10L, 20L);
  }

  @Test
  void aValueOutsideItsLeafComesAndGoes() {
    dying(
        "outside",
        filled(2),
        user -> {
          user.put(10, OUTSIDE);
          user.put(10, OTHER);
        },
        10L,
        20L);
  }

  @Test
  void anEntryIsRemovedOrNot() {
    dying(
        "remove",
        filled(3),
        user -> {
          user.remove(20);
          user.put(20, OTHER);
        },
        10L,
        20L,
        30L);
  }

  @Test
  void theLastEntryIsRemovedOrNot() {
    dying("remove the last", filled(1), user -> user.remove(10), 10L);
  }

  @Test
  void aLeafUnderAnInnerNodeIsHalvedOrNot() {
    dying("halve", filled(8), user -> user.put(15, LONG), 10L, 15L, 20L, 40L);
  }

  /** The root has room for twenty leaves; with one more it is halved, and there is a new root. */
  @Test
  void anInnerNodeIsHalvedOrNot() {
    List<Put> before = filled(80);
    dying("halve an inner node", before, user -> user.put(810, LONG), 10L, 400L, 800L, 810L);
  }

  @Test
  void anEmptyLeafIsLeftAwayOnce() {
    dying("leave away", filled(5), user -> user.remove(50), 40L, 50L);
  }

  @Test
  void neighborsAreJoinedOrNot() {
    List<Put> before = new ArrayList<>(filled(9));
    for (long key : new long[] {10, 20, 50, 60, 70}) {
      before.add(new Put(key, ""));
    }
    dying(
        "join",
        before,
        user -> {
          user.remove(30);
          user.put(30, "s");
          user.put(40, "t");
          user.remove(80);
        },
        30L,
        40L,
        80L,
        90L);
  }

  @Test
  void theFirstIsTakenOnce() {
    crashes(
        "poll",
        simulation(
            List.of(),
            filled(5),
            told ->
                told.user("user", user -> user.map.pollFirstEntry())
                    .user("other", user -> user.map.pollLastEntry())));
  }

  @Test
  void allIsRemovedAtOnce() {
    List<Put> before = new ArrayList<>(filled(5));
    before.add(new Put(25, OUTSIDE));
    crashes(
        "clear",
        simulation(
            List.of(), before, told -> told.user("user", user -> user.map.clear()).reader()));
  }

  @Test
  void aMapIsRemovedWithAllItHas() {
    List<Put> before = new ArrayList<>(filled(5));
    before.add(new Put(25, OUTSIDE));
    crashes(
        "remove the map",
        simulation(List.of(), before, told -> told.user("user", SmallSortedMap.User::removeMap)));
  }
}
