package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.testkit.history.HistoryRecorder;
import dev.rszshm.testkit.history.QueueModel;
import dev.rszshm.testkit.simulation.CrashReport;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Simulations with a queue of the smallest segments on a small heap. Elements are texts of one
 * letter, repeated; the calls must be linearizable, and at the end the queue is sound and every
 * block of the allocator is one of it.
 */
final class SmallQueue {
  static final QueueSpec SPEC =
      QueueSpec.unbounded().withSegmentLength(QueueSpec.MIN_SEGMENT_LENGTH);

  /** Whoever sets an allocator up looks at each word of a page, which is no waiting. */
  private static final int LOOKS = 1024;

  /** A run: its processes are told. */
  interface Story {
    void tell(Told told);
  }

  private SmallQueue() {}

  /** Somebody who uses the queue. */
  static final class User implements AutoCloseable {
    private final SimulatedProcess process;
    private final HistoryRecorder<QueueModel.Operation<String>, Object> calls;
    private final Allocator allocator;
    final SharedQueue<String> queue;

    User(SimulatedProcess process, Told told) {
      this.process = process;
      this.calls = told.calls;
      this.allocator = Allocator.on(process.heap());
      this.queue = SharedQueue.named(allocator, "queue", Codecs.strings(), told.spec);
    }

    void offer(String element) {
      process.call(calls, new QueueModel.Offer<>(element), () -> queue.offer(element));
    }

    void put(String element) {
      process.call(
          calls,
          new QueueModel.Offer<>(element),
          () -> {
            queue.putUninterruptibly(element);
            return true;
          });
    }

    String poll() {
      return process.call(calls, new QueueModel.Poll<>(), () -> whole(queue.poll()));
    }

    String take() {
      return process.call(calls, new QueueModel.Poll<>(), () -> whole(queue.takeUninterruptibly()));
    }

    String peek() {
      return process.call(calls, new QueueModel.Peek<>(), () -> whole(queue.peek()));
    }

    /** Removes the whole queue. */
    void dismantle() {
      SharedQueue.remove(allocator, "queue");
    }

    @Override
    public void close() {
      allocator.close();
    }
  }

  /** What a story tells. */
  static final class Told {
    private final Scenario scenario;
    private final QueueSpec spec;
    private final HistoryRecorder<QueueModel.Operation<String>, Object> calls;

    Told(Scenario scenario, QueueSpec spec) {
      this.scenario = scenario;
      this.spec = spec;
      this.calls =
          scenario.linearizable(
              spec.isBounded()
                  ? QueueModel.<String>bounded((int) spec.capacity())
                  : QueueModel.<String>unbounded());
    }

    Told user(String name, Consumer<User> body) {
      scenario.process(name, p -> use(p, body));
      return this;
    }

    Told survivor(String name, Consumer<User> body) {
      scenario.survivor(name, p -> use(p, body));
      return this;
    }

    /** Somebody who comes later and takes all that is there. */
    Told drainer() {
      return survivor(
          "drainer",
          user -> {
            while (user.poll() != null) {
              // and the next
            }
          });
    }

    private void use(SimulatedProcess process, Consumer<User> body) {
      try (User user = new User(process, this)) {
        body.accept(user);
      }
    }
  }

  static String whole(String text) {
    if (text != null) {
      assertTrue(text.chars().distinct().count() <= 1, () -> "a mix: " + text);
    }
    return text;
  }

  static Simulation simulation(List<String> before, Story story) {
    return simulation(SPEC, before, story);
  }

  /**
   * A simulation.
   *
   * @param before what is put before the run; "-" takes an element, and "-x" removes x
   */
  static Simulation simulation(QueueSpec spec, List<String> before, Story story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(6))
        .bulkSteps(2)
        .looks(LOOKS)
        .setUp(
            p -> {
              try (Allocator allocator = Allocator.on(p.heap())) {
                SharedQueue<String> queue =
                    SharedQueue.named(allocator, "queue", Codecs.strings(), spec);
                for (String each : before) {
                  if (each.equals("-")) {
                    queue.poll();
                  } else if (each.startsWith("-")) {
                    queue.remove(each.substring(1));
                  } else {
                    queue.offer(each);
                  }
                }
              }
            })
        .scenario(
            s -> {
              Told told = new Told(s, spec);
              before(told, before);
              s.recovery(
                  p -> {
                    try (Allocator allocator = Allocator.on(p.heap())) {
                      if (allocator.findRoot("queue").isPresent()) {
                        SharedQueue.named(allocator, "queue", Codecs.strings(), spec).check();
                      }
                    }
                  });
              s.check(p -> check(p, spec));
              story.tell(told);
            });
  }

  /** What is there before the run is put at its beginning, as its history has it. */
  private static void before(Told told, List<String> before) {
    List<String> there = new ArrayList<>();
    for (String each : before) {
      if (each.equals("-")) {
        there.remove(0);
      } else if (each.startsWith("-")) {
        there.remove(each.substring(1));
      } else {
        there.add(each);
      }
    }
    for (String each : there) {
      told.calls.invoke("before", new QueueModel.Offer<>(each)).returned(true);
    }
  }

  static void check(SimulatedProcess observer, QueueSpec spec) {
    Allocator allocator = Allocator.on(observer.heap());
    if (allocator.findRoot("queue").isEmpty()) {
      assertEquals(0, allocator.check().blocks(), "all was removed with the queue");
      return;
    }
    SharedQueue<String> queue = SharedQueue.named(allocator, "queue", Codecs.strings(), spec);
    QueueCheck check = queue.check();
    assertEquals(List.of(), check.findings());
    assertEquals(check.elements(), queue.size());
    AllocatorCheck blocks = allocator.check();
    assertEquals(1 + check.blocks(), blocks.blocks(), () -> "every block is the queue's: " + check);
  }

  /** The same where roots come and go, whose many plain stores would be lost in too many ways. */
  static void crashesInProgramOrder(String what, Simulation simulation) {
    CrashReport report = simulation.crashes().inProgramOrder().kills(Storm.count(1, 2)).run();
    System.out.println(what + ": " + report);
    assertTrue(report.isComplete());
  }
}
