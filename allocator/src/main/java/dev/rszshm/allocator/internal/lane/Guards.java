package dev.rszshm.allocator.internal.lane;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;

/*
 * The checking mode: a block carries the length that was asked for in its last 8 bytes, before them a label,
 * which says who allocated it and what for, and guard bytes before that; and it is filled when it is freed.
 *
 * Protocol
 * --------
 * free: 1 look at the guard bytes; 2 the length := FREED, by compare-and-set. Failed, or it was FREED:
 *  somebody else frees the block, at this instant or before; 3 fill the rest; 4 free it.
 * So of two who free a block one is told, even at the same instant.
 *
 * If a process dies here
 * ----------------------
 * After 2 the block stays allocated, unless it is freed from a slot: then the recoverer frees it. Nobody
 * else can free it, which is what freeing may cost in any case. If a thread is interrupted by an error in 3,
 * the block has its length back.
 */
public final class Guards {
  /** Bytes that a block needs in addition. */
  public static final int LENGTH = 24;

  /** Bytes at the end of a block that are no guard bytes: length and label. */
  private static final int TRAILER = 16;

  private static final byte GUARD = (byte) 0xfb;
  private static final byte FILLING = (byte) 0xfd;

  /** Guard bytes in place of a label. */
  private static final long NO_LABEL = 0xfbfb_fbfb_fbfb_fbfbL;

  /** In place of the length; as the filling, so that all of the block is of the same bytes. */
  private static final long FREED = 0xfdfd_fdfd_fdfd_fdfdL;

  private final Heap heap;
  private final BlockFinder blocks;
  private final int participant;

  @SuppressWarnings("ThreadLocalUsage") // each allocator has its own
  private final ThreadLocal<Integer> tag = ThreadLocal.withInitial(() -> 0);

  /**
   * Guards the blocks of an allocator.
   *
   * @param participant the tag of this participant; 0 for who only reads
   */
  public Guards(Heap heap, BlockFinder blocks, int participant) {
    this.heap = heap;
    this.blocks = blocks;
    this.participant = participant;
  }

  /** Runs a body, in which this thread allocates blocks with a tag. */
  public void runTagged(int wanted, Runnable body) {
    int before = tag.get();
    tag.set(wanted);
    try {
      body.run();
    } finally {
      if (before == 0) {
        tag.remove();
      } else {
        tag.set(before);
      }
    }
  }

  /**
   * Whether a block carries a label: not if it is being allocated, or was made before there were.
   */
  public static boolean isLabeled(Heap heap, long block, long length) {
    long end = block + length - Long.BYTES;
    long size = heap.getLongAcquire(end);
    return size >= 0
        && size <= length - LENGTH
        && heap.getByte(block + size) == GUARD
        && heap.getLong(end - Long.BYTES) != NO_LABEL;
  }

  public static long label(Heap heap, long block, long length) {
    return heap.getLong(block + length - TRAILER);
  }

  /** The tag in a label. */
  public static int tagOf(long label) {
    return (int) (label >>> Integer.SIZE);
  }

  /** Who allocated the block, by a label. */
  public static int participantOf(long label) {
    return (int) label;
  }

  public void place(long block, long size) {
    long end = end(block);
    heap.fill(block + size, end - Long.BYTES - block - size, GUARD);
    long label = (long) tag.get() << Integer.SIZE | Integer.toUnsignedLong(participant);
    heap.putLong(end - Long.BYTES, label);
    heap.putLongRelease(end, size);
  }

  /** Where the length is. */
  private long end(long block) {
    return block + blocks.usableSize(block) - Long.BYTES;
  }

  /** The length that was asked for. */
  public long size(long block) {
    return requireSize(block, end(block));
  }

  private long requireSize(long block, long end) {
    long size = heap.getLongAcquire(end);
    if (size == FREED) {
      throw freedTwice(block);
    }
    if (size < 0 || size > end - block) {
      throw overrun(block, end, size);
    }
    return size;
  }

  /**
   * Looks at a block, takes it for being freed, and fills it, but for the first word, which has a
   * use of its own.
   *
   * @throws InvalidFreeException if somebody has written beyond its end, or frees it too
   */
  public void free(long block) {
    long end = end(block);
    long size = requireSize(block, end);
    for (long at = block + size; at < end - Long.BYTES; at++) {
      if (heap.getByte(at) != GUARD) {
        throw overrun(block, at, size);
      }
    }
    if (!heap.compareAndSetLong(end, size, FREED)) {
      throw freedTwice(block);
    }
    boolean filled = false;
    try {
      heap.fill(block + Long.BYTES, end - block - Long.BYTES, FILLING);
      filled = true;
    } finally {
      if (!filled && heap.isOpen()) {
        heap.compareAndSetLong(end, FREED, size);
      }
    }
  }

  private InvalidFreeException freedTwice(long block) {
    heap.requireOpen(); // or what was read is nothing
    return new InvalidFreeException(
        "the block at "
            + block
            + " was freed before, or another thread is freeing it at the same time: only one of"
            + " them may");
  }

  private InvalidFreeException overrun(long block, long at, long size) {
    heap.requireOpen(); // or what was read is nothing
    return new InvalidFreeException(
        "the block at "
            + block
            + " was written beyond its end: at offset "
            + at
            + " the guard bytes are gone (its length is "
            + size
            + "). It stays allocated");
  }
}
