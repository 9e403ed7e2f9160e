package dev.rszshm.structures.queue;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.bytes.DamagedWord;
import dev.rszshm.structures.internal.codec.StructureCodec;
import dev.rszshm.structures.queue.errors.DamagedQueueException;
import dev.rszshm.structures.queue.errors.NotAQueueException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/*
 * The words and cells of a log.
 *
 * Layout
 * ------
 * RingLogLayout. There are as many cells as entries are kept and as there can be writers. Each is in one place of
 * the ring, or is one writer's; a writer exchanges its cell for the one of the oldest entry.
 *
 * Protocol
 * --------
 * append: LogWriters. read entry t:
 *  1 read the number of entries that were appended. If the place of the next one has it already, it is one more:
 *    whoever put it there has not raised the number yet, and the one after that waits for the number;
 *  2 t is not among the last n, or is among those removed: it is missed. Otherwise read the word of its place: not of its lap: from 1;
 *  3 copy its cell; 4 read the word again, and the number: both as they were, but for entries that do not
 *    replace t: this was entry t. 5 t was not removed: return it.
 * A cell is written only while it is in no place of the ring, and a word with lap, writer and cell is in a place once. So if
 * the word is the same at 4, its cell was in the ring from 2 to 4, and nobody wrote in it: nothing is torn.
 * That the lap has only 34 bits does not matter: the number at 4 has 63, and says that no other lap has come. A reader writes nothing.
 *
 * remove the entries before t, of which each was appended: raise the number of those removed to t, by compare-and-set. It
 * never falls, and neither does the number of entries, so that an entry that is in its place at 2 and not removed at 5 was there at 5,
 * or at 4 if it was replaced since. Cells stay where they are: a removed entry is replaced as any other.
 *
 * If a process dies here
 * ----------------------
 * A reader leaves nothing. Whoever removes has done it, or not. Writers: LogWriters.
 */
final class LogRing {
  /** How often an entry may be missed while nobody appends. */
  private static final int LOOKS = 1000;

  final Heap heap;
  final Memory memory;
  final long at;
  final RingLogSpec spec;
  final int kept;
  private final long cells;
  private final long cellLength;

  private LogRing(Heap heap, long at, RingLogSpec spec) {
    this.heap = heap;
    this.memory = RawAccess.of(heap, LogRing.class);
    this.at = at;
    this.spec = spec;
    this.kept = spec.entries();
    this.cells = at + RingLogLayout.cells(spec);
    this.cellLength = RingLogLayout.cellLength(spec);
  }

  /**
   * Finds the log at an offset, or makes it: options and format, from 0 by compare-and-set,
   * version, and at last the magic; whoever does so at the same time, or after a death, writes the
   * same, or is refused.
   *
   * @param expected null: only finds it
   */
  static LogRing findOrMake(
      Heap heap, long offset, @Nullable RingLogSpec expected, StructureCodec<?> codec) {
    if (offset % RingLogLayout.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          "a log must be at a multiple of " + RingLogLayout.ALIGNMENT + ", found " + offset);
    }
    heap.region(offset, RingLogLayout.RING); // throws if it cannot be there
    if (expected != null
        && !heap.isReadOnly()
        && heap.getLongAcquire(offset + RingLogLayout.MAGIC) == 0) {
      heap.compareAndSetLong(offset + RingLogLayout.OPTIONS, 0, expected.encode());
      if (heap.getLongAcquire(offset + RingLogLayout.OPTIONS) == expected.encode()) {
        codec.claim();
        heap.putInt(offset + RingLogLayout.VERSION, RingLogLayout.CURRENT_VERSION);
        heap.putLongRelease(offset + RingLogLayout.MAGIC, RingLogLayout.MAGIC_VALUE);
      }
    }
    long magic = heap.getLongAcquire(offset + RingLogLayout.MAGIC);
    int version = heap.getInt(offset + RingLogLayout.VERSION);
    long options = heap.getLongAcquire(offset + RingLogLayout.OPTIONS);
    RingLogSpec found = null;
    if (magic == RingLogLayout.MAGIC_VALUE && version == RingLogLayout.CURRENT_VERSION) {
      try {
        found = RingLogSpec.decode(options);
      } catch (IllegalArgumentException e) {
        found = null;
      }
    }
    if (found == null || (expected != null && !found.equals(expected))) {
      heap.requireOpen(); // or what was read is nothing
      throw new NotAQueueException(
          String.format(
              Locale.ROOT,
              "%s has no log at offset %d as expected: found magic 0x%x, version %d, %s; expected"
                  + " 0x%x, %d, %s",
              heap.path(),
              offset,
              magic,
              version,
              found == null ? "options 0x" + Long.toHexString(options) : found,
              RingLogLayout.MAGIC_VALUE,
              RingLogLayout.CURRENT_VERSION,
              expected == null ? "any specification" : expected));
    }
    heap.region(offset, RingLogLayout.length(found));
    codec.require();
    return new LogRing(heap, offset, found);
  }

  /** The number of entries that were appended, or one less. */
  long appended() {
    long appended = heap.getLongVolatile(at + RingLogLayout.APPENDED);
    if (appended < 0 || appended > RingLogLayout.MOST_APPENDED) {
      throw damaged(at + RingLogLayout.APPENDED, appended, "a number of entries");
    }
    return appended;
  }

  /** The number of entries that were removed, from the first on. */
  long removed() {
    long removed = heap.getLongVolatile(at + RingLogLayout.REMOVED);
    if (removed != 0 && (removed < 0 || (removed > appended() && removed > end()))) {
      throw damaged(at + RingLogLayout.REMOVED, removed, "at most the number of entries");
    }
    return removed;
  }

  /** Removes all entries before one, all of which were appended. */
  void removeBefore(long entry) {
    heap.requireWritable();
    long removed = removed();
    while (removed < entry && !heap.compareAndSetLong(at + RingLogLayout.REMOVED, removed, entry)) {
      removed = removed(); // greater than before: there are not more of these than of entries
    }
  }

  /** The number of the first entry that can be read, if there is one. */
  long first() {
    long removed = removed();
    return Math.max(removed, end() - kept);
  }

  void raise(long from) {
    heap.compareAndSetLong(at + RingLogLayout.APPENDED, from, from + 1);
  }

  /** The number of entries that were appended. */
  long end() {
    long next = appended();
    return isIn(next, heap.getLongVolatile(place(next))) ? next + 1 : next;
  }

  /** Whether a word is that of an entry. */
  boolean isIn(long entry, long word) {
    return RingLogLayout.lap(word) == RingLogLayout.lapOf(entry, kept);
  }

  long place(long entry) {
    return at + RingLogLayout.RING + Long.BYTES * (entry % kept);
  }

  /** The cell of the word that is in the place of an entry. */
  int cell(long entry, long word) {
    int cell = word == 0 ? (int) (entry % kept) : RingLogLayout.cell(word);
    if (cell >= kept + RingLogLayout.WRITERS) {
      throw damaged(place(entry), word, "a cell up to " + (kept + RingLogLayout.WRITERS - 1));
    }
    return cell;
  }

  long cellAt(int cell) {
    return cells + cell * cellLength;
  }

  /**
   * Copies an entry.
   *
   * @return null if it is not there any more
   */
  byte @Nullable [] read(long entry) {
    long place = place(entry);
    long word = heap.getLongVolatile(place);
    if (!isIn(entry, word)) {
      return null;
    }
    long at = cellAt(cell(entry, word));
    int length = heap.getInt(at);
    byte[] bytes =
        length < 0 || length > spec.maxLength()
            ? null
            : heap.getBytes(at + RingLogLayout.CELL_CONTENT, length);
    memory.acquireFence();
    if (heap.getLongVolatile(place) != word || appended() > entry + kept || removed() > entry) {
      return null;
    }
    if (bytes == null) {
      throw damaged(at, length, "the length of an entry, up to " + spec.maxLength());
    }
    return bytes;
  }

  /** An entry that was read, and its number. */
  record Read(long entry, byte[] bytes) {}

  /**
   * Copies the first entry from a number on that is still there.
   *
   * @return null if there is none up to an end
   */
  @Nullable Read readFrom(long from, long end) {
    long entry = from;
    long seen = -1;
    for (int looks = 0; looks < LOOKS; looks++) {
      long now = end();
      if (now != seen) {
        seen = now;
        looks = 0; // others have appended: that is why it was not there any more
      }
      entry = Math.max(entry, Math.max(now - kept, removed()));
      if (entry >= end) {
        return null;
      }
      byte[] bytes = read(entry);
      if (bytes != null) {
        return new Read(entry, bytes);
      }
    }
    throw damaged(place(entry), heap.getLongVolatile(place(entry)), "the word of entry " + entry);
  }

  DamagedQueueException damaged(long place, long found, String expected) {
    return new DamagedQueueException(DamagedWord.message(heap, this, place, found, expected));
  }

  @Override
  public String toString() {
    return "the log at offset " + at + " of " + heap.path();
  }
}
