package dev.rszshm.structures.internal.segment;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.Participant;
import dev.rszshm.heap.errors.DamagedHeapException;
import java.time.Duration;
import java.util.Locale;

/*
 * An array of words, zero at first, that grows without moving: structures keep slots, numbers or bits in it.
 *
 * Layout
 * ------
 * OFFSET SIZE DESCRIPTION
 *      0    8 growing: 0, or the tag of the participant who allocates a segment; a hint
 *      8  960 slots: 120 segments
 * Segments double in four steps: four have 16 words each, four 32, four 64, and so on. So at most a fifth of all
 * words are in the last one, and the segment of an index, and the place in it, follow from its highest bits.
 *
 * Protocol
 * --------
 * Whoever needs a word whose segment is not there allocates it into its slot (Allocator.allocateInto): of
 * several, one succeeds, and the others free theirs. So that this is rare:
 *  1 growing: 0 to the own tag, by compare-and-set. If it has the tag of a living participant, look at the slot for a
 *    second at most, and then go on all the same;
 *  2 allocate; 3 growing := 0.
 * A segment that is there stays, and stays where it is, until the structure is dismantled.
 *
 * If a process dies here
 * ----------------------
 * 2 happens or not, and no block is lost. A tag that is left is that of the dead, which nobody waits for. If it is a living
 * one's, because something was thrown, the next ones wait for a second, and take it away.
 *
 * Arrays whose segments double so that nothing moves: Brodnik and others 1999; lock-free: Dechev and others 2006.
 */
public final class Segments {
  /** The number of segments. */
  public static final int COUNT = 120;

  /** The length of the table in bytes. */
  public static final int LENGTH = 8 + COUNT * Long.BYTES;

  /** The highest index there can be. */
  public static final long MAX_INDEX = (1L << 36) - 65;

  private static final int FIRST_TOP = 6;
  private static final int FIRST = 1 << FIRST_TOP;
  private static final int SLOTS = 8;
  private static final int LOOKS = 500;
  private static final Duration LOOK = Duration.ofMillis(2);

  private final Allocator allocator;
  private final Heap heap;
  private final long table;

  /** Offsets of segments that were found; 0: not looked for yet. */
  private final long[] offsets = new long[COUNT];

  /** The segments of a table, which is in bytes of zeros at first. */
  public Segments(Allocator allocator, long table) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.table = table;
  }

  private static int top(long index) {
    return 63 - Long.numberOfLeadingZeros(index + FIRST);
  }

  private static int segment(long index, int top) {
    return (top - FIRST_TOP) * 4 + (int) ((index + FIRST) >>> (top - 2) & 3);
  }

  /** Returns the number of words of a segment. */
  public static long words(int segment) {
    return 1L << (FIRST_TOP - 2 + segment / 4);
  }

  /** Returns the index of the first word of a segment. */
  public static long first(int segment) {
    return ((4L + segment % 4) << (FIRST_TOP - 2 + segment / 4)) - FIRST;
  }

  /** Returns the segment of an index from 0 to {@link #MAX_INDEX}. */
  public static int segment(long index) {
    return segment(index, top(index));
  }

  /**
   * Returns the offset of a word, or 0 if its segment is not there.
   *
   * @param index from 0 to {@link #MAX_INDEX}
   */
  public long find(long index) {
    int top = top(index);
    int segment = segment(index, top);
    long offset = offsets[segment];
    if (offset == 0) {
      offset = offset(segment);
      if (offset == 0) {
        return 0;
      }
    }
    return offset + ((index + FIRST) & ((1L << (top - 2)) - 1)) * Long.BYTES;
  }

  /** Returns the offset of a segment, or 0 if it is not there. */
  public long offset(int segment) {
    long offset = allocator.get(slot(segment));
    if (offset != 0) {
      long length = words(segment) * Long.BYTES;
      if (offset > heap.length() - length) {
        heap.requireOpen(); // or what was read is nothing
        throw new DamagedHeapException(
            String.format(
                Locale.ROOT,
                "%s is damaged: the slot at offset %d refers to a segment of %d bytes at %d, beyond"
                    + " the end of the heap",
                heap.path(),
                slot(segment),
                length,
                offset));
      }
      offsets[segment] = offset;
    }
    return offset;
  }

  private long slot(int segment) {
    return table + SLOTS + (long) Long.BYTES * segment;
  }

  /**
   * Returns the offset of a word, and makes its segment if it is not there.
   *
   * @throws OutOfHeapMemoryException if there is no room, with nothing changed
   */
  public long ensure(long index) {
    long word = find(index);
    if (word == 0) {
      grow(segment(index));
      word = find(index);
      if (word == 0) {
        heap.requireOpen(); // or what was read is nothing
        throw new DamagedHeapException(
            "a segment at the slot at offset " + slot(segment(index)) + " was taken away");
      }
    }
    return word;
  }

  private void grow(int segment) {
    long tag = heap.self().map(Participant::tag).orElse(0);
    for (int i = 0; i < LOOKS; i++) {
      long growing = heap.getLongAcquire(table);
      if (growing == 0 || growing != (int) growing || !heap.isAlive((int) growing)) {
        if (heap.compareAndSetLong(table, growing, tag)) {
          break;
        }
      } else {
        heap.pause(LOOK);
      }
      if (offset(segment) != 0) {
        return;
      }
    }
    try {
      allocator.allocateInto(slot(segment), words(segment) * Long.BYTES);
    } catch (OutOfHeapMemoryException e) {
      if (offset(segment) == 0) { // nobody else has got the room
        throw e;
      }
    } finally {
      heap.putLongRelease(table, 0);
    }
  }

  /** Frees all segments, when nobody uses them any more. */
  public void dismantle() {
    for (int segment = COUNT - 1; segment >= 0; segment--) {
      free(segment);
    }
  }

  private void free(int segment) {
    offsets[segment] = 0;
    if (heap.getLongAcquire(slot(segment)) != 0) {
      allocator.freeFrom(slot(segment));
    }
  }

  /**
   * Frees what the words refer to, all of them being slots, and all segments, from the last to the
   * first, so that what is left after a death has no holes.
   */
  public void dismantleSlots() {
    for (int segment = COUNT - 1; segment >= 0; segment--) {
      long offset = offset(segment);
      for (long i = offset == 0 ? -1 : words(segment) - 1; i >= 0; i--) {
        long slot = offset + i * Long.BYTES;
        if (heap.getLongAcquire(slot) != 0) {
          allocator.freeFrom(slot);
        }
      }
      free(segment);
    }
  }
}
