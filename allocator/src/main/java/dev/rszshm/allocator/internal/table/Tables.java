package dev.rszshm.allocator.internal.table;

import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.allocator.internal.lane.RemoteFree;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import java.util.Locale;

/*
 * The tables of an allocator in a heap, and how they come to be there.
 *
 * Layout
 * ------
 *   data offset                                                                      end of the span
 *   | own page | summary | roots | lanes | owner words | hints | descriptors | chunks ...          |
 *
 * Every table is as long as the span will ever need, and has memory as far as it is in use: the first
 * three and a page of lanes at once, so that threads can free when nothing is left; more lanes as they are
 * taken, the others as the heap grows. A table of zeros is an empty one.
 *
 * Protocol (setting up)
 * ---------------------
 *  1 make the heap long enough for the tables, without memory;
 *  2 back the first three, and a page of lanes;
 *  3 version and flags: from 0, by compare-and-set, because some may want to check and others not;
 *  4 write the other fields of the own page, which all follow from the heap's data offset and span;
 *  5 write the magic, with release order.
 * Any number of processes may be at this at once: after 3 they write the same.
 * Who finds content at 1 has come late if there is a magic by then.
 *
 * If a process dies here
 * ----------------------
 * Before 5 there is no magic, and the next one does it all again. After 5 it is done.
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

  private Tables(Heap heap, AllocatorGeometry geometry, boolean checking) {
    this.heap = heap;
    this.geometry = geometry;
    this.checking = checking;
  }

  /** Finds the tables of a heap; sets them up if the content of the heap is untouched. */
  public static Tables open(Heap heap, boolean checking) {
    if (heap.isPlain()) {
      throw new NotAnAllocatorException(
          heap.path()
              + " is a plain file, which has no participants: make a heap for an allocator");
    }
    long base = heap.dataOffset();
    long magic = heap.getLongAcquire(base + AllocatorLayout.MAGIC);
    if (magic == 0 && !heap.isReadOnly()) {
      setUp(heap, AllocatorGeometry.of(base, heap.span()), checking);
      magic = heap.getLongAcquire(base + AllocatorLayout.MAGIC);
    }
    if (magic != AllocatorLayout.MAGIC_VALUE) {
      throw new NotAnAllocatorException(
          String.format(
              Locale.ROOT,
              "%s has no allocator: at its data offset is 0x%x, expected 0x%x (or 0, where one can"
                  + " be set up by who may write). Its content belongs to something else",
              heap.path(),
              magic,
              AllocatorLayout.MAGIC_VALUE));
    }
    return read(heap, base);
  }

  private static void setUp(Heap heap, AllocatorGeometry geometry, boolean checking) {
    if (isSetUp(heap, geometry)) {
      return;
    }
    heap.growSparse(geometry.chunks());
    heap.back(
        geometry.base(), Math.min(geometry.lanes() + PAGE, geometry.owners()) - geometry.base());
    long base = geometry.base();
    heap.compareAndSetLong(base + AllocatorLayout.VERSION, 0, versionAndFlags(checking));
    for (int offset = AllocatorLayout.SUMMARY; offset <= AllocatorLayout.CHUNK_COUNT; offset += 8) {
      heap.putLong(base + offset, field(geometry, offset));
    }
    heap.putLongRelease(base + AllocatorLayout.MAGIC, AllocatorLayout.MAGIC_VALUE);
  }

  private static long versionAndFlags(boolean checking) {
    long flags = checking ? AllocatorLayout.FLAG_CHECKING : 0;
    return flags << Integer.SIZE | AllocatorLayout.CURRENT_VERSION;
  }

  /**
   * Whether somebody else was faster. What others have begun to set up counts as untouched.
   *
   * @throws NotAnAllocatorException if there is other content
   */
  private static boolean isSetUp(Heap heap, AllocatorGeometry geometry) {
    long base = geometry.base();
    long length = Math.min(heap.length() - base, AllocatorLayout.LENGTH);
    for (int at = AllocatorLayout.VERSION; at + 8 <= length; at += 8) {
      long found = heap.getLongAcquire(base + at);
      boolean begun =
          at == AllocatorLayout.VERSION
              ? found == versionAndFlags(true) || found == versionAndFlags(false)
              : found == field(geometry, at);
      if (found != 0 && !begun) {
        if (heap.getLongAcquire(base + AllocatorLayout.MAGIC) != 0) {
          return true;
        }
        throw new NotAnAllocatorException(
            heap.path()
                + " has content at offset "
                + (base + at)
                + ", and no allocator: set one up before anything else is stored");
      }
    }
    return false;
  }

  /** The word at an offset of the own page that follows from the geometry; 0 if none does. */
  private static long field(AllocatorGeometry geometry, int offset) {
    return switch (offset) {
      case AllocatorLayout.SUMMARY -> geometry.summary();
      case AllocatorLayout.ROOTS -> geometry.roots();
      case AllocatorLayout.LANES -> geometry.lanes();
      case AllocatorLayout.OWNERS -> geometry.owners();
      case AllocatorLayout.HINTS -> geometry.hints();
      case AllocatorLayout.DESCRIPTORS -> geometry.descriptors();
      case AllocatorLayout.CHUNKS -> geometry.chunks();
      case AllocatorLayout.ROOT_COUNT ->
          (long) geometry.laneCount() << Integer.SIZE | geometry.rootCount();
      case AllocatorLayout.CHUNK_COUNT -> geometry.chunkCount();
      default -> 0;
    };
  }

  /** The word that the own page must have at an offset, which is none of a number that changes. */
  public long expected(int offset) {
    return switch (offset) {
      case AllocatorLayout.MAGIC -> AllocatorLayout.MAGIC_VALUE;
      case AllocatorLayout.VERSION -> versionAndFlags(checking);
      default -> field(geometry, offset);
    };
  }

  private static Tables read(Heap heap, long base) {
    int version = heap.getInt(base + AllocatorLayout.VERSION);
    AllocatorGeometry expected = AllocatorGeometry.of(base, heap.span());
    AllocatorGeometry found =
        new AllocatorGeometry(
            base,
            heap.getLong(base + AllocatorLayout.SUMMARY),
            heap.getLong(base + AllocatorLayout.ROOTS),
            heap.getLong(base + AllocatorLayout.LANES),
            heap.getLong(base + AllocatorLayout.OWNERS),
            heap.getLong(base + AllocatorLayout.HINTS),
            heap.getLong(base + AllocatorLayout.DESCRIPTORS),
            heap.getLong(base + AllocatorLayout.CHUNKS),
            heap.getInt(base + AllocatorLayout.ROOT_COUNT),
            heap.getInt(base + AllocatorLayout.LANE_COUNT),
            (int) heap.getLong(base + AllocatorLayout.CHUNK_COUNT));
    if (version != AllocatorLayout.CURRENT_VERSION || !found.equals(expected)) {
      throw new NotAnAllocatorException(
          heap.path()
              + " has a damaged allocator, or one of another version: found version "
              + version
              + " with "
              + found
              + ", expected version "
              + AllocatorLayout.CURRENT_VERSION
              + " with "
              + expected);
    }
    boolean checking =
        (heap.getInt(base + AllocatorLayout.FLAGS) & AllocatorLayout.FLAG_CHECKING) != 0;
    return new Tables(heap, found, checking);
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
    return new DamagedHeapException(
        String.format(
            Locale.ROOT,
            "%s is damaged: chunk %d, at offset %d, has owner word 0x%x (%s), which cannot be."
                + " Allocator.check() tells what else is; save what you can read, and make a new"
                + " heap",
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

  /** Takes memory for a part of a table, whole pages of it. */
  public void back(long from, long to) {
    long first = from / PAGE * PAGE;
    long end = (to + PAGE - 1) / PAGE * PAGE;
    heap.back(
        Math.max(first, geometry.base()),
        Math.min(end, geometry.chunks()) - Math.max(first, geometry.base()));
  }

  /**
   * Whether a slab has blocks that others have freed and its owner has not collected. Volatile
   * order, for who has just made it FULL: see {@link RemoteFree}.
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
