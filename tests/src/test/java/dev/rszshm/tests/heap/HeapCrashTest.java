package dev.rszshm.tests.heap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.Backing;
import dev.rszshm.heap.GrowthPolicy;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.HeapBuilder;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.NoSuchHeapException;
import dev.rszshm.testkit.simulation.CrashReport;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process dies at each step of what the heap does, and the next one at each step of what it does
 * about that. Up to two deaths in a row; after them a third process has to find everything in
 * order.
 */
class HeapCrashTest {
  private static final Path PATH = Path.of("/dir/heap");
  private static final int PAGE = 4096;

  /** As many as live at a time: so a slot that is not given back makes the next attach fail. */
  private static final int SLOTS = 1;

  private static HeapBuilder builder(SimulatedProcess process) {
    return Heap.builder()
        .span(1 << 20)
        .participants(SLOTS)
        .growth(GrowthPolicy.step(PAGE))
        .platform(process.platform())
        .name(process.name());
  }

  private static void create(SimulatedProcess process) {
    builder(process).create(PATH).close();
  }

  private static CrashReport run(String what, Simulation simulation) {
    CrashReport report = Storm.crashes(simulation).run();
    System.out.println(what + ": " + report);
    return report;
  }

  @ParameterizedTest
  @EnumSource(Backing.class)
  void aCreatorLeavesNoHeapOrAWholeOneAndTheNextMakesOrOpensIt(Backing backing) {
    CrashReport report =
        run(
            "create, " + backing,
            Simulation.ofMachine()
                .scenario(
                    s -> {
                      s.process("creator", p -> builder(p).backing(backing).create(PATH));
                      s.recovery(p -> openAndUse(p, backing));
                      s.survivor("next", p -> openAndUse(p, backing));
                    }));
    assertTrue(report.effects().size() >= 4, report.effects().toString());
  }

  private static void openAndUse(SimulatedProcess process, Backing backing) {
    try (Heap heap = builder(process).backing(backing).open(PATH)) {
      assertEquals(0, heap.getLong(heap.dataOffset()));
      assertEquals(process.name(), heap.self().orElseThrow().name());
      assertTrue(heap.participants().stream().anyMatch(Participant::alive));
    }
  }

  @Test
  void anAttacherLeavesASlotForTheNext() {
    CrashReport report =
        run(
            "attach and close",
            Simulation.ofMachine()
                .setUp(HeapCrashTest::create)
                .scenario(
                    s -> {
                      s.process("attacher", p -> builder(p).attach(PATH).close());
                      s.recovery(HeapCrashTest::attachAlone);
                      s.survivor("next", HeapCrashTest::attachAlone);
                    }));
    assertTrue(
        report.effects().stream().anyMatch(e -> e.contains("release store")),
        report.effects().toString());
  }

  /** Whatever a dead process left must not keep its slot. */
  private static void attachAlone(SimulatedProcess process) {
    try (Heap heap = builder(process).attach(PATH)) {
      heap.reclaimDead();
      assertEquals(List.of(heap.self().orElseThrow()), heap.participants());
      assertTrue(heap.isAlive(heap.self().get().slot(), heap.self().get().generation()));
    }
  }

  @Test
  void aBurierLeavesTheDeadToTheNext() {
    run(
        "bury",
        Simulation.ofMachine()
            .setUp(HeapCrashTest::create)
            .scenario(
                s -> {
                  s.survivor("dead", p -> builder(p).attach(PATH)); // ends without a close
                  s.process(
                      "burier",
                      p -> {
                        try (Heap heap = builder(p).attach(PATH)) {
                          heap.reclaimDead();
                        }
                      });
                  s.recovery(HeapCrashTest::attachAlone);
                  s.survivor("next", HeapCrashTest::attachAlone);
                }));
  }

  static Stream<GrowthPolicy> policies() {
    return Stream.of(GrowthPolicy.step(PAGE), GrowthPolicy.balanced());
  }

  @ParameterizedTest
  @MethodSource("policies")
  void aGrowerLosesNothingAndTheNextGrowsOn(GrowthPolicy policy) {
    CrashReport report =
        run(
            "grow",
            Simulation.ofHeap(() -> Heap.builder().span(1 << 20).participants(4).growth(policy))
                .setUp(p -> p.heap().putLong(p.heap().dataOffset(), 77))
                .scenario(
                    s -> {
                      long[] before = {0};
                      s.process(
                          "grower",
                          p -> {
                            before[0] = p.heap().length();
                            growAndUse(p);
                          });
                      s.recovery(HeapCrashTest::growAndUse);
                      s.survivor("next", HeapCrashTest::growAndUse);
                      s.check(
                          p -> {
                            assertEquals(77, p.heap().getLong(p.heap().dataOffset()));
                            assertTrue(p.heap().length() > before[0]);
                            assertEquals(0, p.heap().length() % PAGE);
                          });
                    }));
    assertEquals(
        List.of(
            "tryLockFile",
            "allocate",
            "compareAndExchange",
            "getAndAdd",
            "unlockFile",
            "release store"),
        report.effects().stream().map(e -> e.replaceFirst(" 64 .*| = .*|[(,].*", "")).toList());
  }

  private static void growAndUse(SimulatedProcess process) {
    Heap heap = process.heap();
    long length = heap.length();
    assertTrue(heap.grow() > length);
    assertEquals(0, heap.getLong(length));
    heap.putLongRelease(heap.length() - 8, 5);
    assertEquals(77, heap.getLong(heap.dataOffset()));
  }

  @Test
  void aRemoverLeavesTheHeapOrNothing() {
    run(
        "unlink",
        Simulation.ofMachine()
            .setUp(HeapCrashTest::create)
            .scenario(
                s -> {
                  s.process(
                      "remover",
                      p -> {
                        Heap heap = builder(p).attach(PATH);
                        heap.unlink();
                        heap.close();
                      });
                  s.survivor(
                      "next",
                      p -> {
                        try (Heap heap = builder(p).attach(PATH)) {
                          assertEquals(0, heap.getLong(heap.dataOffset()));
                        } catch (NoSuchHeapException removed) {
                          create(p);
                        }
                      });
                }));
  }
}
