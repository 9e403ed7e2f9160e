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
import org.junit.jupiter.params.provider.ValueSource;

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

  /** A lane that allocates and frees, and whose references others take. */
  private static Simulation freeing(Set<Guard> guards) {
    return Simulation.ofWords(AllocateIntoProtocol.WORDS)
        .scenario(
            s ->
                s.process("lane", p -> allocateAndFree(p, protocol(p, guards)))
                    .survivor("taker", p -> take(p, protocol(p, guards), 0))
                    .recovery(p -> protocol(p, guards).recover())
                    .checkMemory(p -> protocol(p, guards).check()));
  }

  private static void allocateAndFree(SimulatedProcess p, AllocateIntoProtocol protocol) {
    for (int sequence = 1; sequence < ROUND + 2; sequence += 2) {
      if (!protocol.allocateInto(sequence)) {
        return;
      }
      protocol.freeOwn(sequence + 1);
      p.forget(sequence);
    }
  }

  /** A structure that takes what a lane allocates into its slot by a store of its own. */
  private static Simulation settling(Set<Guard> guards, boolean keeps) {
    return Simulation.ofWords(AllocateIntoProtocol.WORDS)
        .scenario(
            s ->
                s.process("allocator", p -> allocate(p, protocol(p, guards), ROUND + 1))
                    .survivor("structure", p -> settle(p, protocol(p, guards), keeps))
                    .recovery(p -> protocol(p, guards).recover())
                    .checkMemory(p -> protocol(p, guards).check()));
  }

  private static void settle(SimulatedProcess p, AllocateIntoProtocol protocol, boolean keeps) {
    while (protocol.settleAndTake(keeps) && !keeps) {
      p.forget();
    }
  }

  /** A structure whose slot one settles, while others fill and empty it, and a full round ends. */
  private static Simulation settlingAfterRound(Set<Guard> guards) {
    return Simulation.ofWords(AllocateIntoProtocol.WORDS)
        .scenario(
            s ->
                s.survivor("round", p -> goRoundSettling(p, protocol(p, guards)))
                    .process("allocator", p -> allocateAfterRound(protocol(p, guards)))
                    .survivor("structure", p -> protocol(p, guards).settleOnly())
                    .recovery(p -> recoverAfterRound(protocol(p, guards)))
                    .checkMemory(p -> protocol(p, guards).check()));
  }

  private static void goRoundSettling(SimulatedProcess p, AllocateIntoProtocol protocol) {
    for (int sequence = 1; sequence <= ROUND && protocol.allocateInto(sequence); sequence++) {
      protocol.settleAndTake(false);
      p.forget(sequence);
    }
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
  @EnumSource(names = {"HELP", "TAKERS_KNOWN", "ABORT_BY_COMPARE_AND_SET"})
  void failsWithout(Guard guard) {
    ProtocolLog.fails(
        "allocateInto without " + guard, together(without(guard), 1).kills(1).preemptions(3));
  }

  /** With the sequence coming round while a taker is stopped. */
  @Test
  void passesWhereTheLaneFreesItself() {
    ProtocolLog.passes(
        "allocateInto, freeFrom of the own",
        freeing(EnumSet.allOf(Guard.class)).kills(2).preemptions(Storm.count(3, Bounds.UNLIMITED)));
  }

  @ParameterizedTest
  @EnumSource(names = {"HELP", "RECORD_BEFORE_MARK", "MARK_LOOKED_AT"})
  void failsWhereTheLaneFreesItselfWithout(Guard guard) {
    ProtocolLog.fails(
        "allocateInto, freeFrom of the own without " + guard,
        freeing(without(guard)).kills(1).preemptions(3));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void passesWhereAStructureSettles(boolean keeps) {
    ProtocolLog.passes(
        "allocateInto, settle, " + (keeps ? "keep" : "free"),
        settling(EnumSet.allOf(Guard.class), keeps)
            .kills(2)
            .preemptions(Storm.count(4, Bounds.UNLIMITED)));
  }

  @ParameterizedTest
  @EnumSource(names = {"SETTLE_HELPS", "SETTLE_HELPS_FIRST"})
  void failsWhereAStructureSettlesWithout(Guard guard) {
    ProtocolLog.fails(
        "allocateInto, settle without " + guard,
        settling(without(guard), true).kills(1).preemptions(3));
  }

  /**
   * Whoever does not exclude those who empty the slot may make another reference of the same words
   * clean, when the sequence has come round: nobody has told its maker, who dies.
   */
  @Test
  void failsWhereOthersEmptyWhatAStructureSettles() {
    ProtocolLog.fails(
        "allocateInto, settle without SETTLE_ALONE",
        settlingAfterRound(without(Guard.SETTLE_ALONE)).kills(1).preemptions(4));
  }

  /** In the same bounds. */
  @Test
  void passesWhereOnlyTheStructureEmptiesWhatItSettles() {
    ProtocolLog.passes(
        "allocateInto, settle after a round",
        settlingAfterRound(EnumSet.allOf(Guard.class)).kills(1).preemptions(4));
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
