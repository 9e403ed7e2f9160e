package dev.rszshm.allocator.internal.table;

import dev.rszshm.allocator.errors.NotAnAllocatorException;
import dev.rszshm.heap.Heap;
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
 * two and a page of roots and of lanes at once, so that threads can free when nothing is left; more roots and
 * lanes as they are used, the others as the heap grows. A table of zeros is an empty one.
 *
 * Protocol (setting up)
 * ---------------------
 *  1 make the heap long enough for the tables, without memory;
 *  2 back the first two, and a page of roots and of lanes;
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
public final class TableSetup {
  private static final int PAGE = 4096;

  /** So many words of an allocator's page are there by no chance. */
  private static final int ENOUGH_WORDS = 3;

  private TableSetup() {}

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
      heap.requireOpen(); // or what was read is nothing
      throw new NotAnAllocatorException(
          String.format(
              Locale.ROOT,
              "%s has no allocator: at its data offset is 0x%x, expected 0x%x (or 0 in a heap"
                  + " that is attached for writing, where one is set up). Its content belongs to"
                  + " something else",
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
    heap.back(geometry.base(), geometry.roots() + PAGE - geometry.base());
    heap.back(geometry.lanes(), Math.min(PAGE, geometry.owners() - geometry.lanes()));
    long base = geometry.base();
    heap.compareAndSetLong(
        base + AllocatorLayout.VERSION, 0, AllocatorLayout.versionAndFlags(checking));
    for (int offset = AllocatorLayout.SUMMARY; offset <= AllocatorLayout.CHUNK_COUNT; offset += 8) {
      heap.putLong(base + offset, geometry.word(offset));
    }
    heap.putLongRelease(base + AllocatorLayout.MAGIC, AllocatorLayout.MAGIC_VALUE);
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
              ? found == AllocatorLayout.versionAndFlags(true)
                  || found == AllocatorLayout.versionAndFlags(false)
              : found == geometry.word(at);
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

  /** Whether a heap has an allocator, or one of whose own page a part is damaged. */
  public static boolean isPresent(Heap heap) {
    if (heap.isPlain() || heap.length() - heap.dataOffset() < AllocatorLayout.LENGTH) {
      return false;
    }
    long base = heap.dataOffset();
    if (heap.getLongAcquire(base + AllocatorLayout.MAGIC) == AllocatorLayout.MAGIC_VALUE) {
      return true;
    }
    AllocatorGeometry geometry;
    try {
      geometry = AllocatorGeometry.of(base, heap.span());
    } catch (IllegalArgumentException e) {
      return false; // the span is too small for one
    }
    int right = 0;
    for (int at = AllocatorLayout.SUMMARY; at <= AllocatorLayout.CHUNK_COUNT; at += Long.BYTES) {
      long expected = geometry.word(at);
      right += expected != 0 && heap.getLong(base + at) == expected ? 1 : 0;
    }
    return right >= ENOUGH_WORDS;
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
}
