package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.Participant;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who has which participant slot in one run, kept beside the table by those who attach and detach,
 * and compared with it after each change. Slots lie behind the header; docs/FORMAT.md.
 */
final class SlotLedger {
  static final Path PATH = Path.of("/x/heap");
  private static final long TABLE = 4096;
  private static final long SLOT_LENGTH = 128;
  private static final int LIVE = 1;

  private record Owner(SimulatedProcess process, int generation) {}

  private final Map<Integer, Owner> owners = new HashMap<>();
  private final Map<Long, SimulatedProcess> processes = new HashMap<>();
  private final Map<SimulatedProcess, Long> crowds = new HashMap<>();
  private final Map<SimulatedProcess, Boolean> leaving = new HashMap<>();
  private final Map<Integer, Integer> generations = new HashMap<>();
  private final int slots;
  private Heap observed;
  private int descriptor;

  SlotLedger(int slots) {
    this.slots = slots;
  }

  /** The heap of these tests, as a process makes it or attaches to it. */
  static HeapBuilder builder(SimulatedProcess process, int slots) {
    return Heap.builder()
        .platform(process.platform())
        .name(process.name())
        .participants(slots)
        .span(1 << 16);
  }

  Heap attach(SimulatedProcess process) {
    processes.put(process.calls().identity().pid(), process);
    crowds.put(process, 0L);
    crowds.replaceAll((p, most) -> Math.max(most, living()));
    Heap heap = builder(process, slots).attach(PATH);
    Participant self = heap.self().orElseThrow();
    assertEquals(process.name(), self.name());
    assertTrue(self.alive(), "the own slot is not alive");
    Owner before = owners.put(self.slot(), new Owner(process, self.generation()));
    assertTrue(
        before == null || !before.process.isAlive(),
        () -> "slot " + self.slot() + " has a second owner, beside " + before);
    return heap;
  }

  /** Attaches without a slot. */
  Heap attachForReading(SimulatedProcess process) {
    return builder(process, slots).readOnly().attach(PATH);
  }

  void close(SimulatedProcess process, Heap heap) {
    leaving.put(process, true);
    owners.remove(heap.self().orElseThrow().slot());
    heap.close();
  }

  /** How many lived at a time since a process began to attach, itself included. */
  long crowd(SimulatedProcess process) {
    return crowds.get(process);
  }

  private long living() {
    return processes.values().stream().filter(SimulatedProcess::isAlive).count();
  }

  private boolean isMember(SimulatedProcess process) {
    return process.isAlive() && !leaving.containsKey(process);
  }

  /** Lists everybody, and compares what is said of each with what is the case. */
  void list(Heap heap) {
    List<SimulatedProcess> dead = processes.values().stream().filter(p -> !p.isAlive()).toList();
    for (Participant found : heap.participants()) {
      SimulatedProcess process = processes.get(found.pid());
      assertTrue(process != null, () -> found + " is nobody");
      assertEquals(process.name(), found.name(), "name of process " + found.pid());
      assertTrue(
          found.alive() || !isMember(process), () -> found + " is alive, and said to be dead");
      assertTrue(
          !found.alive() || !dead.contains(process), () -> found + " is dead, and said to live");
    }
  }

  /** Asks after a participant. */
  void ask(Heap heap, SimulatedProcess process, int slot, int generation) {
    boolean dead = !process.isAlive();
    boolean alive = heap.isAlive(slot, generation);
    assertTrue(alive || !isMember(process), "said to be dead, and lives");
    assertTrue(!alive || !dead, "said to live, and was dead before");
  }

  /** What holds after each change. */
  void check(SimulatedProcess observer) {
    if (observed == null) {
      observed = attachForReading(observer);
      descriptor = observer.calls().open(PATH.toString(), false, true);
    }
    for (int slot = 0; slot < slots; slot++) {
      long offset = TABLE + slot * SLOT_LENGTH;
      long word = observer.memory().getLong(observed.base() + offset);
      int generation = (int) (word >>> 26) & 0x3fff_ffff;
      int before = generations.getOrDefault(slot, 0);
      assertTrue(generation >= before, "the generation of slot " + slot + " fell");
      generations.put(slot, generation);
      Owner owner = owners.get(slot);
      if (owner != null && isMember(owner.process)) {
        assertEquals(LIVE, word >>> 56, "state of a slot whose owner lives");
        assertEquals(owner.generation, generation, "generation of a slot whose owner lives");
        assertTrue(observer.calls().isByteLocked(descriptor, offset), "a slot without its lock");
      }
    }
  }
}
