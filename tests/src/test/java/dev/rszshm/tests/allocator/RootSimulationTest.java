package dev.rszshm.tests.allocator;

import static dev.rszshm.tests.Schedules.explore;
import static dev.rszshm.tests.allocator.SmallHeap.actor;
import static dev.rszshm.tests.allocator.SmallHeap.simulation;
import static dev.rszshm.tests.allocator.SmallHeap.telling;
import static dev.rszshm.tests.allocator.SmallHeap.untouched;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Roots that several make and remove at once, and allocators that several set up at once. */
class RootSimulationTest {
  private static final long SIZE = 1100;

  private static void make(Actor actor, String name) {
    RootEntry root = actor.allocator().root(name, 7, 1, SIZE);
    assertEquals(name, root.name());
    assertNotEquals(0, actor.allocator().get(root.slot()));
  }

  @Test
  void twoWhoMakeOneRootGetTheSame() {
    Simulation two =
        simulation(
            (prepared, allocator) -> {},
            (s, prepared, ledger) -> {
              actor(s, ledger, "one", a -> make(a, "root"));
              actor(s, ledger, "two", a -> make(a, "root"));
            });
    Schedules.random("two make", two.kills(2).preemptions(4), 5, Storm.count(400, 100_000));
    explore("two make", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void aRootIsMadeWhileItIsRemoved() {
    Simulation two =
        simulation(
            (prepared, allocator) -> allocator.root("root", 7, 1, SIZE),
            (s, prepared, ledger) -> {
              s.process(
                  "maker",
                  p -> {
                    try (Allocator allocator = Allocator.on(p.heap())) {
                      allocator.root("root", 7, 1, SIZE);
                    }
                  });
              actor(s, ledger, "remover", a -> a.allocator().removeRoot("root"));
            });
    Schedules.random("make, remove", two.kills(2).preemptions(4), 6, Storm.count(400, 100_000));
    explore("make, remove", two.kills(1).preemptions(Storm.count(0, 1)));
  }

  @Test
  void whoReadsRootsSeesNoneThatNeverWas() {
    Simulation two =
        simulation(
            (prepared, allocator) -> allocator.root("aa", 1, 1, SIZE),
            (s, prepared, ledger) -> {
              s.survivor(
                  "reader",
                  p -> {
                    for (RootEntry root : Allocator.on(p.heap()).roots()) {
                      assertTrue(
                          Set.of("aa 1", "bb 2").contains(root.name() + " " + root.type()),
                          root::toString);
                    }
                    p.heap().close();
                  });
              actor(
                  s,
                  ledger,
                  "changer",
                  a -> {
                    a.allocator().removeRoot("aa");
                    a.allocator().root("bb", 2, 1, SIZE);
                  });
            });
    explore("read, change", two.preemptions(2));
    explore("read, change in weak memory", two.preemptions(1).staleLoads(1));
  }

  @Test
  void twoSetUpOneAllocator() {
    Simulation two =
        untouched(SmallHeap.SPAN)
            .scenario(
                telling(
                    new Prepared(),
                    (s, prepared, ledger) -> {
                      actor(s, ledger, "one", a -> a.allocate(100));
                      actor(s, ledger, "two", a -> a.allocate(100));
                    }));
    explore("two set up", two.preemptions(1));
    explore("two set up", two.kills(1).preemptions(Storm.count(0, 1)));
    Schedules.random("two set up", two.kills(2).preemptions(4), 7, Storm.count(500, 50_000));
  }

  @Test
  void whoSetsUpAnAllocatorThatChecksAndWhoDoesNotAgree() {
    Simulation two =
        untouched(SmallHeap.SPAN)
            .scenario(
                s -> {
                  boolean[] checking = new boolean[2];
                  s.survivor("one", p -> checking[0] = Allocator.checking(p.heap()).isChecking());
                  s.survivor("two", p -> checking[1] = Allocator.on(p.heap()).isChecking());
                  s.check(p -> assertEquals(checking[0], checking[1]));
                });
    explore("two set up, one checks", two.preemptions(1));
  }
}
