package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BoundsTest {
  @Test
  void boundsOutOfRangeAreRejectedWithWhatWasFound() {
    List<Executable> wrong =
        List.of(
            () -> Bounds.DEFAULT.preemptions(-7),
            () -> Bounds.DEFAULT.kills(-7),
            () -> Bounds.DEFAULT.staleLoads(-7),
            () -> Bounds.DEFAULT.steps(-7),
            () -> Bounds.DEFAULT.schedules(-7));
    for (Executable each : wrong) {
      IllegalArgumentException e = assertThrows(IllegalArgumentException.class, each);
      assertTrue(e.getMessage().contains("-7"), e::getMessage);
    }
    assertThrows(IllegalArgumentException.class, () -> Bounds.DEFAULT.steps(0));
    assertThrows(IllegalArgumentException.class, () -> Bounds.DEFAULT.schedules(0));
  }

  @Test
  void eachBoundIsSetByItself() {
    Bounds bounds = Bounds.DEFAULT.preemptions(1).kills(2).staleLoads(3).steps(4).schedules(5);
    assertEquals(new Bounds(1, 2, 3, 4, 5), bounds);
  }

  @Test
  void aSimulationIsNotChangedByItsMethods() {
    Simulation simulation = Simulation.ofWords(1);
    simulation.kills(3).preemptions(5);
    assertEquals(Bounds.DEFAULT, simulation.bounds());
  }

  @Test
  void theLimitOfSchedulesMakesAnExplorationIncomplete() {
    Simulation simulation = Counting.increments(4, 4).preemptions(Bounds.UNLIMITED);
    Exploration cut = simulation.bounds(simulation.bounds().schedules(50)).explore();
    assertEquals(50, cut.schedules());
    assertFalse(cut.complete());
  }

  @Test
  void aScenarioNeedsAProcess() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Simulation.ofWords(1).scenario(s -> {}).explore());
    assertTrue(e.getMessage().contains("no process"), e::getMessage);
  }

  @Test
  void whatASimulationDoesNotHaveIsNamed() {
    assertThrows(IllegalArgumentException.class, () -> Simulation.ofWords(0));
    ScheduleFailure noHeap =
        assertThrows(
            ScheduleFailure.class,
            () -> Simulation.ofWords(1).scenario(s -> s.process("a", p -> p.heap())).explore());
    assertTrue(noHeap.getMessage().contains("Simulation.ofHeap"), noHeap::getMessage);
    ScheduleFailure noWords =
        assertThrows(
            ScheduleFailure.class,
            () -> Simulation.ofMachine().scenario(s -> s.process("a", p -> p.word(0))).explore());
    assertTrue(noWords.getMessage().contains("ofWords"), noWords::getMessage);
    ScheduleFailure beyond =
        assertThrows(
            ScheduleFailure.class,
            () -> Simulation.ofWords(2).scenario(s -> s.process("a", p -> p.word(2))).explore());
    assertTrue(beyond.getMessage().contains("2"), beyond::getMessage);
  }
}
