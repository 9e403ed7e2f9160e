package dev.rszshm.structures.queue;

import static dev.rszshm.structures.queue.SmallQueue.simulation;
import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.Schedules.random;

import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Several processes use a queue, in every order and with deaths: their calls are linearizable, and
 * at the end the queue is sound and no block is lost.
 */
class QueueSimulationTest {
  private static final String LARGE = "l".repeat(80);

  /** One element, and everybody wants it. */
  @Test
  void oneElementIsTakenByOneOfMany() {
    Simulation three =
        simulation(
            List.of("a"),
            told ->
                told.user("one", SmallQueue.User::poll)
                    .user("two", SmallQueue.User::poll)
                    .user("three", SmallQueue.User::peek));
    explore("one element", three.preemptions(1));
    explore("one element, two", three.preemptions(Storm.count(1, 2)).staleLoads(1));
    random("one element", three.kills(2).preemptions(5), 1, Storm.count(250, 100_000));
  }

  /** The last segment is full: one links another while the other one passes and frees it. */
  @Test
  void aSegmentIsFreedWhileTheNextOneIsLinked() {
    Simulation two =
        simulation(
            List.of("a", "b", "c", "d", "-", "-", "-"),
            told ->
                told.user(
                        "producer",
                        user -> {
                          user.offer("e");
                          user.offer("f");
                        })
                    .user(
                        "consumer",
                        user -> {
                          user.poll();
                          user.poll();
                          user.poll();
                        })
                    .drainer());
    explore("link and free", two.preemptions(Storm.count(1, 2)));
    random("link and free", two.kills(2).preemptions(6), 2, Storm.count(250, 100_000));
  }

  @Test
  void producersAndConsumersMayDie() {
    Simulation four =
        simulation(
            List.of(),
            told ->
                told.user(
                        "producer",
                        user -> {
                          user.offer("a");
                          user.offer(LARGE);
                        })
                    .user("other", user -> user.offer("c"))
                    .user(
                        "consumer",
                        user -> {
                          user.poll();
                          user.poll();
                        })
                    .drainer());
    random("producers and consumers", four.kills(3).preemptions(8), 3, Storm.count(375, 200_000));
  }

  /** Somebody waits, and whoever puts for it may die before it has woken anybody. */
  @Test
  void whoWaitsIsNotForgotten() {
    Simulation two =
        simulation(
            List.of(),
            told ->
                told.survivor("taker", SmallQueue.User::take)
                    .survivor("other taker", SmallQueue.User::take)
                    .user("producer", user -> user.offer("a"))
                    .survivor(
                        "second",
                        user -> {
                          user.offer("b");
                          user.offer("c");
                        }));
    random("waiting", two.kills(1).preemptions(6), 4, Storm.count(200, 100_000));
  }

  @Test
  void aBoundedQueueMakesPuttersWait() {
    Simulation three =
        simulation(
            QueueSpec.bounded(1).withSegmentLength(256),
            List.of("a"),
            told ->
                told.survivor("putter", user -> user.put("b"))
                    .user("taker", SmallQueue.User::poll)
                    .survivor(
                        "last",
                        user -> {
                          user.take();
                          user.take();
                        })
                    .survivor("second putter", user -> user.put("c")));
    random("bounded", three.kills(0).preemptions(6), 5, Storm.count(200, 100_000));
  }
}
