package dev.rszshm.heap;

import dev.rszshm.heap.os.ProcessIdentity;
import java.time.Instant;

/**
 * One attachment of a process to a heap.
 *
 * <p>The pair (slot, generation) names the attachment for good: a slot that is used again has
 * another generation.
 *
 * @param slot index in the participant table
 * @param generation how often the slot has been used, modulo 2^24
 * @param pid process id, in the pid namespace of the participant; 0 when another has begun to free
 *     the slot of a dead one
 * @param name the name it gave itself
 * @param attached when it attached
 * @param otherAddress whether it is mapped elsewhere than at the heap's address
 * @param process what else identifies the process
 * @param alive whether it is alive, by proof: its lock is held. The living are never said to be
 *     dead; a dead one may seem alive for the moment in which another begins to free its slot
 */
public record Participant(
    int slot,
    int generation,
    long pid,
    String name,
    Instant attached,
    boolean otherAddress,
    ProcessIdentity process,
    boolean alive) {

  /** How many bits of a word a {@link #tag} takes. */
  public static final int TAG_BITS = 30;

  private static final int TAG_GENERATION_BITS = TAG_BITS - 17;

  /**
   * The pair (slot, generation) in 30 bits, never 0, for words that name a holder: the slot plus 1
   * in the lower 17, and 13 bits of the generation. {@link Heap#isAlive(int)} and {@link
   * Heap#participant} know what it means. After 8,192 more uses of the slot the tag comes again;
   * whoever looks just then takes the dead for the living, for as long as that one lives.
   */
  public int tag() {
    return tag(slot, generation);
  }

  static int tag(int slot, int generation) {
    return slot + 1
        | (generation & (1 << TAG_GENERATION_BITS) - 1) << TAG_BITS - TAG_GENERATION_BITS;
  }

  /** The slot that a tag names. */
  static int slotOf(int tag) {
    return (tag & (1 << TAG_BITS - TAG_GENERATION_BITS) - 1) - 1;
  }
}
