package dev.rszshm.structures.queue;

import static dev.rszshm.structures.queue.SmallQueue.crashesInProgramOrder;
import static dev.rszshm.structures.queue.SmallQueue.simulation;
import static dev.rszshm.tests.Schedules.crashes;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.structures.codec.Codecs;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A process dies at each store of each operation of a queue, and whoever recovers at each store of
 * the recovery: the operation has happened or not, nothing else has changed, and no block is lost.
 * Segments have room for 64 bytes: three elements of one letter, or one of 56 letters.
 */
class QueueCrashTest {
  private static final String LARGE = "l".repeat(80);

  private static void dying(String what, List<String> before, Consumer<SmallQueue.User> body) {
    crashes(what, simulation(before, told -> told.user("user", body).drainer()));
  }

  @Test
  void anElementIsPutOrNot() {
    dying("put", List.of("a"), user -> user.offer("b"));
  }

  @Test
  void anElementIsTakenOrNot() {
    dying("take", List.of("a", "b"), SmallQueue.User::poll);
  }

  @Test
  void aSegmentIsLinkedOrNot() {
    dying(
        "link",
        List.of("a", "b", "c", "d"),
        user -> {
          user.offer("e");
          user.offer("f");
        });
  }

  @Test
  void aSegmentThatIsPassedIsFreedOnce() {
    dying(
        "unlink the first",
        List.of("a", "b", "c", "d", "e", "-", "-", "-"),
        user -> {
          user.poll();
          user.poll();
          user.poll();
        });
  }

  @Test
  void aLargeElementIsPutOrNot() {
    dying("put a large one", List.of("a"), user -> user.offer(LARGE));
  }

  @Test
  void aLargeElementIsPutBehindANewSegmentOrNot() {
    dying("put a large one, link", List.of("a", "b", "c", "d"), user -> user.offer(LARGE));
  }

  @Test
  void aLargeElementIsTakenOrNot() {
    dying(
        "take a large one",
        List.of(LARGE, "b"),
        user -> {
          user.poll();
          user.poll();
        });
  }

  @Test
  void whatLiesBehindRemovedElementsIsTaken() {
    dying("pass removed ones", List.of("a", "b", "c", "-a", "-b"), SmallQueue.User::poll);
  }

  @Test
  void allIsRemoved() {
    crashes(
        "clear",
        simulation(
            List.of("a", "b", LARGE, "c", "d", "e", "f", "g", "-f"),
            told -> told.user("user", user -> user.queue.clear())));
  }

  @Test
  void anElementIsRemovedOrNot() {
    crashes(
        "remove",
        simulation(
            List.of("a", "b", LARGE, "c"),
            told ->
                told.user(
                    "user",
                    user -> {
                      user.queue.remove("b");
                      user.queue.remove(LARGE);
                    })));
  }

  /** Four segments of one element each; both in the middle go. */
  @Test
  void segmentsInTheMiddleAreFreedOnce() {
    String b = "b".repeat(50);
    String c = "c".repeat(50);
    crashes(
        "unlink in the middle",
        simulation(
            List.of("a".repeat(50), b, c, "d".repeat(50)),
            told ->
                told.user(
                    "user",
                    user -> {
                      user.queue.remove(c);
                      user.queue.remove(b);
                      user.queue.poll();
                      user.queue.poll();
                    })));
  }

  @Test
  void aQueueIsMadeOnce() {
    crashesInProgramOrder(
        "make another",
        simulation(
            List.of("a"),
            told ->
                told.user(
                    "user",
                    user -> {
                      user.dismantle();
                      Allocator allocator = Allocator.on(user.queue.heap());
                      SharedQueue.named(allocator, "queue", Codecs.strings(), SmallQueue.SPEC)
                          .add("b");
                    })));
  }

  @Test
  void aQueueIsRemovedWithAllItHas() {
    crashesInProgramOrder(
        "remove the queue",
        simulation(
            List.of("a", "b", LARGE, "c", "d", "e", "f"),
            told -> told.user("user", SmallQueue.User::dismantle)));
  }
}
