package dev.rszshm.allocator.internal.table;

/**
 * The sizes that blocks have, and how many of them a slab has.
 *
 * <p>Steps of 16 bytes up to 64, then four sizes for each doubling up to 256 KiB, so that a block
 * is at most a quarter longer than what was asked for (below 64 bytes the alignment of 16 bytes can
 * cost more). The spacing is that of jemalloc. A slab is as few chunks as leave at most a sixteenth
 * of it unused.
 */
public final class SizeClasses {
  public static final int GRANULE = 16;
  public static final int GRANULE_SHIFT = 4;
  public static final int CHUNK = 1 << 16;
  public static final int CHUNK_SHIFT = 16;

  /** Number of sizes. */
  public static final int COUNT = 52;

  /** No class: a block of this size is a run of chunks. */
  public static final int NONE = -1;

  /** The largest block in a slab; longer ones are runs of chunks. */
  public static final int LARGEST = 256 << 10;

  private static final int FIRST_STEPS = 4;
  private static final int MAX_CHUNKS = 32;

  /** Sizes up to this are found in a table. */
  public static final int SMALL = 2048;

  private static final byte[] OF_SMALL = new byte[(SMALL >> GRANULE_SHIFT) + 1];
  private static final int[] SIZE = new int[COUNT];
  private static final int[] CHUNKS = new int[COUNT];

  static {
    for (int i = 0; i < COUNT; i++) {
      SIZE[i] = computeSize(i);
      CHUNKS[i] = computeChunks(SIZE[i]);
    }
    for (int i = 0; i < OF_SMALL.length; i++) {
      OF_SMALL[i] = (byte) compute(Math.max(1, i << GRANULE_SHIFT));
    }
  }

  private SizeClasses() {}

  private static int computeSize(int sizeClass) {
    if (sizeClass < FIRST_STEPS) {
      return GRANULE * (sizeClass + 1);
    }
    int base = (FIRST_STEPS * GRANULE) << ((sizeClass - FIRST_STEPS) / 4);
    return base + base / 4 * ((sizeClass - FIRST_STEPS) % 4 + 1);
  }

  private static int computeChunks(int size) {
    for (int chunks = 1; chunks < MAX_CHUNKS; chunks++) {
      int length = chunks * CHUNK;
      if (length >= size && length % size <= length / 16) {
        return chunks;
      }
    }
    return MAX_CHUNKS;
  }

  private static int compute(int size) {
    if (size <= FIRST_STEPS * GRANULE) {
      return (size - 1) >> GRANULE_SHIFT;
    }
    int power = 31 - Integer.numberOfLeadingZeros(size - 1);
    return FIRST_STEPS + (power - 6) * 4 + ((size - 1) >>> (power - 2) & 3);
  }

  /** Returns the class of the smallest blocks that hold so many bytes, or {@link #NONE}. */
  public static int of(long size) {
    if (size <= SMALL) {
      return OF_SMALL[(int) (size + GRANULE - 1) >> GRANULE_SHIFT];
    }
    return size <= LARGEST ? compute((int) size) : NONE;
  }

  /**
   * Returns the class of the smallest blocks that hold so many bytes and begin at multiples of a
   * power of two, or {@link #NONE}.
   */
  public static int of(long size, long alignment) {
    if (size > LARGEST || alignment > CHUNK) {
      return NONE;
    }
    for (int i = of(size); i < COUNT; i++) {
      if (SIZE[i] % alignment == 0) {
        return i;
      }
    }
    return NONE;
  }

  /** Whether a size is one from 1 to {@link #SMALL}. */
  public static boolean isSmall(long size) {
    return (size - 1 & -SMALL) == 0;
  }

  /** Length of a block. */
  public static int size(int sizeClass) {
    return SIZE[sizeClass];
  }

  /** Number of chunks in a slab. */
  public static int chunks(int sizeClass) {
    return CHUNKS[sizeClass];
  }

  /** Number of blocks in a slab, at most {@link ChunkLayout#MAX_BLOCKS}. */
  public static int blocks(int sizeClass) {
    return CHUNKS[sizeClass] * CHUNK / SIZE[sizeClass];
  }

  /**
   * What the index of a block is found with: {@code (offset in the slab / 16) * this >>> 32}.
   * Exact, because a slab has at most 2^17 granules and a block at most 2^14.
   */
  public static long reciprocal(int sizeClass) {
    long granules = SIZE[sizeClass] >> GRANULE_SHIFT;
    return ((1L << 32) + granules - 1) / granules;
  }

  /**
   * The index of the block that begins at a distance from the beginning of its slab; -1 if none
   * does. Size, number and reciprocal are those of the slab's class.
   */
  public static int index(long distance, int size, int blocks, long reciprocal) {
    int index = (int) (((distance >>> GRANULE_SHIFT) * reciprocal) >>> 32);
    return (long) index * size == distance && index < blocks ? index : -1;
  }

  /** The same, for who has only the class. */
  public static int index(long distance, int sizeClass) {
    return index(distance, size(sizeClass), blocks(sizeClass), reciprocal(sizeClass));
  }

  /**
   * The number that, multiplied by the odd part of a block's size, is 1 modulo 2^64.
   *
   * <p>A distance multiplied by it, and rotated right by the number of zeros at the end of the
   * size, is the index of the block that begins there, if one does: for index times size, the
   * product is index times that power of two. Both steps can be undone, so another distance gives
   * another number than the indices. (Exact division: Granlund and Montgomery, 1994.)
   */
  public static long inverse(int sizeClass) {
    long odd = SIZE[sizeClass] >> Integer.numberOfTrailingZeros(SIZE[sizeClass]);
    long inverse = odd; // right in 3 bits, and in twice as many after each step of Newton's
    for (int bits = 3; bits < Long.SIZE; bits *= 2) {
      inverse *= 2 - odd * inverse;
    }
    return inverse;
  }

  /** Number of chunks that hold so many bytes. */
  public static long chunksFor(long size) {
    return (size >>> CHUNK_SHIFT) + ((size & (CHUNK - 1)) == 0 ? 0 : 1);
  }
}
