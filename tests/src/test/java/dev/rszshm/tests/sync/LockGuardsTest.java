package dev.rszshm.tests.sync;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.ScheduleFailure;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.sync.GuardedLock.Guard;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Takes single guards away from a lock: each must be missed, or the exploration proves nothing. */
class LockGuardsTest {
  private static Simulation visitors(Set<Guard> guards) {
    int number = 3;
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4).length(8192))
        .scenario(
            s -> {
              Section section = new Section(true, number);
              for (int i = 1; i <= number; i++) {
                int visitor = i;
                s.process("visitor " + i, p -> visit(p, visitor, section, guards));
              }
              s.check(p -> section.check(p, 1));
            });
  }

  private static void visit(SimulatedProcess p, int visitor, Section section, Set<Guard> guards) {
    GuardedLock lock = new GuardedLock(p.heap(), guards);
    section.enter(p, visitor, lock.acquire());
    section.visit(p);
    section.leave(p, visitor);
    lock.unlock();
    section.go(p, visitor);
  }

  @Test
  void withAllGuardsNothingIsFound() {
    Simulation all = visitors(EnumSet.allOf(Guard.class));
    Schedules.explore("guarded lock", all.preemptions(2));
    Schedules.explore("guarded lock, deaths", all.kills(1).preemptions(1));
  }

  @Test
  void eachGuardIsMissed() {
    Map<Guard, String> complaints =
        Map.of(
            Guard.FLAG_AFTER_SLEEP, "a wake-up is missing",
            Guard.ONE_HEIR, "is inside", // two heirs, or "2 were told of a death" in another order
            Guard.PROOF_OF_DEATH, "is inside",
            Guard.WAKE, "a wake-up is missing");
    complaints.forEach(
        (guard, complaint) -> {
          Simulation broken = visitors(EnumSet.complementOf(EnumSet.of(guard)));
          ScheduleFailure found =
              assertThrows(
                  ScheduleFailure.class,
                  () -> broken.kills(guard == Guard.ONE_HEIR ? 1 : 0).preemptions(2).explore(),
                  guard.name());
          assertTrue(found.getMessage().contains(complaint), found::getMessage);
          System.out.println(
              guard + ": " + found.schedule() + " after " + found.schedules() + " schedules");
        });
  }
}
