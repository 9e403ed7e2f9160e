package dev.rszshm.tests.protocols;

import dev.rszshm.testkit.simulation.Bounds;
import dev.rszshm.testkit.simulation.ProcessBody;
import dev.rszshm.testkit.simulation.Scenario;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import dev.rszshm.tests.protocols.DetachProtocol.Guard;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An owner that gives up a full slab, two lanes that free its blocks, and two that adopt it and may
 * fill it and give it up again. One of them may die at any step, and so may its first recoverer.
 */
class DetachTest {
  /** Who may die. */
  enum Mortal {
    NOBODY,
    OWNER,
    FREER,
    ADOPTER
  }

  private static final int KILLS = 2;
  private static final int OWNER = 1;
  private static final int FREER = 2;
  private static final int ADOPTER = 3;

  private static Simulation simulation(Set<Guard> guards, Mortal mortal, int freers) {
    return Simulation.ofWords(DetachProtocol.WORDS)
        .setUp(p -> protocol(p, guards).setUp(OWNER))
        .scenario(s -> tell(s, guards, mortal, freers))
        .kills(mortal == Mortal.NOBODY ? 0 : KILLS);
  }

  private static void tell(Scenario s, Set<Guard> guards, Mortal mortal, int freers) {
    add(s, mortal == Mortal.OWNER, "owner", p -> protocol(p, guards).collectOrDetach());
    add(s, mortal == Mortal.FREER, "freer", p -> protocol(p, guards).free(1));
    add(s, mortal == Mortal.ADOPTER, "adopter", p -> adopt(p, guards, ADOPTER));
    s.survivor("other adopter", p -> adopt(p, guards, ADOPTER + 1));
    if (freers == 2) {
      s.survivor("other freer", p -> protocol(p, guards).free(2));
    }
    int lane = mortal == Mortal.OWNER ? OWNER : mortal == Mortal.FREER ? FREER : ADOPTER;
    s.recovery(p -> protocol(p, guards).recover(lane));
    s.checkMemory(p -> protocol(p, guards).check());
  }

  private static void add(Scenario s, boolean mortal, String name, ProcessBody body) {
    if (mortal) {
      s.process(name, body);
    } else {
      s.survivor(name, body);
    }
  }

  private static void adopt(SimulatedProcess p, Set<Guard> guards, int lane) {
    DetachProtocol protocol = protocol(p, guards);
    if (protocol.adopt(lane) && p.choose(2) == 1) {
      protocol.allocateAllAndDetach();
    }
  }

  private static DetachProtocol protocol(SimulatedProcess p, Set<Guard> guards) {
    return new DetachProtocol(p.memory(), p.word(0), guards);
  }

  /** Whoever dies, any other may adopt beside two recoverers: too many orders for a build. */
  @ParameterizedTest
  @EnumSource
  void passesWithItsGuards(Mortal mortal) {
    int most = mortal == Mortal.NOBODY ? Bounds.UNLIMITED : mortal == Mortal.OWNER ? 2 : 3;
    ProtocolLog.passes(
        "detach, one freer, mortal: " + mortal,
        simulation(EnumSet.allOf(Guard.class), mortal, 1)
            .preemptions(Storm.count(most, Bounds.UNLIMITED)));
  }

  @ParameterizedTest
  @EnumSource
  void passesWithTwoFreers(Mortal mortal) {
    int most = mortal == Mortal.NOBODY ? 3 : 1;
    ProtocolLog.passes(
        "detach, two freers, mortal: " + mortal,
        simulation(EnumSet.allOf(Guard.class), mortal, 2)
            .preemptions(Storm.count(most, Bounds.UNLIMITED)));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SCAN")
  void failsWithout(Guard guard) {
    ProtocolLog.fails(
        "detach without " + guard,
        simulation(EnumSet.complementOf(EnumSet.of(guard)), Mortal.NOBODY, 2).preemptions(6));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NOBODY")
  void failsWithoutScanAfterTheDeathOf(Mortal mortal) {
    ProtocolLog.fails(
        "detach without SCAN, mortal: " + mortal,
        simulation(EnumSet.complementOf(EnumSet.of(Guard.SCAN)), mortal, 1).preemptions(6));
  }
}
