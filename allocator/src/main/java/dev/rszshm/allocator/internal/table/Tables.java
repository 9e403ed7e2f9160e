package dev.rszshm.allocator.internal.table;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import java.util.Locale;

/**
 * The tables of an allocator in a heap: where their words are, and how they are read and changed.
 * {@link TableSetup} says how they come to be there.
 */
public final class Tables {
  /** The slot of a participant in the lock of the roots, plus 1. */
  public static final int ROOT_LOCK_SHIFT = 30;

  private static final int PAGE = 4096;

  public final Heap heap;
  public final AllocatorGeometry geometry;
  public final boolean checking;

  /** How many chunks the heap was long enough for when somebody looked; it never gets shorter. */
  private volatile int knownRoom;

  Tables(Heap heap, AllocatorGeometry geometry, boolean checking) {
    this.heap = heap;
    this.geometry = geometry;
    this.checking = checking;
  }

  /** The word that the own page must have at an offset, which is none of a number that changes. */
  public long expected(int offset) {
    return switch (offset) {
      case AllocatorLayout.MAGIC -> AllocatorLayout.MAGIC_VALUE;
      case AllocatorLayout.VERSION -> AllocatorLayout.versionAndFlags(checking);
      default -> geometry.word(offset);
    };
  }

  public long owner(long chunk) {
    return heap.getLongAcquire(geometry.ownerOffset(chunk));
  }

  /** Reads an owner word in the one order of all volatile accesses. */
  public long ownerVolatile(long chunk) {
    return heap.getLongVolatile(geometry.ownerOffset(chunk));
  }

  /** Changes an owner word that nobody else may change. */
  public void setOwner(long chunk, long word) {
    heap.putLongRelease(geometry.ownerOffset(chunk), word);
  }

  public boolean changeOwner(long chunk, long from, long to) {
    return heap.compareAndSetLong(geometry.ownerOffset(chunk), from, to);
  }

  public long local(long chunk, int word) {
    return geometry.descriptorOffset(chunk) + ChunkLayout.LOCAL + 8L * word;
  }

  public long remote(long chunk, int word) {
    return geometry.descriptorOffset(chunk) + ChunkLayout.REMOTE + 8L * word;
  }

  /** Number of chunks that exist; never more than the heap has room for. */
  public int frontier() {
    int found = bounded(AllocatorLayout.FRONTIER, geometry.chunkCount());
    if (found > knownRoom) {
      knownRoom = (int) Math.min(geometry.chunkCount(), room());
    }
    return Math.min(found, knownRoom);
  }

  /** Number of chunks that the heap is long enough for. */
  public long room() {
    return Math.max(0, heap.length() - geometry.chunks()) >>> SizeClasses.CHUNK_SHIFT;
  }

  /** Number of lanes that exist; never more than there can be. */
  public int laneFrontier() {
    return bounded(AllocatorLayout.LANE_FRONTIER, geometry.laneCount());
  }

  /** Number of entries of the roots that were ever used; never more than there can be. */
  public int rootFrontier() {
    return bounded(AllocatorLayout.ROOT_FRONTIER, geometry.rootCount());
  }

  private int bounded(int field, int most) {
    long found = number(field);
    return found < 0 || found > most ? most : (int) found;
  }

  /** A number of the own page as it is. */
  public long number(int field) {
    return heap.getLongAcquire(geometry.base() + field);
  }

  /** Whether a lane word names a participant that there can be. */
  public boolean isPossible(long laneWord) {
    return LaneLayout.state(laneWord) <= LaneLayout.RECOVERING
        && LaneLayout.participant(laneWord) < heap.participantSlots();
  }

  /**
   * Requires that what an owner word says to begin at a chunk lies within the chunks that exist.
   *
   * @throws DamagedHeapException if it does not
   */
  public void requireWithin(long chunk, long chunks, long word) {
    if (chunks < 1 || chunks > frontier() - chunk) {
      throw damaged(chunk, word);
    }
  }

  /** What is thrown for an owner word that nobody can have written who keeps to the format. */
  public DamagedHeapException damaged(long chunk, long word) {
    heap.requireOpen(); // or what was read is nothing
    return new DamagedHeapException(
        String.format(
            Locale.ROOT,
            "%s is damaged: chunk %d, at offset %d, has owner word 0x%x (%s), which is"
                + " impossible. Allocator.check() reports what else is damaged; save what can be"
                + " read, and make a new heap",
            heap.path(),
            chunk,
            geometry.chunkOffset(chunk),
            word,
            OwnerWord.describe(word)));
  }

  /** Whether a word of the lock of the roots names a participant that there can be. */
  public boolean isRootLock(long word) {
    long slot = (word >>> ROOT_LOCK_SHIFT) - 1;
    return slot >= 0 && slot < heap.participantSlots();
  }

  /** Raises a number that never falls. */
  public void raise(int field, long to) {
    long offset = geometry.base() + field;
    long seen = heap.getLongAcquire(offset);
    while (seen < to && !heap.compareAndSetLong(offset, seen, to)) {
      seen = heap.getLongAcquire(offset);
    }
  }

  /** Takes memory for a part of a table, whole pages of it; returns what {@link Heap#back} does. */
  public boolean back(long from, long to) {
    long first = from / PAGE * PAGE;
    long end = (to + PAGE - 1) / PAGE * PAGE;
    return heap.back(
        Math.max(first, geometry.base()),
        Math.min(end, geometry.chunks()) - Math.max(first, geometry.base()));
  }

  /**
   * Whether a slab has blocks that others have freed and its owner has not collected. Volatile
   * order, for who has just made it FULL: see RemoteFree.
   */
  public boolean hasRemote(long chunk, int sizeClass) {
    for (int word = words(sizeClass) - 1; word >= 0; word--) {
      if (heap.getLongVolatile(remote(chunk, word)) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether all blocks of a slab were free when they were looked at. */
  public boolean isEmpty(long chunk, int sizeClass) {
    for (int word = words(sizeClass) - 1; word >= 0; word--) {
      long freed = heap.getLongAcquire(remote(chunk, word));
      if ((heap.getLongAcquire(local(chunk, word)) & ~freed) != 0) {
        return false;
      }
    }
    return true;
  }

  /** Number of blocks of a slab that are in use, those that others have freed included. */
  public int used(long chunk, int sizeClass) {
    int used = 0;
    for (int word = words(sizeClass) - 1; word >= 0; word--) {
      used += Long.bitCount(heap.getLongAcquire(local(chunk, word)));
    }
    return used;
  }

  /**
   * Takes over what others have freed, in a slab that nobody else owns: local bits first, so that a
   * remote bit without a local one means "collected, and not acknowledged", and doing it again is
   * harmless.
   *
   * @return number of blocks
   */
  public int collect(long chunk, int sizeClass) {
    int collected = 0;
    for (int word = words(sizeClass) - 1; word >= 0; word--) {
      long freed = heap.getLongAcquire(remote(chunk, word));
      if (freed != 0) {
        long local = heap.getLong(local(chunk, word));
        heap.putLongRelease(local(chunk, word), local & ~freed);
        heap.getAndBitwiseAndLong(remote(chunk, word), ~freed);
        collected += Long.bitCount(local & freed);
      }
    }
    return collected;
  }

  /** Number of words in the bitmaps of a slab. */
  public static int words(int sizeClass) {
    return (SizeClasses.blocks(sizeClass) + 63) >>> 6;
  }

  /** The bits of a bitmap word that stand for blocks. */
  public static long mask(int sizeClass, int word) {
    int blocks = SizeClasses.blocks(sizeClass) - (word << 6);
    return blocks >= 64 ? -1 : (1L << blocks) - 1;
  }
}
