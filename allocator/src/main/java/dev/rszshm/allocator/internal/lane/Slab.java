package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.ChunkLayout;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.spi.Memory;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a slab knows of it: a private copy of what follows from its bitmap. Another
 * lane that frees in it knows where it is and how its blocks are counted ({@link FarSlabs}).
 */
public final class Slab {
  /** Where its owner keeps it. */
  enum Place {
    CURRENT,
    WITH_ROOM,
    FULL,
    NOWHERE
  }

  /** So many free blocks in a bitmap word are worth a look at it. */
  private static final int MANY = 8;

  /**
   * So often a block can be freed in a current slab, which stays where it is, before that is said
   * again.
   */
  private static final int OFTEN = 1 << 30;

  /** In the place of a slab where there is none. */
  static final Slab NONE = new Slab();

  final int chunk;
  final int sizeClass;
  final long size;
  final int blocks;
  final int words;

  /** The bits of the last bitmap word that stand for blocks. */
  private final long lastWord;

  /** {@link #blocks}, for a comparison without sign. */
  final long limit;

  /** Offset of its first block. */
  public final long base;

  /** Address of its local bitmap. */
  final long local;

  /** Which of its owner's slabs it is; the owner word says the same. */
  final int number;

  /** The owner word of its first chunk, as long as the lane owns it. */
  final long owner;

  /** A slab in which fewer blocks are free is not worth the search for them. */
  private final int worthwhile;

  private final long inverse;
  private final int shift;

  /** The number of blocks in use below which it has to go elsewhere. */
  private int least;

  /**
   * Blocks in use beyond {@link #least}, those included that others have freed and the owner has
   * not collected. Of a current slab it is only how often a block can be freed in it before it is
   * looked at.
   */
  int surplus;

  /** The bitmap word from which blocks were taken last. */
  private int word;

  private int left;

  Place place = Place.NOWHERE;
  @Nullable Slab previous;
  @Nullable Slab next;

  /** None, in which no block begins. */
  private Slab() {
    this.chunk = -1;
    this.sizeClass = SizeClasses.NONE;
    this.size = 0;
    this.blocks = 0;
    this.limit = Long.MIN_VALUE;
    this.words = 0;
    this.lastWord = 0;
    this.worthwhile = 0;
    this.inverse = 0;
    this.shift = 0;
    this.base = 0;
    this.local = 0;
    this.number = -1;
    this.owner = 0;
  }

  /**
   * A slab.
   *
   * @param heapBase the address of the heap
   * @param owner the owner word of its first chunk
   */
  public Slab(AllocatorGeometry geometry, long heapBase, int chunk, long owner, int used) {
    this.chunk = chunk;
    this.owner = owner;
    this.sizeClass = OwnerWord.sizeClass(owner);
    this.size = SizeClasses.size(sizeClass);
    this.blocks = SizeClasses.blocks(sizeClass);
    this.limit = blocks + Long.MIN_VALUE;
    this.words = Tables.words(sizeClass);
    this.lastWord = Tables.mask(sizeClass, words - 1);
    this.worthwhile = Math.max(1, blocks / 8);
    this.inverse = SizeClasses.inverse(sizeClass);
    this.shift = Long.numberOfTrailingZeros(size);
    this.base = geometry.chunkOffset(chunk);
    this.local = heapBase + geometry.descriptorOffset(chunk) + ChunkLayout.LOCAL;
    this.number = (int) OwnerWord.aux(owner);
    setUsed(used);
  }

  /** Blocks in use, as far as the owner knows; not of a current slab. */
  int used() {
    return surplus + least;
  }

  void setUsed(int used) {
    surplus = used - least;
  }

  boolean isFull() {
    return used() == blocks;
  }

  /** Whether hardly any block is free. */
  boolean isNearlyFull() {
    return used() > blocks - worthwhile;
  }

  /** Puts it somewhere. */
  void moveTo(Place to) {
    int used = used();
    place = to;
    least = to == Place.FULL ? blocks - worthwhile + 1 : to == Place.WITH_ROOM ? 1 : 0;
    surplus = to == Place.CURRENT ? OFTEN : used - least;
  }

  /**
   * Makes the free blocks of a bitmap word ready: of the first one, from the present one on, in
   * which many are free. The heap must be open.
   *
   * @param any whether one free block is enough if there is no such word
   * @return whether there are blocks that are ready now
   */
  boolean makeReady(ReadyBlocks ready, Memory memory, boolean any) {
    int many = Math.min(MANY, worthwhile);
    return makeReady(ready, memory, many) || (any && makeReady(ready, memory, 1));
  }

  private boolean makeReady(ReadyBlocks ready, Memory memory, int many) {
    int left = 0;
    for (int i = 0; i < words; i++) {
      long free = ~memory.getLong(local + 8L * word) & (word + 1 == words ? lastWord : -1);
      int count = Long.bitCount(free);
      if (count >= many) {
        ready.word = local + 8L * word;
        ready.first = base + (long) (word << 6) * size;
        ready.bits = free;
        return true;
      }
      left += count;
      word = word + 1 == words ? 0 : word + 1;
    }
    this.left = left;
    return false;
  }

  /** Blocks that were free when there were none to {@link #makeReady make ready}. */
  int left() {
    return left;
  }

  /**
   * The index of the block that begins at an offset; a number that {@link #has} not if none of this
   * slab does. {@link SizeClasses#inverse} says why.
   */
  long find(long offset) {
    return Long.rotateRight((offset - base) * inverse, shift);
  }

  /**
   * Whether an index has a bit in a bitmap, which is clear if there is no such block: one
   * comparison less than {@link #has}.
   */
  static boolean mayHave(long index) {
    return (index & -ChunkLayout.MAX_BLOCKS) == 0;
  }

  /** Whether there is a block with this index. */
  boolean has(long index) {
    return index + Long.MIN_VALUE < limit;
  }

  /** The index of the block that begins at an offset; -1 if none of this slab does. */
  public int indexOf(long offset) {
    long index = find(offset);
    return has(index) ? (int) index : -1;
  }
}
