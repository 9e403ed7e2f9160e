package dev.rszshm.tests.protocols;

import dev.rszshm.testkit.simulation.Bounds;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import dev.rszshm.tests.protocols.FreeFromProtocol.Guard;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A freer that may die at any step, two recoverers that may die as well, and an owner who collects,
 * allocates, frees and recycles meanwhile as it likes.
 */
class FreeFromTest {
  private static final int KILLS = 3;

  private static Simulation simulation(Set<Guard> guards, int turns) {
    return Simulation.ofWords(FreeFromProtocol.WORDS)
        .setUp(p -> protocol(p, guards).setUp())
        .scenario(
            s ->
                s.process("freer", p -> protocol(p, guards).freeFrom())
                    .survivor("owner", p -> own(p, protocol(p, guards), turns))
                    .recovery(p -> protocol(p, guards).recover())
                    .checkMemory(p -> protocol(p, guards).check()))
        .kills(KILLS);
  }

  private static FreeFromProtocol protocol(SimulatedProcess p, Set<Guard> guards) {
    return new FreeFromProtocol(p.memory(), p.ghost(), p.word(0), guards);
  }

  private static void own(SimulatedProcess p, FreeFromProtocol protocol, int turns) {
    long local = 1;
    boolean allocated = false;
    for (int turn = 0; turn < turns && p.choose(2) == 0; turn++) {
      local = protocol.collect(local);
      if (local == 0) {
        int way = p.choose(3);
        local = way == 0 ? 0 : way == 1 ? protocol.allocate() : protocol.recycleAndAllocate();
        allocated = way > 0;
      } else if (allocated && p.choose(2) == 0) {
        local = protocol.free();
        allocated = false;
      }
      p.forget(turn, local, allocated ? 1 : 0);
    }
  }

  @Test
  void passesWithItsGuards() {
    ProtocolLog.passes(
        "freeFrom",
        simulation(EnumSet.allOf(Guard.class), Storm.count(2, 3)).preemptions(Bounds.UNLIMITED));
  }

  @ParameterizedTest
  @EnumSource
  void failsWithout(Guard guard) {
    ProtocolLog.fails(
        "freeFrom without " + guard,
        simulation(EnumSet.complementOf(EnumSet.of(guard)), 3).preemptions(6));
  }
}
