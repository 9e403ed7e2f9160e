package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ExplorationTest {
  @Test
  void everyOrderIsRunOnce() {
    assertEquals(1, schedules(5));
    assertEquals(2, schedules(1, 1));
    assertEquals(6, schedules(2, 2));
    assertEquals(10, schedules(2, 3));
    assertEquals(56, schedules(3, 5));
    assertEquals(6, schedules(1, 1, 1));
    assertEquals(90, schedules(2, 2, 2));
  }

  private static long schedules(int... steps) {
    Exploration all = Counting.increments(steps).preemptions(Bounds.UNLIMITED).explore();
    assertTrue(all.complete() && all.unbounded(), all::toString);
    return all.schedules();
  }

  @Test
  void statesAreCounted() {
    // One step each, in words of their own: none, A, B, and whoever is last ends.
    Exploration apart =
        Simulation.ofWords(2)
            .scenario(
                s ->
                    s.process("a", p -> p.memory().putLong(p.word(0), 1))
                        .process("b", p -> p.memory().putLong(p.word(1), 1)))
            .preemptions(Bounds.UNLIMITED)
            .explore();
    assertEquals(2, apart.schedules());
    assertEquals(3, apart.states());
  }

  @Test
  void aStateThatWasSeenIsNotExploredAgain() {
    // Stores to words of their own leave the same state in either order: a grid and no tree of 252.
    Exploration grid =
        Simulation.ofWords(2)
            .scenario(
                s -> {
                  for (int i = 0; i < 2; i++) {
                    int word = i;
                    s.process(
                        "p" + i,
                        p -> {
                          for (int k = 1; k <= 5; k++) {
                            p.memory().putLong(p.word(word), k);
                          }
                        });
                  }
                })
            .preemptions(Bounds.UNLIMITED)
            .explore();
    assertTrue(grid.schedules() < 252 && grid.states() <= 2 * 36, grid::toString);
    assertTrue(grid.complete());
  }

  @Test
  void preemptionsBoundTheOrders() {
    // Without one, either goes first. With one: who is stopped, at which of its 3 places.
    assertEquals(2, Counting.orders(4, 4, 0));
    assertEquals(2 + 2 * 3, Counting.orders(4, 4, 1));
    assertEquals(70, Counting.orders(4, 4, 7));
    for (int bound = 0; bound <= 4; bound++) {
      Exploration explored = Counting.increments(4, 4).preemptions(bound).explore();
      long expected = 0;
      for (int each = 0; each <= bound; each++) {
        expected += Counting.orders(4, 4, each);
      }
      assertEquals(expected, explored.schedules(), "schedules with " + bound + " preemptions");
      assertTrue(explored.complete());
      assertFalse(explored.unbounded());
    }
    assertTrue(Counting.increments(2, 2).preemptions(9).explore().unbounded());
  }

  @Test
  void everyWayThatAProcessMayChooseIsGone() {
    Set<List<Integer>> seen = new HashSet<>();
    Exploration all =
        Simulation.ofWords(1)
            .scenario(
                s -> s.process("a", p -> seen.add(List.of(p.choose(3), p.choose(1), p.choose(2)))))
            .explore();
    assertEquals(6, seen.size());
    assertEquals(6, all.schedules());
  }

  @Test
  void aProcessIsKilledAtEachOfItsSteps() {
    Set<String> places = new TreeSet<>();
    Simulation.ofWords(1)
        .scenario(
            s -> {
              List<String> did = new ArrayList<>();
              s.process(
                  "a",
                  p -> {
                    did.add("begins");
                    p.memory().putLong(p.word(0), 1);
                    did.add("stored");
                    p.memory().getLong(p.word(0));
                    did.add("loaded");
                    p.memory().getAndAddLong(p.word(0), 1);
                    did.add("added");
                  });
              s.check(p -> places.add(did + " " + p.memory().getLong(p.word(0))));
            })
        .kills(1)
        .explore();
    assertEquals(
        Set.of(
            "[] 0", // before it has begun, or at its first step
            "[begins, stored] 1",
            "[begins, stored, loaded] 1",
            "[begins, stored, loaded, added] 2"),
        places);
  }

  @Test
  void aDeathBehindTheLastStepIsRecoveredFrom() {
    Simulation counting =
        Simulation.ofWords(1)
            .scenario(
                s ->
                    s.process("a", p -> Counting.increment(p, 1))
                        .recovery(p -> Counting.increment(p, 1))
                        .check(p -> assertEquals(1, p.memory().getLong(p.word(0)))))
            .kills(1);
    ScheduleFailure failure = assertThrows(ScheduleFailure.class, counting::explore);
    assertEquals("A Ax B", failure.schedule().toString());
  }

  @Test
  void aRecoveryIsKilledAndRecoveredFromAsWell() {
    Set<String> seen = new TreeSet<>();
    Simulation.ofWords(2)
        .scenario(
            s -> {
              StringBuilder text = new StringBuilder();
              s.process("a", p -> p.memory().putLong(p.word(0), 1));
              s.recovery(
                  p -> {
                    text.append(p.name()).append(' ').append(p.memory().getLong(p.word(1)));
                    p.memory().getAndAddLong(p.word(1), 1);
                  });
              s.check(p -> seen.add(text + " " + p.memory().getLong(p.word(1))));
            })
        .kills(2)
        .explore();
    assertTrue(seen.contains(" 0"), seen::toString);
    assertTrue(seen.contains("recovery of a 0 1"), seen::toString);
    assertFalse(
        seen.contains("recovery of recovery of a 0 1"),
        () -> "a recovery killed before it began leaves only another like it: " + seen);
    assertTrue(
        seen.contains("recovery of a 0recovery of recovery of a 1 2"),
        () -> "a recovery killed behind its last step: " + seen);
  }

  @Test
  void theDeadLoseTheirLocksAndKeepTheirStores() {
    Set<String> seen = new TreeSet<>();
    Simulation.ofWords(1)
        .setUp(p -> p.calls().truncate(p.calls().createExclusive("/file", 0600), 8))
        .scenario(
            s ->
                s.process(
                        "a",
                        p -> {
                          int file = p.calls().open("/file", true, true);
                          p.calls().tryLockByte(file, 3);
                          p.calls().tryLockFile(file);
                          p.memory().putLong(p.word(0), 5);
                          p.calls().pause(1);
                        })
                    .recovery(
                        p -> {
                          int file = p.calls().open("/file", true, true);
                          seen.add(
                              p.calls().isByteLocked(file, 3)
                                  + " "
                                  + p.calls().tryLockFile(file)
                                  + " "
                                  + p.memory().getLong(p.word(0)));
                        }))
        .kills(1)
        .explore();
    assertEquals(Set.of("false true 0", "false true 5"), seen);
  }

  @Test
  void aSurvivorIsNotKilled() {
    Simulation.ofWords(1)
        .scenario(
            s ->
                s.survivor("a", p -> Counting.increment(p, 3))
                    .process("b", p -> {})
                    .check(p -> assertEquals(3, p.memory().getLong(p.word(0)))))
        .kills(2)
        .explore();
  }

  @Test
  void theSameSeedGivesTheSameSchedules() {
    assertEquals(orders(42), orders(42));
    assertFalse(orders(42).equals(orders(43)));
    assertTrue(new HashSet<>(orders(42)).size() > 30, () -> orders(42).toString());
  }

  private static List<String> orders(long seed) {
    List<String> orders = new ArrayList<>();
    Simulation.ofWords(1)
        .scenario(
            s -> {
              StringBuilder order = new StringBuilder();
              for (String name : List.of("a", "b", "c")) {
                s.process(
                    name,
                    p -> {
                      for (int i = 0; i < 3; i++) {
                        p.memory().getAndAddLong(p.word(0), 1);
                        order.append(p.name());
                      }
                    });
              }
              s.check(p -> orders.add(order.toString()));
            })
        .preemptions(5)
        .random(seed, 50);
    return orders;
  }
}
