package dev.rszshm.heap;

import java.time.Instant;

/**
 * One attachment of a process to a heap.
 *
 * <p>The pair (slot, generation) identifies the attachment for ever: when the slot is used again,
 * it has another generation.
 *
 * @param slot index in the participant table
 * @param generation how often the slot has been used
 * @param tag the pair (slot, generation) in {@value #TAG_BITS} bits, never 0: store it in a word of
 *     the heap to say who owns something. No other attachment of the heap ever has the same. {@link
 *     Heap#isAlive(int)} tells whether its owner is alive, {@link Heap#participant} who it is
 * @param pid process id, in the pid namespace of the participant
 * @param name its name, see {@link HeapBuilder#name}; empty if it has none
 * @param attached the time at which it attached
 * @param otherAddress whether it has mapped the heap at another address than the heap's own
 * @param process what else identifies the process
 * @param alive whether it was alive when this was read, see {@link Heap#isAlive(int, int)}
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

  /** The number of bits that a {@link #tag} takes. */
  public static final int TAG_BITS = 30;
}
