package dev.rszshm.heap.internal.format;

import dev.rszshm.heap.Participant;

/**
 * A participant's tag: which slot, and which of those who have had it.
 *
 * <pre>
 * BITS     DESCRIPTION
 *  0…b-1   slot, in the b bits that the number of the heap's last slot takes
 *  b…29    generation, from 1 on
 * </pre>
 *
 * A tag is never 0, for no generation is, and never all ones. It never comes again: a slot is given
 * away no more once the generations that fit are used up. With 2^b slots that is after 2^30
 * attachments, less two for each slot.
 */
public final class TagLayout {
  private final int slots;
  private final int slotBits;

  public TagLayout(int slots) {
    this.slots = slots;
    this.slotBits = Integer.SIZE - Integer.numberOfLeadingZeros(slots - 1);
  }

  /** The last generation of a slot. */
  public int lastGeneration() {
    return (1 << (Participant.TAG_BITS - slotBits)) - 2;
  }

  public int tag(int slot, int generation) {
    return generation << slotBits | slot;
  }

  /** Whether a number can be a tag of this heap at all. */
  public boolean isPossible(int tag) {
    return tag >>> Participant.TAG_BITS == 0 && slot(tag) < slots && generation(tag) > 0;
  }

  public int slot(int tag) {
    return tag & (1 << slotBits) - 1;
  }

  public int generation(int tag) {
    return tag >>> slotBits;
  }
}
