package dev.rszshm.cli.kind;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.RootEntry;
import dev.rszshm.heap.Heap;

/**
 * A root to look at.
 *
 * @param allocator of the heap
 * @param entry the root
 */
public record Root(Allocator allocator, RootEntry entry) {
  private static final long USUAL_ALIGNMENT = 16;

  /** Returns the heap. */
  public Heap heap() {
    return allocator.heap();
  }

  /** Returns the name. */
  public String name() {
    return entry.name();
  }

  /**
   * Returns the offset of the block that the root refers to.
   *
   * @throws IllegalStateException if it refers to none
   */
  public long block() {
    long block = allocator.get(entry.slot());
    if (block <= 0) {
      throw new IllegalStateException("it refers to no block: somebody is making or removing it");
    }
    return block;
  }

  /** Returns the offset of the place in the block that has an alignment. */
  public long place(long alignment) {
    return (block() + slack(alignment)) & -Math.max(alignment, USUAL_ALIGNMENT);
  }

  /** Returns the bytes of a place of this alignment. */
  public long length(long alignment) {
    return Math.max(0, Math.min(entry.size(), allocator.usableSize(block())) - slack(alignment));
  }

  private static long slack(long alignment) {
    return Math.max(0, alignment - USUAL_ALIGNMENT);
  }
}
