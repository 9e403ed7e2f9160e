package dev.rszshm.structures.list;

import static dev.rszshm.structures.list.SmallList.filled;
import static dev.rszshm.structures.list.SmallList.simulation;
import static dev.rszshm.tests.Schedules.crashes;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A process dies at each store of each operation of a list, and whoever recovers at each store of
 * the recovery: the operation has happened or not, there is no hole, and no block is lost.
 */
class ListCrashTest {
  private static void dying(String what, List<String> before, Consumer<SmallList.User> body) {
    int from = Math.max(0, before.size() - 1);
    crashes(what, simulation(before, told -> told.user("user", body).reader(from)));
  }

  @Test
  void theFirstElementIsThereOrNot() {
    dying("first append", List.of(), user -> user.append("a"));
  }

  @Test
  void theFirstElementOfANewSegmentIsThereOrNot() {
    dying(
        "append to a new segment",
        filled(15),
        user -> {
          user.append("aaa");
          user.append("bbb");
        });
  }

  @Test
  void anElementIsSetOrNot() {
    dying(
        "set",
        filled(2),
        user -> {
          user.set(1, "a".repeat(40));
          user.set(1, "b".repeat(16));
          user.set(0, "c".repeat(16));
        });
  }

  @Test
  void aListIsRemovedInFullWhenItIsRemovedAgain() {
    crashes(
        "remove",
        SmallList.KIND.simulation(
            new ListModel(filled(3)),
            list -> list.addAll(filled(3)),
            told ->
                told.user("user", user -> new SmallList.User(user).remove())
                    .survivor("again", user -> new SmallList.User(user).remove())));
  }
}
