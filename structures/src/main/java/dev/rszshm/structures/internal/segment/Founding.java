package dev.rszshm.structures.internal.segment;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.heap.errors.ReadOnlyHeapException;
import java.util.Locale;
import java.util.UUID;

/*
 * How a structure comes to be in bytes of zeros.
 *
 * Layout
 * ------
 * OFFSET SIZE DESCRIPTION
 *      0    8 magic; written last
 *      8    4 version
 *     16    8 seed, which nobody can guess who does not know the random identity of the heap
 *
 * Protocol
 * --------
 * 1 version and seed, which follow from what all know; 2 what else a kind of structure has to say, in words that the
 * first one writes; 3 the magic, with release order.
 * Any number of processes may be at this at once: they write the same.
 *
 * If a process dies here
 * ----------------------
 * Before 3 there is no magic, and the next one does it all again. After 3 it is done.
 */
public final class Founding {
  private static final int VERSION = 8;
  private static final int SEED = 16;
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  private Founding() {}

  /** Finds a structure, or makes it, of a kind that has no more to say. */
  public static long findOrMake(
      Heap heap, long at, long length, long magic, int version, String what) {
    return findOrMake(heap, at, length, magic, version, what, () -> {});
  }

  /**
   * Finds a structure, or makes it.
   *
   * @param what its kind, for messages
   * @param more step 2
   * @return its seed
   * @throws DamagedHeapException if there is something else
   */
  public static long findOrMake(
      Heap heap, long at, long length, long magic, int version, String what, Runnable more) {
    if (at < heap.dataOffset() || (at & Long.BYTES - 1) != 0) {
      throw new IllegalArgumentException(
          what + " must be at a multiple of 8 from " + heap.dataOffset() + " on, found " + at);
    }
    heap.checkReadable(at, length);
    if (heap.getLongAcquire(at) == 0) {
      try {
        heap.requireWritable();
      } catch (ReadOnlyHeapException e) {
        throw new ReadOnlyHeapException(
            "nobody has made a "
                + what
                + " at offset "
                + at
                + " yet: look again when another process has made it. "
                + e.getMessage());
      }
      heap.putInt(at + VERSION, version);
      heap.putLong(at + SEED, seed(heap, at));
      more.run();
      heap.putLongRelease(at, magic);
    }
    long found = heap.getLongAcquire(at);
    if (found != magic || heap.getInt(at + VERSION) != version) {
      heap.requireOpen(); // or what was read is nothing
      throw new DamagedHeapException(
          String.format(
              Locale.ROOT,
              "%s has no %s at offset %d: found magic 0x%x and version %d, expected 0x%x and %d."
                  + " Give the offset of one, or of bytes that are zero",
              heap.path(),
              what,
              at,
              found,
              heap.getInt(at + VERSION),
              magic,
              version));
    }
    return heap.getLong(at + SEED);
  }

  private static long seed(Heap heap, long at) {
    UUID id = heap.id().orElse(new UUID(0, 0));
    long seed = id.getLeastSignificantBits() ^ Long.rotateLeft(id.getMostSignificantBits(), 17);
    return (seed ^ at) * MIX;
  }
}
