package dev.rszshm.structures.sorted;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.AllocatorCheck;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.testkit.history.HistoryRecorder;
import dev.rszshm.testkit.history.MapModel;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Simulations with a sorted map of short nodes on a small heap. Values are texts of one letter,
 * repeated; the calls must be linearizable, and at the end the map is sound and every block of the
 * allocator is one of it.
 */
final class SmallSortedMap {
  private static final SortedMapSpec<Long, String> SPEC =
      SortedMapSpec.of(OrderedCodecs.longs(), Codecs.strings())
          .nodeLength(SortedMapSpec.MIN_NODE_LENGTH);

  /** Whoever sets an allocator up looks at each word of a page, which is no waiting. */
  private static final int LOOKS = 1024;

  /** A run: its processes are told. */
  interface Story {
    void tell(Told told);
  }

  private SmallSortedMap() {}

  static SharedSortedMap<Long, String> map(Allocator allocator) {
    return SharedSortedMap.named(allocator, "map", SPEC);
  }

  /** Somebody who uses the map. */
  static final class User implements AutoCloseable {
    private final SimulatedProcess process;
    private final HistoryRecorder<MapModel.Operation<Long, String>, Object> calls;
    private final Allocator allocator;
    final SharedSortedMap<Long, String> map;

    User(
        SimulatedProcess process, HistoryRecorder<MapModel.Operation<Long, String>, Object> calls) {
      this.process = process;
      this.calls = calls;
      this.allocator = Allocator.on(process.heap());
      this.map = map(allocator);
    }

    String get(long key) {
      return process.call(calls, new MapModel.Get<>(key), () -> whole(map.get(key)));
    }

    void put(long key, String value) {
      process.call(calls, new MapModel.Put<>(key, value), () -> whole(map.put(key, value)));
    }

    void putIfAbsent(long key, String value) {
      process.call(
          calls, new MapModel.PutIfAbsent<>(key, value), () -> whole(map.putIfAbsent(key, value)));
    }

    void remove(long key) {
      process.call(calls, new MapModel.Remove<>(key), () -> whole(map.remove(key)));
    }

    /** Removes the whole map. */
    void removeMap() {
      SharedSortedMap.remove(allocator, "map", SPEC);
    }

    @Override
    public void close() {
      allocator.close();
    }
  }

  /** What a story tells. */
  static final class Told {
    private final Scenario scenario;
    private final HistoryRecorder<MapModel.Operation<Long, String>, Object> calls;
    private final Iterable<Long> keys;

    Told(Scenario scenario, Iterable<Long> keys) {
      this.scenario = scenario;
      this.calls = scenario.linearizable(new MapModel<Long, String>());
      this.keys = keys;
    }

    Told user(String name, Consumer<User> body) {
      scenario.process(name, p -> use(p, body));
      return this;
    }

    Told survivor(String name, Consumer<User> body) {
      scenario.survivor(name, p -> use(p, body));
      return this;
    }

    /** Somebody who comes later and reads all that was touched. */
    Told reader() {
      return survivor(
          "reader",
          user -> {
            for (long key : keys) {
              user.get(key);
            }
          });
    }

    private void use(SimulatedProcess process, Consumer<User> body) {
      try (User user = new User(process, calls)) {
        body.accept(user);
      }
    }
  }

  static String whole(String text) {
    if (text != null) {
      assertEquals(1, text.chars().distinct().count(), () -> "a mix: " + text);
    }
    return text;
  }

  /**
   * A simulation.
   *
   * @param history what is put, through the same calls, before the run
   */
  static Simulation simulation(List<Long> keys, List<Put> history, Story story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(6))
        .bulkSteps(2)
        .looks(LOOKS)
        .setUp(
            p -> {
              try (Allocator allocator = Allocator.on(p.heap())) {
                SharedSortedMap<Long, String> map = map(allocator);
                for (Put put : history) {
                  if (put.value.isEmpty()) {
                    map.remove(put.key);
                  } else {
                    map.put(put.key, put.value);
                  }
                }
              }
            })
        .scenario(
            s -> {
              Told told = new Told(s, keys);
              before(told, keys, history);
              s.recovery(
                  p -> {
                    try (Allocator allocator = Allocator.on(p.heap())) {
                      if (allocator.findRoot("map").isPresent()) {
                        map(allocator).check();
                      }
                    }
                  });
              s.check(SmallSortedMap::check);
              story.tell(told);
            });
  }

  /** What was there before the run is put at its beginning, as the history of the run has it. */
  private static void before(Told told, List<Long> keys, List<Put> history) {
    for (long key : keys) {
      Optional<Put> last = history.stream().filter(put -> put.key == key).reduce((a, b) -> b);
      if (last.isPresent() && !last.get().value.isEmpty()) {
        HistoryRecorder.Invocation<MapModel.Operation<Long, String>, Object> call =
            told.calls.invoke("before", new MapModel.Put<>(key, last.get().value));
        call.returned(null);
      }
    }
  }

  /** An entry that is put before a run; "" removes it. */
  record Put(long key, String value) {}

  static void check(SimulatedProcess observer) {
    Allocator allocator = Allocator.on(observer.heap());
    if (allocator.findRoot("map").isEmpty()) {
      assertEquals(0, allocator.check().blocks(), "all was removed with the map");
      return;
    }
    SharedSortedMap<Long, String> map = map(allocator);
    SortedMapCheck check = map.check();
    assertEquals(List.of(), check.findings());
    assertEquals(check.entries(), map.size());
    AllocatorCheck blocks = allocator.check();
    assertEquals(1 + check.blocks(), blocks.blocks(), () -> "every block is the map's: " + check);
  }
}
