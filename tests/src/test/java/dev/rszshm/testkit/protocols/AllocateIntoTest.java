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
                    .survivor("taker", p -> take(p, protocol(p, guards)))
                    .survivor("other taker", p -> take(p, protocol(p, guards)))
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
  private static void take(SimulatedProcess p, AllocateIntoProtocol protocol) {
    while (protocol.takeAndFree()) {
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
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "READ_AGAIN")
  void failsWithout(Guard guard) {
    ProtocolLog.fails(
        "allocateInto without " + guard,
        simulation(EnumSet.complementOf(EnumSet.of(guard)), 3).preemptions(6));
  }

  /**
   * Reading the slot again saves a compare-and-set that cannot succeed, and no more: whoever
   * changed the record in between has helped as well, or has ended the operation, and then the slot
   * does not hold this reference any more.
   */
  @Test
  void passesWithoutReadingAgain() {
    ProtocolLog.passes(
        "allocateInto without READ_AGAIN",
        simulation(EnumSet.complementOf(EnumSet.of(Guard.READ_AGAIN)), 2)
            .preemptions(Storm.count(2, Bounds.UNLIMITED)));
  }
}
