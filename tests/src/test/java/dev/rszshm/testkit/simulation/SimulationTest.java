package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.*;

import dev.rszshm.heap.*;
import dev.rszshm.heap.memory.Memory;
import org.junit.jupiter.api.Test;

class SimulationTest {
  static Simulation broken(int n) {
    return Simulation.ofWords(2)
        .scenario(
            s -> {
              for (int i = 0; i < n; i++)
                s.process(
                    "p" + i,
                    p -> {
                      Memory m = p.memory();
                      m.putLongVolatile(p.word(0), m.getLongVolatile(p.word(0)) + 1);
                    });
              s.check(p -> assertEquals(n, p.memory().getLong(p.word(0))));
            });
  }

  @Test
  void findsALostUpdate() {
    ScheduleFailure f = assertThrows(ScheduleFailure.class, () -> broken(3).explore());
    System.out.println(f.getMessage());
    assertThrows(ScheduleFailure.class, () -> broken(3).replay(f.schedule().toString()));
  }

  @Test
  void speed() {
    for (int k = 0; k < 3; k++)
      System.out.println(
          Simulation.ofWords(2)
              .scenario(
                  s -> {
                    for (int i = 0; i < 3; i++)
                      s.process(
                          "p" + i,
                          p -> {
                            for (int j = 0; j < 3; j++) p.memory().getAndAddLong(p.word(0), 1);
                          });
                    s.check(p -> assertEquals(9, p.memory().getLong(p.word(0))));
                  })
              .preemptions(Bounds.UNLIMITED)
              .explore());
    for (int k = 0; k < 3; k++)
      System.out.println(
          Simulation.ofWords(2)
              .scenario(
                  s -> {
                    for (int i = 0; i < 3; i++)
                      s.process(
                          "p" + i,
                          p -> {
                            for (int j = 0; j < 100; j++) p.memory().getAndAddLong(p.word(0), 1);
                          });
                    s.check(p -> assertEquals(300, p.memory().getLong(p.word(0))));
                  })
              .preemptions(3)
              .random(5, 2000));
    for (int k = 0; k < 3; k++)
      System.out.println(
          Simulation.ofWords(2)
              .scenario(
                  s -> {
                    for (int i = 0; i < 3; i++)
                      s.process(
                          "p" + i,
                          p -> {
                            for (int j = 0; j < 100; j++) p.memory().getAndAddLong(p.word(0), 1);
                          });
                    s.check(p -> assertEquals(300, p.memory().getLong(p.word(0))));
                  })
              .preemptions(300)
              .random(5, 2000));
  }

  @Test
  void missingRelease() {
    Simulation s0 =
        Simulation.ofWords(2)
            .scenario(
                s -> {
                  s.process(
                      "w",
                      p -> {
                        p.memory().putLong(p.word(0), 7);
                        p.memory().putLongOpaque(p.word(1), 1);
                      });
                  s.process(
                      "r",
                      p -> {
                        if (p.memory().getLongAcquire(p.word(1)) == 1)
                          assertEquals(7, p.memory().getLong(p.word(0)));
                      });
                });
    System.out.println(s0.explore());
    System.out.println(
        assertThrows(ScheduleFailure.class, () -> s0.staleLoads(1).explore()).getMessage());
  }

  @Test
  void heap() {
    for (int k = 0; k < 3; k++)
      System.out.println(
          Simulation.ofHeap(
                  () ->
                      Heap.builder().span(1 << 20).participants(4).growth(GrowthPolicy.step(4096)))
              .scenario(
                  s -> {
                    for (int i = 0; i < 2; i++)
                      s.process("p" + i, p -> p.heap().growTo(p.heap().length() + 4096));
                    s.check(p -> assertTrue(p.heap().length() >= 4096));
                  })
              .kills(1)
              .explore());
  }
}
