package dev.rszshm.tests.protocols;

import dev.rszshm.testkit.simulation.Bounds;
import dev.rszshm.testkit.simulation.SimulatedProcess;
import dev.rszshm.testkit.simulation.Simulation;
import dev.rszshm.tests.Storm;
import dev.rszshm.tests.protocols.AllocateIntoProtocol.Guard;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A process that allocates into a slot and may die at any step, recoverers that may die as well,
 * and others that take what they find there.
 */
class AllocateIntoTest {
  /** After so many operations the sequence in a slot is the same again. */
  private static final int ROUND = 4;

  private static AllocateIntoProtocol protocol(SimulatedProcess p, Set<Guard> guards) {
    return new AllocateIntoProtocol(p.memory(), p.word(0), guards);
  }

  private static Set<Guard> without(Guard guard) {
    return EnumSet.complementOf(EnumSet.of(guard));
  }

  /** Two takers, while one lane allocates. */
  private static Simulation together(Set<Guard> guards, int allocations) {
    return Simulation.ofWords(AllocateIntoProtocol.WORDS)
        .scenario(
            s ->
                s.process("allocator", p -> allocate(p, protocol(p, guards), allocations))
                    .survivor("taker", p -> take(p, protocol(p, guards), 0))
                    .survivor("other taker", p -> take(p, protocol(p, guards), 1))
                    .recovery(p -> protocol(p, guards).recover())
                    .checkMemory(p -> protocol(p, guards).check()));
  }

  /**
   * A lane that has done a full round of operations, each of which it has taken back itself, when
   * it begins the one in which it may die. A taker may have begun at any of them.
   */
  private static Simulation comingRound(Set<Guard> guards) {
    return Simulation.ofWords(AllocateIntoProtocol.WORDS)
        .scenario(
            s ->
                s.survivor("round", p -> goRound(p, protocol(p, guards)))
                    .process("allocator", p -> allocateAfterRound(protocol(p, guards)))
                    .survivor("taker", p -> take(p, protocol(p, guards), 0))
                    .recovery(p -> recoverAfterRound(protocol(p, guards)))
                    .checkMemory(p -> protocol(p, guards).check()));
  }

  /** Goes on only when what it has allocated was taken before it looks again. */
  private static void allocate(SimulatedProcess p, AllocateIntoProtocol protocol, int times) {
    for (int sequence = 1; sequence <= times && protocol.allocateInto(sequence); sequence++) {
      p.forget(sequence);
    }
  }

  /** Ends early if somebody else has the slot or the block: the rest is not of interest then. */
  private static void goRound(SimulatedProcess p, AllocateIntoProtocol protocol) {
    for (int sequence = 1; sequence <= ROUND && protocol.allocateInto(sequence); sequence++) {
      protocol.takeAndFree(1);
      p.forget(sequence);
    }
  }

  private static void allocateAfterRound(AllocateIntoProtocol protocol) {
    if (protocol.lastSequence() == ROUND && protocol.isIdle()) {
      protocol.allocateInto(ROUND + 1);
    }
  }

  /** Whoever died before that has done nothing. */
  private static void recoverAfterRound(AllocateIntoProtocol protocol) {
    if (protocol.lastSequence() > ROUND) {
      protocol.recover();
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
        together(EnumSet.allOf(Guard.class), 2)
            .kills(Storm.count(2, 3))
            .preemptions(Storm.count(3, Bounds.UNLIMITED)));
  }

  /** With one allocation in every order, and with as many deaths. */
  @Test
  void passesInEveryOrder() {
    ProtocolLog.passes(
        "allocateInto once",
        together(EnumSet.allOf(Guard.class), 1).kills(2).preemptions(Bounds.UNLIMITED));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TAKE_BEFORE_HELP")
  void failsWithout(Guard guard) {
    ProtocolLog.fails(
        "allocateInto without " + guard, together(without(guard), 1).kills(1).preemptions(3));
  }

  /**
   * Whoever asks first, and takes then, may take another reference of the same words, when the
   * sequence in the slot has come round: nobody has told its maker, who dies.
   */
  @Test
  void failsWithoutTakingFirstWhenTheSequenceComesRound() {
    ProtocolLog.fails(
        "allocateInto without TAKE_BEFORE_HELP",
        comingRound(without(Guard.TAKE_BEFORE_HELP)).kills(1).preemptions(4));
  }

  /** In the same bounds. */
  @Test
  void passesWhenTheSequenceComesRound() {
    ProtocolLog.passes(
        "allocateInto after a round",
        comingRound(EnumSet.allOf(Guard.class)).kills(1).preemptions(4));
  }
}
