package dev.rszshm.tests.structures;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Heap;
import dev.rszshm.structures.codec.Codecs;
import dev.rszshm.structures.object.SharedObject;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Schedules;
import dev.rszshm.tests.Storm;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Objects in every order of steps, with deaths: always one that somebody has written, whole. */
class ObjectSimulationTest {
  private static final int PARTS = 2;

  private static Simulation of(Consumer<Scenario> scenario) {
    return Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(5).length(16384))
        .setUp(p -> object(p).set(parts(1)))
        .scenario(scenario);
  }

  private static SharedObject<long[]> object(SimulatedProcess p) {
    return SharedObject.at(
        p.heap(), p.heap().dataOffset(), Codecs.longArrays(), PARTS * Long.BYTES);
  }

  private static long[] parts(long value) {
    return new long[] {value, value};
  }

  private static long read(SimulatedProcess p) {
    long[] read = object(p).get().orElseThrow();
    assertEquals(PARTS, read.length);
    assertEquals(read[0], read[1], "a mixture");
    return read[0];
  }

  @Test
  void readerGetsWhatSomebodyHasWrittenWhole() {
    Simulation simulation =
        of(
            s -> {
              s.process(
                  "writer",
                  p -> {
                    object(p).set(parts(2));
                    object(p).set(parts(3));
                  });
              s.process(
                  "reader",
                  p -> {
                    long first = read(p);
                    assertTrue(read(p) >= first, "an older one behind a newer one");
                  });
            });
    Schedules.explore("object", simulation.preemptions(Storm.count(2, 3)));
    Schedules.explore("object, weak", simulation.staleLoads(1).preemptions(Storm.count(1, 2)));
  }

  @Test
  void deathOfAWriterLeavesTheOldOneOrTheNewOne() {
    Simulation simulation =
        of(
            s -> {
              s.process("dying", p -> object(p).set(parts(2)));
              s.survivor(
                  "writer",
                  p -> {
                    long before = read(p);
                    assertTrue(before == 1 || before == 2, () -> "found " + before);
                    object(p).set(parts(3));
                  });
              s.check(
                  p -> {
                    long last = read(p);
                    assertTrue(last == 2 || last == 3, () -> "found " + last);
                  });
            });
    Schedules.explore("object, deaths", simulation.kills(1).preemptions(Storm.count(1, 2)));
  }
}
