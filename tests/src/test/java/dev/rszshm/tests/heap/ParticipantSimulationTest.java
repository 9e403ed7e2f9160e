package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.ParticipantTableFullException;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * Attaching, detaching, burying and listing in every order of their steps, and with a death at
 * each: the protocol of {@code ParticipantTable}.
 */
class ParticipantSimulationTest {
  private static Simulation table(int slots, BiConsumer<Scenario, SlotLedger> scenario) {
    return Simulation.ofMachine()
        .setUp(p -> SlotLedger.builder(p, slots).create(SlotLedger.PATH).close())
        .scenario(
            s -> {
              SlotLedger ledger = new SlotLedger(slots);
              scenario.accept(s, ledger);
              s.invariant(ledger::check);
            })
        .bulkSteps(2);
  }

  private static void comeAndGo(SlotLedger ledger, SimulatedProcess p) {
    ledger.close(p, ledger.attach(p));
  }

  /** Attaches, unless the table is full, and then it must be full of others. */
  private static void comeIfThereIsRoom(SlotLedger ledger, SimulatedProcess p, int slots) {
    try {
      Heap heap = ledger.attach(p);
      p.calls().pause(1); // so that another may come without a preemption
      ledger.close(p, heap);
    } catch (ParticipantTableFullException e) {
      assertTrue(ledger.crowd(p) > slots, () -> e.getMessage() + ", but they are not");
    }
  }

  @Test
  void twoWhoAttachGetASlotEach() {
    Simulation two =
        table(
            2,
            (s, ledger) -> {
              s.process("one", p -> comeAndGo(ledger, p));
              s.process("two", p -> comeAndGo(ledger, p));
            });
    Schedules.explore("attach and detach", two.kills(1).preemptions(Storm.count(2, 4)));
    Schedules.explore(
        "attach and detach in weak memory",
        two.kills(1).staleLoads(1).preemptions(Storm.count(1, 3)));
  }

  @Test
  void theSlotOfADeadProcessIsTakenByTheNext() {
    Simulation one =
        table(
            1,
            (s, ledger) -> {
              s.process("first", p -> ledger.attach(p));
              s.recovery(p -> comeAndGo(ledger, p));
            });
    Schedules.explore("one slot", one.kills(Storm.count(3, 5)).preemptions(0));
  }

  @Test
  void theTableIsFullOnlyWhenAllAreAlive() {
    Simulation two =
        table(
            2,
            (s, ledger) -> {
              s.process("member", ledger::attach);
              s.process("burier", p -> buryAll(ledger, p));
              s.recovery(p -> comeIfThereIsRoom(ledger, p, 2));
            });
    Schedules.explore("two slots", two.kills(1).preemptions(Storm.count(1, 3)));
    Schedules.explore("two slots, two deaths", two.kills(2).preemptions(Storm.count(0, 2)));
  }

  private static void buryAll(SlotLedger ledger, SimulatedProcess p) {
    Heap heap = ledger.attach(p);
    int buried = heap.reclaimDead();
    assertTrue(buried <= 1, () -> buried + " were buried");
    ledger.close(p, heap);
  }

  @Test
  void aListTellsTheLivingFromTheDead() {
    Simulation three =
        table(
            3,
            (s, ledger) -> {
              s.process("member", p -> comeAndGo(ledger, p));
              s.survivor(
                  "lister",
                  p -> {
                    Heap heap = ledger.attach(p);
                    ledger.list(heap);
                    ledger.close(p, heap);
                  });
              s.recovery(p -> buryAll(ledger, p));
            });
    Schedules.explore("list", three.kills(1).preemptions(Storm.count(1, 3)));
    Schedules.explore(
        "list in weak memory", three.kills(0).staleLoads(1).preemptions(Storm.count(1, 3)));
  }

  /** One leaves and another follows into its slot, while somebody reads it. */
  @Test
  void aListNeverMixesTwoThatFollowedOneAnother() {
    Simulation successors =
        table(
            1,
            (s, ledger) -> {
              s.survivor("one", p -> comeIfThereIsRoom(ledger, p, 1));
              s.survivor("lister", p -> ledger.list(ledger.attachForReading(p)));
              s.survivor("another", p -> comeIfThereIsRoom(ledger, p, 1));
            });
    Schedules.explore("successors", successors.preemptions(Storm.count(1, 3)));
    Schedules.explore(
        "successors in weak memory", successors.staleLoads(2).preemptions(Storm.count(1, 3)));
  }

  @Test
  void whoLivesIsAliveAndWhoIsDeadIsNot() {
    Simulation asked =
        table(
            2,
            (s, ledger) -> {
              SimulatedProcess[] who = new SimulatedProcess[1];
              Participant[] self = new Participant[1];
              s.process(
                  "member",
                  p -> {
                    who[0] = p;
                    Heap heap = ledger.attach(p);
                    self[0] = heap.self().orElseThrow();
                    ledger.close(p, heap);
                  });
              s.survivor(
                  "asker",
                  p -> {
                    Heap heap = ledger.attach(p);
                    if (self[0] != null) {
                      ledger.ask(heap, who[0], self[0].slot(), self[0].generation());
                    }
                    assertEquals(0, heap.isAlive(1 - heap.self().orElseThrow().slot(), 99) ? 1 : 0);
                  });
              s.recovery(p -> comeIfThereIsRoom(ledger, p, 2));
            });
    Schedules.explore("isAlive", asked.kills(1).preemptions(Storm.count(1, 3)));
  }

  /** Whoever stands still at any step of attaching or burying: the dead are known to be dead. */
  @Test
  void noStepOfAnotherMakesTheDeadLookAlive() {
    Simulation standing =
        table(
            3,
            (s, ledger) -> {
              SimulatedProcess[] who = new SimulatedProcess[1];
              Participant[] self = new Participant[1];
              s.process(
                  "member",
                  p -> {
                    who[0] = p;
                    self[0] = ledger.attach(p).self().orElseThrow();
                  });
              s.survivor("burier", p -> buryAll(ledger, p));
              s.survivor(
                  "asker",
                  p -> {
                    Heap heap = ledger.attachForReading(p);
                    if (self[0] != null) {
                      ledger.ask(heap, who[0], self[0].slot(), self[0].generation());
                    }
                    ledger.list(heap);
                  });
            });
    Schedules.explore("standing still", standing.kills(1).preemptions(Storm.count(1, 2)));
  }
}
