package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.internal.table.SizeClasses;

/**
 * The blocks of one size class that a lane allocates next: some of those that are free in one
 * bitmap word of its current slab. Private to the lane.
 *
 * <p>Only the owner of a slab sets bits in its local bitmap, so a block that is ready stays free
 * until it is allocated from here. Blocks that are freed do not join them: an allocation does not
 * wait for the store of a free just before it.
 */
public final class ReadyBlocks {
  final int sizeClass;
  final long size;

  /** The current slab; {@link Slab#NONE} if there is none, and then no block is ready. */
  Slab slab = Slab.NONE;

  /** The bits of the blocks that are ready. */
  long bits;

  /** Address of the bitmap word. */
  long word;

  /** Offset of the block of its lowest bit. */
  long first;

  ReadyBlocks(int sizeClass) {
    this.sizeClass = sizeClass;
    this.size = SizeClasses.size(sizeClass);
  }

  public boolean isEmpty() {
    return bits == 0;
  }

  /** First chunk of the slab of which they are; there must be one. */
  public long chunk() {
    return slab.chunk;
  }

  /** The owner word of that chunk; there must be one. */
  public long owner() {
    return slab.owner;
  }

  /** The offset of the block that comes next; there must be one. */
  public long next() {
    return first + Long.numberOfTrailingZeros(bits) * size;
  }

  /** Has no block and no slab any more. */
  void clear() {
    bits = 0;
    slab = Slab.NONE;
  }
}
