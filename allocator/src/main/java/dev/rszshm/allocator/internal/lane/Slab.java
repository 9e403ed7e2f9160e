package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.ChunkLayout;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;

/** What the owner of a slab knows of it: a private copy of what follows from its bitmap. */
public final class Slab {
  /** Where its owner keeps it. */
  enum Place {
    CURRENT,
    WITH_ROOM,
    FULL,
    NOWHERE
  }

  final int chunk;
  final int sizeClass;
  final int size;
  final int blocks;
  final long reciprocal;

  /** Offset of its first block. */
  public final long base;

  /** Offset of its local bitmap. */
  final long local;

  /** Which of its owner's slabs it is; the owner word says the same. */
  final int number;

  /** Blocks in use, those that others have freed and the owner has not collected included. */
  int used;

  /** The bitmap word from which blocks are taken: its offset, its bits, and its first block. */
  long wordAt;

  long wordMask;
  long wordBase;
  private int word;

  Place place = Place.NOWHERE;
  Slab previous;
  Slab next;

  public Slab(AllocatorGeometry geometry, int chunk, int sizeClass, int number, int used) {
    this.chunk = chunk;
    this.sizeClass = sizeClass;
    this.size = SizeClasses.size(sizeClass);
    this.blocks = SizeClasses.blocks(sizeClass);
    this.reciprocal = SizeClasses.reciprocal(sizeClass);
    this.base = geometry.chunkOffset(chunk);
    this.local = geometry.descriptorOffset(chunk) + ChunkLayout.LOCAL;
    this.number = number;
    this.used = used;
    moveTo(0);
  }

  private void moveTo(int index) {
    word = index;
    wordAt = local + 8L * index;
    wordMask = Tables.mask(sizeClass, index);
    wordBase = base + (long) (index << 6) * size;
  }

  boolean isFull() {
    return used == blocks;
  }

  /** Goes to a bitmap word with a free block, which there must be; the present one goes last. */
  void seek(Heap heap) {
    int words = Tables.words(sizeClass);
    for (int i = 1; i <= words; i++) {
      moveTo(word + 1 == words ? 0 : word + 1);
      if ((~heap.getLong(wordAt) & wordMask) != 0) {
        return;
      }
    }
    throw new IllegalStateException("a slab said to have room has none: chunk " + chunk);
  }

  /** The index of the block at an offset; -1 if none begins there. */
  public int indexOf(long offset) {
    return SizeClasses.index(offset - base, size, blocks, reciprocal);
  }
}
