package dev.rszshm.testkit.protocols;

import dev.rszshm.testkit.Storm;
import dev.rszshm.testkit.protocols.AllocateIntoProtocol.Guard;
import dev.rszshm.testkit.simulation.Bounds;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that allocates into a slot several times and may die at any step, recoverers of which
 * two may die as well, and two overwriters that take what they find there and free it.
 */
class AllocateIntoTest {
  private static final int KILLS = 3;

  private static Simulation simulation(Set<Guard> guards, int allocations) {
    return Simulation.ofWords(AllocateIntoProtocol.WORDS)
        .scenario(
            s ->
                s.process("allocator", p -> allocate(p, protocol(p, guards), allocations))
                    .survivor("taker", p -> take(p, protocol(p, guards), 0))
                    .survivor("other taker", p -> take(p, protocol(p, guards), 1))
                    .recovery(p -> protocol(p, guards).recover())
                    .checkMemory(p -> protocol(p, guards).check()))
        .kills(KILLS);
  }

  private static AllocateIntoProtocol protocol(SimulatedProcess p, Set<Guard> guards) {
    return new AllocateIntoProtocol(p.memory(), p.word(0), guards);
  }

  /** Goes on only when what it has allocated was taken before it looks again. */
  private static void allocate(SimulatedProcess p, AllocateIntoProtocol protocol, int times) {
    for (int sequence = 1; sequence <= times && protocol.allocateInto(sequence); sequence++) {
      p.forget(sequence);
    }
  }

  /** Ends when it finds nothing: that it may come later is a matter of the order. */
  private static void take(SimulatedProcess p, AllocateIntoProtocol protocol, int taker) {
    while (protocol.takeAndFree(taker)) {
      p.forget();
    }
  }

  @Test
  void passesWithItsGuards() {
    ProtocolLog.passes(
        "allocateInto",
        simulation(EnumSet.allOf(Guard.class), Storm.count(2, 3)).preemptions(Bounds.UNLIMITED));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TAKE_BEFORE_HELP")
  void failsWithout(Guard guard) {
    ProtocolLog.fails(
        "allocateInto without " + guard,
        simulation(EnumSet.complementOf(EnumSet.of(guard)), 3).preemptions(6));
  }

  /**
   * Whoever asks first, and takes then, may take another reference of the same words, when the
   * sequence in the slot has come round: five operations, of which the last is cut short.
   */
  @Test
  void failsWithoutTakingFirstWhenTheSequenceComesRound() {
    ProtocolLog.fails(
        "allocateInto without TAKE_BEFORE_HELP",
        simulation(EnumSet.complementOf(EnumSet.of(Guard.TAKE_BEFORE_HELP)), 5).preemptions(10));
  }

  /** With as many operations, in the same bounds, and in random orders. */
  @Test
  void passesWhenTheSequenceComesRound() {
    Simulation wrapping = simulation(EnumSet.allOf(Guard.class), 6);
    wrapping.preemptions(12).random(7, Storm.count(20_000, 1_000_000));
  }
}
