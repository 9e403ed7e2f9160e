package dev.rszshm.tests.allocator;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.CrashReport;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Simulations with an allocator on a heap of fifteen chunks. */
final class SmallHeap {
  static final long SPAN = 1 << 20;
  static final long CHUNK = 64 << 10;

  /** Blocks of which a chunk has two. */
  static final long HALF = CHUNK / 2;

  /** What happens before the run. */
  interface SetUp {
    void run(Prepared prepared, Allocator allocator);
  }

  /** A run: its processes are told, with what was prepared and with the run's ledger. */
  interface Story {
    void tell(Scenario scenario, Prepared prepared, Ledger ledger);
  }

  private SmallHeap() {}

  static Simulation simulation(SetUp setUp, Story story) {
    return simulation(SPAN, setUp, story);
  }

  /** A simulation whose deaths are each followed by a recovery, and whose end is checked. */
  static Simulation simulation(long span, SetUp setUp, Story story) {
    Prepared prepared = new Prepared();
    return untouched(span)
        .setUp(
            p -> {
              try (Allocator allocator = Allocator.on(p.heap())) {
                prepared.clear();
                setUp.run(prepared, allocator);
              }
            })
        .scenario(telling(prepared, story));
  }

  /** The same, after a process that has ended and not closed its allocator. */
  static Simulation abandoned(SetUp setUp, Story story) {
    Prepared prepared = new Prepared();
    return untouched(SPAN)
        .setUp(
            p -> {
              prepared.clear();
              setUp.run(prepared, Allocator.on(p.heap()));
            })
        .scenario(telling(prepared, story));
  }

  /** A heap that has no allocator yet. */
  static Simulation untouched(long span) {
    return Simulation.ofHeap(() -> Heap.builder().span(span).participants(6)).bulkSteps(2);
  }

  static Consumer<Scenario> telling(Prepared prepared, Story story) {
    return s -> {
      Ledger ledger = new Ledger(prepared);
      s.recovery(SmallHeap::recover);
      s.check(ledger::check);
      story.tell(s, prepared, ledger);
    };
  }

  static void recover(SimulatedProcess process) {
    try (Allocator allocator = Allocator.on(process.heap())) {
      allocator.recover();
    }
  }

  /** Adds a process that uses the allocator, and closes it. */
  static void actor(Scenario scenario, Ledger ledger, String name, Consumer<Actor> body) {
    actor(scenario, ledger, name, (process, actor) -> body.accept(actor));
  }

  static void actor(
      Scenario scenario, Ledger ledger, String name, BiConsumer<SimulatedProcess, Actor> body) {
    scenario.process(
        name,
        p -> {
          Actor actor = new Actor(p, ledger);
          body.accept(p, actor);
          actor.close();
        });
  }

  /** Whoever sets an allocator up looks at each word of a page, which is no waiting. */
  private static final int LOOKS = 1024;

  /** Tries all deaths of a story, and prints how many. */
  static CrashReport crashes(String what, Simulation simulation) {
    return Schedules.crashes(what, simulation.looks(LOOKS));
  }
}
