package dev.rszshm.benchmarks;

import dev.rszshm.heap.Heap;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.List;
import org.openjdk.jmh.annotations.Setup;

/**
 * The same loops in a JVM that has run a simulation before, as a JVM of tests may have: it knows
 * two kinds of memory, and has seen heaps on both.
 */
public class AccessLoopsAfterSimulation extends AccessLoops {
  private static final int RUNS = 25;

  /** Offsets each process goes through in a run; enough, over all runs, to be profiled. */
  private static final int OFFSETS = 200;

  /** For JMH. */
  public AccessLoopsAfterSimulation() {}

  /** Runs a simulation of the accesses that the loops make. */
  @Setup
  public void simulate() {
    Simulation.ofHeap(
            () ->
                Heap.builder()
                    .span(4L * AccessTarget.LENGTH)
                    .length(AccessTarget.LENGTH)
                    .participants(4))
        .scenario(
            s -> {
              for (String name : List.of("one", "two")) {
                s.process(name, p -> touch(AccessTarget.of(target, p.heap())));
              }
            })
        .bulkSteps(1)
        .random(1, RUNS);
  }

  private static void touch(AccessTarget bytes) {
    byte[] block = new byte[Long.BYTES];
    for (int i = 0; i < OFFSETS; i++) {
      long at = (long) i * Long.BYTES;
      bytes.putByte(at, (byte) (bytes.getByte(at) + 1));
      bytes.putInt(at, bytes.getInt(at) + 1);
      bytes.putLong(at, bytes.getLong(at) + 1);
      bytes.addInt(at, 1);
      bytes.addLong(at, 1);
      long seen = bytes.getLong(at);
      bytes.compareAndSetLong(at, seen, seen + 1);
      bytes.copyIn(block, at);
      bytes.fill(at, Long.BYTES, (byte) 1);
    }
  }
}
