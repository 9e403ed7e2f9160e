package dev.rszshm.testkit.simulation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A file of a {@link SimulatedMachine}: content in pages of words, and the locks the kernel keeps
 * for it. Content that nobody wrote is zero.
 *
 * <p>The content has a base that is never changed: a page is copied when it is first written, so
 * that going back to the base costs one small array.
 */
final class SimulatedFile {
  static final int PAGE_LENGTH = 4096;
  private static final int PAGE_SHIFT = 9;
  private static final int PAGE_WORDS = 1 << PAGE_SHIFT;
  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** What it is, which decides what can be done with it. */
  enum Kind {
    REGULAR,
    /** Regular, but in no directory and never to be. */
    IN_MEMORY,
    DIRECTORY
  }

  final long inode;
  final Kind kind;

  /** Who holds the lock of a byte; by offset. */
  final Map<Long, OpenFile> byteLocks = new TreeMap<>();

  /** Who holds the flock, or null. */
  @Nullable OpenFile fileLock;

  /** What a process that looks at this file through the kernel gets to see. */
  View kernelView = new View();

  /** The pages that were kept; null for one that nobody had written. */
  private long[] @Nullable [] base = {};

  private long[] @Nullable [] pages = {};
  private boolean wasNamed;
  private boolean keepsLength;
  private boolean baseKeepsLength;
  private long length;
  private long contentHash;
  private long baseLength;
  private long baseHash;

  SimulatedFile(long inode, Kind kind) {
    this.inode = inode;
    this.kind = kind;
  }

  /** Notes that the file has had a name: once that is gone it gets no other. */
  void name() {
    wasNamed = true;
  }

  boolean wasNamed() {
    return wasNamed;
  }

  /** Forbids for good that it is made shorter. */
  void forbidShrinking() {
    keepsLength = true;
  }

  boolean mayShrink() {
    return !keepsLength;
  }

  long length() {
    return length;
  }

  /** Makes the file longer, or shorter: then what is behind the end is forgotten. */
  void setLength(long bytes) {
    int size = Math.toIntExact((bytes + PAGE_LENGTH - 1) / PAGE_LENGTH);
    if (bytes < length && bytes % 8 != 0) {
      putWord(bytes / 8, word(bytes / 8) & ((1L << (8 * (bytes % 8))) - 1));
    }
    for (long word = (bytes + 7) / 8; word < (length + 7) / 8; word++) {
      putWord(word, 0);
    }
    pages = Arrays.copyOf(pages, size);
    length = bytes;
  }

  /** The word of an index: eight bytes. */
  long word(long index) {
    long[] page = pages[(int) (index >>> PAGE_SHIFT)];
    return page == null ? 0 : page[(int) index & (PAGE_WORDS - 1)];
  }

  void putWord(long index, long value) {
    int number = (int) (index >>> PAGE_SHIFT);
    int slot = (int) index & (PAGE_WORDS - 1);
    long[] page = pages[number];
    if (page == null && value == 0) {
      return;
    }
    if (page == null || (number < base.length && page == base[number])) {
      page = page == null ? new long[PAGE_WORDS] : page.clone();
      pages[number] = page;
    }
    contentHash ^= wordHash(index, page[slot]) ^ wordHash(index, value);
    page[slot] = value;
  }

  private static long wordHash(long index, long value) {
    return value == 0 ? 0 : Hash.mix(index * 31 + 7, value);
  }

  /**
   * Copies content into the beginning of an array.
   *
   * @param seen is told what was read, a word or a byte at a time
   */
  void read(long offset, byte[] into, int length, LongConsumer seen) {
    for (int done = 0; done < length; ) {
      long at = offset + done;
      long word = word(at >>> 3);
      if ((at & 7) == 0 && length - done >= 8) {
        WORDS.set(into, done, word);
        seen.accept(word);
        done += 8;
      } else {
        into[done] = (byte) (word >>> ((at & 7) << 3));
        seen.accept(into[done++]);
      }
    }
  }

  /** Puts all of an array there; the file is long enough. */
  void write(long offset, byte[] from) {
    for (int done = 0; done < from.length; ) {
      long at = offset + done;
      if ((at & 7) == 0 && from.length - done >= 8) {
        putWord(at >>> 3, (long) WORDS.get(from, done));
        done += 8;
      } else {
        writeByte(at, from[done++]);
      }
    }
  }

  /** Puts zeros from one offset up to another; the file is long enough. */
  void clear(long from, long to) {
    for (long at = from; at < to; ) {
      if ((at & 7) == 0 && to - at >= 8) {
        putWord(at >>> 3, 0);
        at += 8;
      } else {
        writeByte(at++, 0);
      }
    }
  }

  private void writeByte(long offset, int value) {
    int shift = (int) (offset & 7) << 3;
    long word = word(offset >>> 3);
    putWord(offset >>> 3, (word & ~(0xffL << shift)) | ((value & 0xffL) << shift));
  }

  /** A number that differs, as good as surely, when content, length or locks differ. */
  long fingerprint() {
    long hash = Hash.mix(contentHash, length);
    if (keepsLength) {
      hash = Hash.mix(hash, 1);
    }
    if (fileLock != null) {
      hash = Hash.mix(hash, fileLock.process.number());
    }
    if (!byteLocks.isEmpty()) {
      for (Map.Entry<Long, OpenFile> lock : byteLocks.entrySet()) {
        hash = Hash.mix(hash, lock.getKey() * 64 + lock.getValue().process.number());
      }
    }
    return hash;
  }

  /** Makes the content what {@link #reset} goes back to. */
  void keep() {
    base = pages.clone();
    baseKeepsLength = keepsLength;
    baseLength = length;
    baseHash = contentHash;
  }

  /** Goes back to what was kept. */
  void reset() {
    pages = base.clone();
    keepsLength = baseKeepsLength;
    length = baseLength;
    contentHash = baseHash;
    byteLocks.clear();
    fileLock = null;
    kernelView = new View();
  }

  /** The words that differ from what was kept: index, and what is there now. */
  Map<Long, Long> changes() {
    Map<Long, Long> changes = new TreeMap<>();
    for (int number = 0; number < pages.length; number++) {
      long[] before = number < base.length ? base[number] : null;
      if (pages[number] != before) {
        for (int slot = 0; slot < PAGE_WORDS; slot++) {
          if (pages[number][slot] != (before == null ? 0 : before[slot])) {
            changes.put(((long) number << PAGE_SHIFT) + slot, pages[number][slot]);
          }
        }
      }
    }
    return changes;
  }

  /** The word of an index as it was kept. */
  long keptWord(long index) {
    int number = (int) (index >>> PAGE_SHIFT);
    return number >= base.length || base[number] == null
        ? 0
        : base[number][(int) index & (PAGE_WORDS - 1)];
  }
}
