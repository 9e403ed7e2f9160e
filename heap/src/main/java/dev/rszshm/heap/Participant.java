package dev.rszshm.heap;

import java.time.Instant;

/**
 * One attachment of a process to a heap.
 *
 * <p>The pair (slot, generation) names the attachment for good: a slot that is used again has
 * another generation.
 *
 * @param slot index in the participant table
 * @param generation how often the slot has been used
 * @param tag the pair (slot, generation) in {@value #TAG_BITS} bits, never 0, for words that name a
 *     holder. It never comes again in the life of the heap. {@link Heap#isAlive(int)} and {@link
 *     Heap#participant} know what it means
 * @param pid process id, in the pid namespace of the participant
 * @param name the name it gave itself
 * @param attached when it attached
 * @param otherAddress whether it is mapped elsewhere than at the heap's address
 * @param process what else identifies the process
 * @param alive whether it is alive, by proof: its lock is held. The living are never said to be
 *     dead, nor the dead to be alive
 */
public record Participant(
    int slot,
    int generation,
    int tag,
    long pid,
    String name,
    Instant attached,
    boolean otherAddress,
    ProcessIdentity process,
    boolean alive) {

  /** How many bits of a word a {@link #tag} takes. */
  public static final int TAG_BITS = 30;
}
