package dev.rszshm.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.history.HistoryRecorder;
import dev.rszshm.testkit.history.Model;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Simulations with one structure on a small heap. The calls must be linearizable, and at the end
 * the structure is sound and every block of the allocator is one of it.
 *
 * @param <S> the structure
 * @param <O> operations of the model that says what it returns
 */
public final class SmallStructure<S, O> {
  /** Whoever sets an allocator up looks at each word of a page, which is no waiting. */
  private static final int LOOKS = 1024;

  private final String root;
  private final Function<Allocator, S> opening;
  private final ToLongFunction<S> check;

  /**
   * A kind of structure.
   *
   * @param root the name of its root
   * @param opening finds it or makes it
   * @param check asserts that it is sound, and returns the number of its blocks besides the root's
   */
  public SmallStructure(String root, Function<Allocator, S> opening, ToLongFunction<S> check) {
    this.root = root;
    this.opening = opening;
    this.check = check;
  }

  /** Somebody who uses the structure. */
  public final class User {
    private final SimulatedProcess process;
    private final HistoryRecorder<O, Object> calls;
    public final Allocator allocator;
    public final S structure;

    private User(SimulatedProcess process, HistoryRecorder<O, Object> calls, Allocator allocator) {
      this.process = process;
      this.calls = calls;
      this.allocator = allocator;
      this.structure = opening.apply(allocator);
    }

    public <T> T call(O operation, Supplier<T> body) {
      return process.call(calls, operation, body);
    }
  }

  /** What a story tells. */
  public final class Told {
    private final Scenario scenario;
    private final HistoryRecorder<O, Object> calls;

    private Told(Scenario scenario, HistoryRecorder<O, Object> calls) {
      this.scenario = scenario;
      this.calls = calls;
    }

    public Told user(String name, Consumer<User> body) {
      scenario.process(name, p -> use(p, body));
      return this;
    }

    public Told survivor(String name, Consumer<User> body) {
      scenario.survivor(name, p -> use(p, body));
      return this;
    }

    private void use(SimulatedProcess process, Consumer<User> body) {
      try (Allocator allocator = Allocator.on(process.heap())) {
        body.accept(new User(process, calls, allocator));
      }
    }
  }

  /**
   * A simulation.
   *
   * @param before what is done before the run; the initial state of the model has it
   */
  public Simulation simulation(
      Model<?, O, Object> model, Consumer<S> before, Consumer<Told> story) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(6))
        .bulkSteps(2)
        .looks(LOOKS)
        .setUp(
            p -> {
              try (Allocator allocator = Allocator.on(p.heap())) {
                before.accept(opening.apply(allocator));
              }
            })
        .scenario(
            s -> {
              s.recovery(
                  p -> {
                    try (Allocator allocator = Allocator.on(p.heap())) {
                      if (allocator.findRoot(root).isPresent()) {
                        assertTrue(check.applyAsLong(opening.apply(allocator)) >= 0);
                      }
                    }
                  });
              s.check(this::check);
              story.accept(new Told(s, s.linearizable(model)));
            });
  }

  private void check(SimulatedProcess observer) {
    Allocator allocator = Allocator.on(observer.heap());
    if (allocator.findRoot(root).isEmpty()) {
      assertEquals(0, allocator.check().blocks(), "all was removed with the structure");
      return;
    }
    long blocks = check.applyAsLong(opening.apply(allocator));
    assertEquals(1 + blocks, allocator.check().blocks(), "every block is the structure's");
  }
}
