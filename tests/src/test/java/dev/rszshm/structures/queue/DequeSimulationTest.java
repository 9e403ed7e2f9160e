package dev.rszshm.structures.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.testkit.history.DeterministicModel;
import dev.rszshm.testkit.history.HistoryRecorder;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * A deque with a death at each store of each operation and of its recovery, and used by several
 * processes in every order with deaths: the calls are linearizable, and every block is the deque's.
 */
class DequeSimulationTest {
  /** What can be called. */
  private sealed interface Call {}

  private record Put(boolean first, String element) implements Call {}

  /** Takes the first or the last; null if there is none. */
  private record Take(boolean first) implements Call {}

  /** Removes the first that is equal; returns whether there was one. */
  private record Remove(String element) implements Call {}

  private static final class DequeModel implements DeterministicModel<List<String>, Call, Object> {
    @Override
    public List<String> initial() {
      return List.of();
    }

    @Override
    public Optional<Effect<List<String>, Object>> apply(
        List<String> state, String process, Call call) {
      List<String> next = new ArrayList<>(state);
      Object result = true;
      if (call instanceof Put put) {
        next.add(put.first ? 0 : next.size(), put.element);
      } else if (call instanceof Remove remove) {
        result = next.remove(remove.element);
      } else if (state.isEmpty()) {
        result = null;
      } else {
        result = next.remove(((Take) call).first ? 0 : next.size() - 1);
      }
      return Optional.of(new Effect<>(List.copyOf(next), result));
    }
  }

  /** Somebody who uses the deque. */
  private static final class User implements AutoCloseable {
    private final SimulatedProcess process;
    private final HistoryRecorder<Call, Object> calls;
    private final Allocator allocator;
    private final SharedDeque<String> deque;

    User(SimulatedProcess process, HistoryRecorder<Call, Object> calls) {
      this.process = process;
      this.calls = calls;
      this.allocator = Allocator.on(process.heap());
      this.deque = SharedDeque.named(allocator, "deque", Codecs.strings());
    }

    void put(boolean first, String element) {
      process.call(
          calls,
          new Put(first, element),
          () -> first ? deque.offerFirst(element) : deque.offerLast(element));
    }

    String take(boolean first) {
      return process.call(
          calls, new Take(first), () -> first ? deque.pollFirst() : deque.pollLast());
    }

    void remove(String element) {
      process.call(calls, new Remove(element), () -> deque.remove(element));
    }

    @Override
    public void close() {
      allocator.close();
    }
  }

  /** What a story tells. */
  private static final class Told {
    private final Scenario scenario;
    private final HistoryRecorder<Call, Object> calls;

    Told(Scenario scenario) {
      this.scenario = scenario;
      this.calls = scenario.linearizable(new DequeModel());
    }

    private void use(SimulatedProcess process, Consumer<User> body) {
      try (User user = new User(process, calls)) {
        body.accept(user);
      }
    }

    Told user(String name, Consumer<User> body) {
      scenario.process(name, p -> use(p, body));
      return this;
    }

    Told drainer() {
      scenario.survivor(
          "drainer",
          p ->
              use(
                  p,
                  user -> {
                    while (user.take(true) != null) {
                      // and the next
                    }
                  }));
      return this;
    }
  }

  private static Simulation simulation(List<String> before, Consumer<Told> story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(6))
        .bulkSteps(2)
        .looks(1024)
        .setUp(
            p -> {
              try (Allocator allocator = Allocator.on(p.heap())) {
                SharedDeque.named(allocator, "deque", Codecs.strings()).addAll(before);
              }
            })
        .scenario(
            s -> {
              Told told = new Told(s);
              for (String each : before) {
                told.calls.invoke("before", new Put(false, each)).returned(true);
              }
              s.recovery(
                  p -> {
                    try (Allocator allocator = Allocator.on(p.heap())) {
                      SharedDeque.named(allocator, "deque", Codecs.strings()).check();
                    }
                  });
              s.check(
                  p -> {
                    Allocator allocator = Allocator.on(p.heap());
                    DequeCheck check =
                        SharedDeque.named(allocator, "deque", Codecs.strings()).check();
                    assertEquals(List.of(), check.findings());
                    assertEquals(1 + check.elements(), allocator.check().blocks());
                  });
              story.accept(told);
            });
  }

  private static void dying(String what, List<String> before, Consumer<User> body) {
    Schedules.crashes(what, simulation(before, told -> told.user("user", body).drainer()));
  }

  @Test
  void anElementIsPutOrNot() {
    for (List<String> before : List.of(List.<String>of(), List.of("a"), List.of("a", "b"))) {
      dying("put first, " + before, before, user -> user.put(true, "x"));
      dying("put last, " + before, before, user -> user.put(false, "x"));
    }
  }

  @Test
  void anElementIsTakenOrNot() {
    for (List<String> before : List.of(List.of("a"), List.of("a", "b"), List.of("a", "b", "c"))) {
      dying("take first, " + before, before, user -> user.take(true));
      dying("take last, " + before, before, user -> user.take(false));
    }
  }

  @Test
  void anElementIsRemovedOrNot() {
    dying(
        "remove",
        List.of("a", "b", "c"),
        user -> {
          user.remove("b");
          user.put(true, "x");
        });
  }

  /** One element, and both ends want it. */
  @Test
  void theEndsMeetAtOneElement() {
    Simulation three =
        simulation(
            List.of("a"),
            told ->
                told.user("first", user -> user.take(true))
                    .user("last", user -> user.take(false))
                    .user("putter", user -> user.put(true, "b"))
                    .drainer());
    Schedules.explore(
        "one element",
        simulation(
                List.of("a"),
                told ->
                    told.user("first", user -> user.take(true))
                        .user("last", user -> user.take(false)))
            .preemptions(Storm.count(1, 2)));
    Schedules.random("one element", three.kills(2).preemptions(6), 1, Storm.count(250, 100_000));
  }

  @Test
  void usersOfBothEndsMayDie() {
    Simulation four =
        simulation(
            List.of("a", "b"),
            told ->
                told.user(
                        "one",
                        user -> {
                          user.put(true, "c");
                          user.take(false);
                        })
                    .user(
                        "two",
                        user -> {
                          user.put(false, "d");
                          user.take(true);
                        })
                    .user("three", user -> user.remove("b"))
                    .drainer());
    Schedules.random("both ends", four.kills(3).preemptions(8), 2, Storm.count(375, 100_000));
  }
}
