package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.rszshm.heap.spi.Memory;
import dev.rszshm.testkit.history.CounterModel;
import dev.rszshm.testkit.history.HistoryRecorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CrashReplayTest {
  private static Simulation words(Consumer<Scenario> scenario) {
    return Simulation.ofWords(8).scenario(scenario);
  }

  @Test
  void everyPrefixOfTheStoresIsSeenByTheCheck() {
    Set<String> seen = new TreeSet<>();
    CrashReport report =
        words(
                s -> {
                  s.process(
                      "writer",
                      p -> {
                        p.memory().putLongRelease(p.word(0), 1);
                        p.memory().putLongVolatile(p.word(1), 2);
                        p.memory().getAndAddLong(p.word(2), 3);
                      });
                  s.check(p -> seen.add(threeWords(p)));
                })
            .crashes()
            .kills(1)
            .run();
    assertEquals(Set.of("0 0 0", "1 0 0", "1 2 0", "1 2 3"), seen);
    assertEquals(3, report.effects().size());
    assertTrue(report.isComplete());
  }

  /** Of three stores by a writer and three by whoever recovers, each pair of deaths but some. */
  @Test
  void ofLaterDeathsSomeAreTriedAfterEachFirstAndAllOfThemAfterOne() {
    Set<String> all = new TreeSet<>();
    Set<String> some = new TreeSet<>();
    countedBy(all).run();
    countedBy(some).laterKillsOneIn(2).run();
    assertEquals(12, all.size(), all.toString());
    assertEquals(Set.of("0 2", "1 1", "1 3", "2 2", "3 1", "3 3"), some);
    assertThrows(
        IllegalArgumentException.class, () -> countedBy(new TreeSet<>()).laterKillsOneIn(0));
  }

  /** Notes how many stores each of two did who were killed; the second did at least one. */
  private static CrashReplay countedBy(Set<String> seen) {
    return words(
            s -> {
              int[] kills = new int[1];
              s.process("writer", p -> threeStores(p, 0));
              s.recovery(p -> threeStores(p, 1 + Math.min(1, kills[0]++)));
              s.check(
                  p -> {
                    if (kills[0] == 2) {
                      seen.add(p.memory().getLong(p.word(0)) + " " + p.memory().getLong(p.word(1)));
                    }
                  });
            })
        .crashes();
  }

  private static void threeStores(SimulatedProcess p, int word) {
    for (int i = 1; i <= 3; i++) {
      p.memory().putLongVolatile(p.word(word), i);
    }
  }

  private static String threeWords(SimulatedProcess p) {
    Memory m = p.memory();
    return m.getLong(p.word(0)) + " " + m.getLong(p.word(1)) + " " + m.getLong(p.word(2));
  }

  @Test
  void aFillHasAsManyEffectsAsTheBoundsSay() {
    Simulation filling =
        words(s -> s.process("filler", p -> p.memory().fill(p.word(0), 64, (byte) 1)));
    assertEquals(8, filling.crashes().run().effects().size());
    assertEquals(2, filling.bulkSteps(2).crashes().run().effects().size());
  }

  @Test
  void plainStoresAreAlsoLostInEveryOtherOrder() {
    Set<String> seen = new TreeSet<>();
    Simulation plain =
        words(
            s -> {
              s.process(
                  "writer",
                  p -> {
                    p.memory().putLong(p.word(0), 1);
                    p.memory().putLong(p.word(1), 1);
                    p.memory().putLongOpaque(p.word(2), 1);
                  });
              s.check(p -> seen.add(threeWords(p)));
            });
    plain.crashes().run();
    assertEquals(8, seen.size(), seen.toString());
    seen.clear();
    plain.crashes().inProgramOrder().run();
    assertEquals(Set.of("0 0 0", "1 0 0", "1 1 0", "1 1 1"), seen);
  }

  @Test
  void whatCameBeforeAReleaseStoreIsThereWithIt() {
    Set<String> seen = new TreeSet<>();
    words(
            s -> {
              s.process(
                  "writer",
                  p -> {
                    p.memory().putLong(p.word(0), 1);
                    p.memory().putLongRelease(p.word(1), 1);
                    p.memory().putLong(p.word(2), 1);
                  });
              s.check(p -> seen.add(threeWords(p)));
            })
        .crashes()
        .run();
    assertEquals(Set.of("0 0 0", "0 0 1", "1 0 0", "1 0 1", "1 1 0", "1 1 1"), seen);
  }

  @Test
  void nothingIsLostThatAFenceOrASystemCallKeeps() {
    for (Consumer<SimulatedProcess> barrier :
        List.<Consumer<SimulatedProcess>>of(
            p -> p.memory().fullFence(),
            p -> p.memory().getAndAddLong(p.word(5), 1),
            p -> p.memory().putLongVolatile(p.word(5), 1),
            p -> p.calls().wakeWord(p.word(5), 1))) {
      words(
              s -> {
                boolean[] behind = {false};
                s.process(
                    "writer",
                    p -> {
                      p.memory().putLong(p.word(0), 1);
                      barrier.accept(p);
                      behind[0] = true;
                      p.memory().putLong(p.word(1), 1);
                    });
                s.check(p -> assertTrue(!behind[0] || p.memory().getLong(p.word(0)) == 1, "lost"));
              })
          .crashes()
          .run();
    }
  }

  @Test
  void theRecoveryIsKilledAtEachOfItsStoresAsWell() {
    List<String> recoveries = new ArrayList<>();
    CrashReport report =
        words(
                s -> {
                  s.process("writer", p -> p.memory().putLongRelease(p.word(0), 1));
                  s.recovery(
                      p -> {
                        recoveries.add(p.name() + " " + threeWords(p));
                        p.memory().putLongRelease(p.word(1), 1);
                        p.memory().putLongRelease(p.word(2), 1);
                      });
                  s.check(
                      p -> assertTrue(Set.of("1 0 0", "0 1 1", "1 1 1").contains(threeWords(p))));
                })
            .crashes()
            .run();
    // The writer dies before or after its store, and each time the recovery before, between and
    // after its two.
    assertEquals(2 + 2 * 3, report.crashes());
    String second = "recovery of recovery of writer ";
    for (String left : List.of("0 0 0", "0 1 0", "0 1 1", "1 0 0", "1 1 0", "1 1 1")) {
      assertTrue(recoveries.contains(second + left), left);
    }
  }

  @Test
  void aFailureNamesTheStoreItsLineAndWhatWasLeftAndIsRepeated() {
    Simulation torn =
        words(
            s -> {
              s.process(
                  "publisher",
                  p -> {
                    p.memory().putLongRelease(p.word(1), 1); // the flag comes too early
                    p.memory().putLongRelease(p.word(0), 77);
                  });
              s.check(
                  p ->
                      assertTrue(
                          p.memory().getLong(p.word(1)) == 0 || p.memory().getLong(p.word(0)) == 77,
                          "torn"));
            });
    CrashFailure failure = assertThrows(CrashFailure.class, () -> torn.crashes().run());
    assertEquals("1", failure.crash());
    for (String part :
        List.of(
            "process check failed",
            "torn",
            "replay(\"1\")",
            "release store 64 bits at words+0x8 := 0x1",
            "CrashReplayTest.java:",
            "words+0x8        0x0 -> 0x1")) {
      assertTrue(failure.getMessage().contains(part), part + " in " + failure.getMessage());
    }
    CrashFailure again = assertThrows(CrashFailure.class, () -> torn.crashes().replay("1"));
    assertEquals(failure.getMessage(), again.getMessage());
    torn.crashes().replay("0");
    torn.crashes().replay("2");
  }

  @Test
  void aPairOfDeathsIsFoundWhichNeitherAloneWouldShow() {
    // The recovery is not idempotent: it counts what it has repaired.
    Simulation twice =
        words(
            s -> {
              s.process("writer", p -> p.memory().putLongRelease(p.word(0), 1));
              s.recovery(
                  p -> {
                    p.memory().getAndAddLong(p.word(1), 1);
                    p.memory().putLongRelease(p.word(2), 1);
                  });
              s.check(p -> assertTrue(p.memory().getLong(p.word(1)) <= 1, "repaired twice"));
            });
    twice.crashes().kills(1).run();
    CrashFailure failure = assertThrows(CrashFailure.class, () -> twice.crashes().run());
    assertEquals("0/1", failure.crash());
  }

  @Test
  void locksFallWithTheProcessAndAreTakenByTheNext() {
    Simulation.ofMachine()
        .setUp(p -> p.calls().close(p.calls().createExclusive("/f", 0600)))
        .scenario(
            s -> {
              s.process(
                  "holder",
                  p -> {
                    int file = p.calls().open("/f", true, false);
                    assertTrue(p.calls().tryLockByte(file, 3));
                    assertTrue(p.calls().tryLockFile(file));
                  });
              s.survivor(
                  "next",
                  p -> {
                    int file = p.calls().open("/f", true, false);
                    assertFalse(p.calls().isByteLocked(file, 3));
                    assertTrue(p.calls().tryLockByte(file, 3));
                    assertTrue(p.calls().tryLockFile(file));
                  });
            })
        .crashes()
        .run();
  }

  @Test
  void aCallThatADeathCutsOffMayHaveHappenedOrNot() {
    Simulation counter =
        words(
            s -> {
              HistoryRecorder<CounterModel.Operation, Long> calls =
                  s.linearizable(new CounterModel(0));
              for (String name : List.of("one", "two")) {
                s.process(
                    name,
                    p ->
                        p.call(
                            calls,
                            new CounterModel.GetAndAdd(1),
                            () -> p.memory().getAndAddLong(p.word(0), 1)));
              }
            });
    counter.crashes().run();
    counter.kills(2).explore();
  }

  @Test
  void aRecoveryThatHangsIsReported() {
    Simulation hanging =
        words(
            s -> {
              s.process("writer", p -> p.memory().putIntRelease(p.word(0), 1));
              s.recovery(
                  p -> {
                    while (p.memory().getIntAcquire(p.word(0)) == 1) {
                      p.calls().waitOnWord(p.word(0), 1, 50_000_000);
                    }
                  });
            });
    CrashFailure failure = assertThrows(CrashFailure.class, () -> hanging.crashes().run());
    assertTrue(failure.getMessage().contains("hangs"), failure.getMessage());
    Simulation spinning =
        words(
            s -> {
              s.process("writer", p -> p.memory().putIntRelease(p.word(0), 1));
              s.recovery(
                  p -> {
                    while (p.memory().getIntAcquire(p.word(0)) == 1) {
                      Thread.onSpinWait();
                    }
                  });
            });
    failure = assertThrows(CrashFailure.class, () -> spinning.crashes().run());
    assertTrue(failure.getMessage().contains("again and again"), failure.getMessage());
  }

  @Test
  void whatIsNoCrashOrDoesNotFitIsSaidClearly() {
    CrashReplay replay =
        words(s -> s.process("writer", p -> p.memory().putLong(p.word(0), 1))).crashes();
    IllegalArgumentException none =
        assertThrows(IllegalArgumentException.class, () -> replay.replay("one"));
    assertTrue(none.getMessage().contains("expected numbers like 7, 7/3 or 7~2"));
    IllegalArgumentException late =
        assertThrows(IllegalArgumentException.class, () -> replay.replay("5"));
    assertTrue(late.getMessage().contains("does not fit"), late.getMessage());
    assertThrows(IllegalArgumentException.class, () -> replay.kills(0));
    assertThrows(IllegalArgumentException.class, () -> words(s -> {}).crashes().run());
  }
}
