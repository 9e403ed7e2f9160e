package dev.rszshm.testkit.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.rszshm.heap.memory.Memory;
import org.junit.jupiter.api.Test;

class CrashReplayTest {
  @Test
  void demo() {
    Simulation two =
        Simulation.ofWords(8)
            .scenario(
                s -> {
                  s.process(
                      "put",
                      p -> {
                        Memory m = p.memory();
                        m.putLong(p.word(0), 7);
                        m.putLong(p.word(1), 8);
                        m.putLongRelease(p.word(2), 1);
                      });
                  s.check(
                      p -> {
                        if (p.memory().getLong(p.word(2)) == 1) {
                          assertEquals(
                              15, p.memory().getLong(p.word(0)) + p.memory().getLong(p.word(1)));
                        }
                      });
                });
    System.out.println(two.crashes().run() + " " + two.crashes().run().effects());
    Simulation three =
        Simulation.ofWords(8)
            .scenario(
                s -> {
                  s.process(
                      "put",
                      p -> {
                        Memory m = p.memory();
                        m.putLong(p.word(0), 7);
                        m.putLong(p.word(1), 8);
                        m.putLongOpaque(p.word(2), 1);
                      });
                  s.check(
                      p -> {
                        if (p.memory().getLong(p.word(2)) == 1) {
                          assertEquals(
                              15, p.memory().getLong(p.word(0)) + p.memory().getLong(p.word(1)));
                        }
                      });
                });
    CrashFailure f = assertThrows(CrashFailure.class, () -> three.crashes().run());
    System.out.println(f.getMessage());
    assertThrows(CrashFailure.class, () -> three.crashes().replay(f.crash()));
    System.out.println(three.crashes().inProgramOrder().run());
  }
}
