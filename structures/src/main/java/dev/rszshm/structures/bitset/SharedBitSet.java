package dev.rszshm.structures.bitset;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.HeapException;
import dev.rszshm.structures.internal.process.NamedPlace;
import dev.rszshm.structures.internal.process.Presence;
import dev.rszshm.structures.internal.segment.Founding;
import dev.rszshm.structures.internal.segment.Segments;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * A set of bits in a shared heap, for any number of processes, which grows by itself.
 *
 * <pre>{@code
 * SharedBitSet done = SharedBitSet.named(allocator, "done");
 * if (!done.getAndSet(block)) {
 *   work(block); // nobody else has set it
 * }
 * }</pre>
 *
 * <p>Methods are named as those of {@link BitSet}, and indexes are {@code long}, up to {@link
 * #MAX_INDEX}. Each bit is set, cleared, flipped and read at one instant, in volatile order, by any
 * number of threads of any number of processes; nobody waits for anybody. {@link #cardinality},
 * {@link #stream} and other methods that look at many bits see each as it is at some moment
 * meanwhile.
 *
 * <p><b>If a process dies</b> in a method for one bit, that has happened or it has not. In {@link
 * #or} and {@link #clear()}, any part has happened. No memory is lost.
 *
 * <p>Bits that were never set take no memory beyond the highest that was, rounded up by at most a
 * fifth; ranges of them below it may take none.
 *
 * <p>All methods may be called by any thread at any time. They throw {@link
 * IndexOutOfBoundsException} if an index is negative or too high, {@link
 * dev.rszshm.structures.errors.StructureRemovedException} once somebody has removed the set, {@link
 * IllegalStateException} if the heap is closed, {@link
 * dev.rszshm.allocator.errors.OutOfHeapMemoryException} if there is no room, with nothing changed,
 * and {@link dev.rszshm.heap.errors.DamagedHeapException} if somebody has written where they should
 * not. With a heap that is attached for reading only, bits can be read.
 */
/*
 * Layout
 * ------
 * BitSetLayout: words in segments that stay where they are (Segments).
 *
 * Protocol
 * --------
 * A bit that becomes 1: make its segment if it is not there; set it by one atomic instruction. A bit that becomes 0, or is
 * read: if there is no segment, it is 0. Words change by atomic or, and, or compare-and-set (flip).
 *
 * If a process dies here
 * ----------------------
 * A segment may be there earlier than it is needed. Each change is one instruction.
 */
public final class SharedBitSet {
  /** The type of a root that is a set of bits. */
  public static final long ROOT_TYPE = BitSetLayout.MAGIC_VALUE;

  /** The bytes that a set takes at its place; bits are elsewhere. */
  public static final int LENGTH = BitSetLayout.LENGTH;

  /** The highest index. */
  public static final long MAX_INDEX = Segments.MAX_INDEX * Long.SIZE + Long.SIZE - 1;

  private final Allocator allocator;
  private final Heap heap;
  private final long at;
  private final Segments segments;
  private final Presence presence;

  private SharedBitSet(Allocator allocator, long at) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.at = at;
    Founding.findOrMake(
        heap,
        at,
        BitSetLayout.LENGTH,
        BitSetLayout.MAGIC_VALUE,
        BitSetLayout.CURRENT_VERSION,
        "set of bits");
    this.segments = new Segments(allocator, at + BitSetLayout.SEGMENTS);
    this.presence = new Presence(heap, at, BitSetLayout.MAGIC_VALUE, this);
  }

  /**
   * Finds the set of a name, or makes it, as a root of an allocator. Any number of processes may do
   * that at once.
   *
   * @throws dev.rszshm.allocator.errors.RootMismatchException if the name stands for something else
   * @throws dev.rszshm.allocator.errors.OutOfHeapMemoryException if there is no room
   */
  public static SharedBitSet named(Allocator allocator, String name) {
    return at(allocator, place(allocator, name));
  }

  private static long place(Allocator allocator, String name) {
    return allocator.place(
        name,
        BitSetLayout.MAGIC_VALUE,
        BitSetLayout.CURRENT_VERSION,
        BitSetLayout.LENGTH,
        BitSetLayout.ALIGNMENT);
  }

  /**
   * Finds the set of a name. Makes nothing, so that a heap that is attached for reading only will
   * do.
   *
   * @return the set; empty if there is no root of this name yet, or it is none
   * @throws dev.rszshm.heap.errors.DamagedHeapException if it is damaged
   */
  public static Optional<SharedBitSet> find(Allocator allocator, String name) {
    return NamedPlace.existing(allocator, name, ROOT_TYPE, BitSetLayout.ALIGNMENT)
        .map(place -> at(allocator, place));
  }

  /**
   * Finds the set at an offset, or makes it in {@link #LENGTH} bytes of zeros.
   *
   * @param offset a multiple of 8
   * @throws dev.rszshm.heap.errors.DamagedHeapException if there is something else
   */
  public static SharedBitSet at(Allocator allocator, long offset) {
    return new SharedBitSet(allocator, offset);
  }

  /**
   * Removes the set of a name, when nobody uses it any more. If the process dies in it, a part is
   * removed; call it again.
   *
   * @return whether there was one
   */
  public static boolean remove(Allocator allocator, String name) {
    if (allocator.findRoot(name).isEmpty()) {
      return false;
    }
    remove(allocator, place(allocator, name));
    return allocator.removeRoot(name);
  }

  /**
   * Frees the bits of the set at an offset, when nobody uses it any more. It is empty then; the
   * {@link #LENGTH} bytes at the offset are the caller's.
   */
  public static void remove(Allocator allocator, long offset) {
    SharedBitSet set = at(allocator, offset);
    set.presence.end();
    set.segments.dismantle();
  }

  /** Returns the heap it is in. */
  public Heap heap() {
    return heap;
  }

  private static long requireIndex(long index) {
    if (index < 0 || index > MAX_INDEX) {
      throw new IndexOutOfBoundsException(
          "the index of a bit must be from 0 to " + MAX_INDEX + ", found " + index);
    }
    return index;
  }

  private static long mask(long index) {
    return 1L << index; // by its lower six bits
  }

  private static long wordIndex(long index) {
    return index >>> 6;
  }

  /** The offset of the word of a bit, which is made if it is not there. */
  private long ensure(long index) {
    heap.requireWritable();
    presence.require();
    return segments.ensure(wordIndex(requireIndex(index)));
  }

  /** The word of bits with an index; 0 if it is not there. */
  private long word(long wordIndex) {
    presence.require();
    long offset = segments.find(wordIndex);
    return offset == 0 ? 0 : heap.getLongVolatile(offset);
  }

  /** Returns whether a bit is set. */
  public boolean get(long index) {
    return (word(wordIndex(requireIndex(index))) & mask(index)) != 0;
  }

  /** Sets a bit. */
  public void set(long index) {
    getAndSet(index);
  }

  /** Sets or clears a bit. */
  public void set(long index, boolean value) {
    if (value) {
      set(index);
    } else {
      clear(index);
    }
  }

  /** Sets a bit, and returns whether it was set. Of several callers, one gets {@code false}. */
  public boolean getAndSet(long index) {
    long word = ensure(index);
    return (heap.getAndBitwiseOrLong(word, mask(index)) & mask(index)) != 0;
  }

  /** Clears a bit. */
  public void clear(long index) {
    getAndClear(index);
  }

  /** Clears a bit, and returns whether it was set. Of several callers, one gets {@code true}. */
  public boolean getAndClear(long index) {
    heap.requireWritable();
    presence.require();
    long word = segments.find(wordIndex(requireIndex(index)));
    return word != 0 && (heap.getAndBitwiseAndLong(word, ~mask(index)) & mask(index)) != 0;
  }

  /** Flips a bit, and returns whether it is set then. */
  public boolean flip(long index) {
    long offset = ensure(index);
    while (true) {
      long word = heap.getLongVolatile(offset);
      if (heap.compareAndSetLong(offset, word, word ^ mask(index))) {
        return (word & mask(index)) == 0;
      }
    }
  }

  /** Clears all bits, one word after the other. The memory stays, for the next ones. */
  public void clear() {
    heap.requireWritable();
    presence.require();
    for (int segment = 0; segment < Segments.COUNT; segment++) {
      long offset = segments.offset(segment);
      for (long i = 0, words = offset == 0 ? 0 : Segments.words(segment); i < words; i++) {
        long word = offset + i * Long.BYTES;
        if (heap.getLongVolatile(word) != 0) {
          heap.putLongVolatile(word, 0);
        }
      }
    }
    heap.requireOpen(); // or some was written where nobody looks
  }

  /** Sets all bits that are set in another set, one word after the other. */
  public void or(BitSet other) {
    long[] words = other.toLongArray();
    for (int i = 0; i < words.length; i++) {
      if (words[i] != 0) {
        heap.getAndBitwiseOrLong(ensure((long) i * Long.SIZE), words[i]);
      }
    }
    heap.requireOpen(); // or some was written where nobody looks
  }

  /** Returns the index of the first bit from an index on that is set, or empty if there is none. */
  public OptionalLong nextSetBit(long from) {
    presence.require();
    requireIndex(from);
    long wordIndex = wordIndex(from);
    long mask = -1L << from;
    for (int segment = Segments.segment(wordIndex); segment < Segments.COUNT; segment++) {
      long offset = segments.offset(segment);
      long first = Segments.first(segment);
      long i = Math.max(0, wordIndex - first);
      for (long words = offset == 0 ? 0 : Segments.words(segment); i < words; i++) {
        long word = heap.getLongVolatile(offset + i * Long.BYTES) & mask;
        mask = -1;
        if (word != 0) {
          return OptionalLong.of((first + i) * Long.SIZE + Long.numberOfTrailingZeros(word));
        }
      }
      mask = -1;
    }
    return OptionalLong.empty();
  }

  /**
   * Returns the index of the first bit from an index on that is not set, or empty if all are, up to
   * {@link #MAX_INDEX}.
   */
  public OptionalLong nextClearBit(long from) {
    requireIndex(from);
    long mask = -1L << from;
    for (long i = wordIndex(from); i <= Segments.MAX_INDEX; i++) {
      long word = ~word(i) & mask;
      mask = -1;
      if (word != 0) {
        return OptionalLong.of(i * Long.SIZE + Long.numberOfTrailingZeros(word));
      }
    }
    return OptionalLong.empty();
  }

  /** Returns the number of bits that are set. */
  public long cardinality() {
    presence.require();
    long cardinality = 0;
    for (int segment = 0; segment < Segments.COUNT; segment++) {
      long offset = segments.offset(segment);
      for (long i = 0, words = offset == 0 ? 0 : Segments.words(segment); i < words; i++) {
        cardinality += Long.bitCount(heap.getLongVolatile(offset + i * Long.BYTES));
      }
    }
    return cardinality;
  }

  /** Returns the index behind the highest bit that is set, or 0 if none is. */
  public long length() {
    presence.require();
    for (int segment = Segments.COUNT - 1; segment >= 0; segment--) {
      long offset = segments.offset(segment);
      for (long i = offset == 0 ? -1 : Segments.words(segment) - 1; i >= 0; i--) {
        long word = heap.getLongVolatile(offset + i * Long.BYTES);
        if (word != 0) {
          long index = Segments.first(segment) + i;
          return (index + 1) * Long.SIZE - Long.numberOfLeadingZeros(word);
        }
      }
    }
    return 0;
  }

  /** Returns whether no bit is set. */
  public boolean isEmpty() {
    return nextSetBit(0).isEmpty();
  }

  /** Returns the indexes of the bits that are set, in ascending order, as they are met. */
  public LongStream stream() {
    return LongStream.iterate(next(0), index -> index >= 0, index -> next(index + 1));
  }

  /** The next bit that is set; -1 if there is none. */
  private long next(long from) {
    return from > MAX_INDEX ? -1 : nextSetBit(from).orElse(-1);
  }

  /**
   * Returns a copy.
   *
   * @throws IllegalStateException if a bit above {@link Integer#MAX_VALUE} is set
   */
  public BitSet toBitSet() {
    BitSet copy = new BitSet();
    stream()
        .forEach(
            index -> {
              if (index > Integer.MAX_VALUE) {
                throw new IllegalStateException(
                    "bit " + index + " of " + this + " is set, for which a BitSet has no room");
              }
              copy.set((int) index);
            });
    return copy;
  }

  /** Looks at all segments, and counts the bits. Others go on meanwhile. */
  public BitSetCheck check() {
    List<String> findings = new ArrayList<>();
    Set<Long> blocks = new HashSet<>();
    long cardinality = 0;
    long count = 0;
    long bytes = 0;
    try {
      for (int segment = 0; segment < Segments.COUNT; segment++) {
        long offset = segments.offset(segment);
        if (offset != 0) {
          long length = Segments.words(segment) * Long.BYTES;
          count++;
          bytes += length;
          checkBlock(offset, length, blocks.add(offset), findings);
        }
      }
      cardinality = cardinality();
    } catch (HeapException e) {
      findings.add("offset " + at + ": " + e.getMessage());
    }
    return new BitSetCheck(cardinality, count, bytes, findings);
  }

  private void checkBlock(long offset, long length, boolean once, List<String> findings) {
    try {
      if (!once || allocator.usableSize(offset) < length) {
        findings.add("offset " + offset + ": a segment is there twice, or its block is too short");
      }
    } catch (InvalidFreeException e) {
      findings.add("offset " + offset + ": there is a segment and no block");
    }
  }

  @Override
  public String toString() {
    return "the set of bits at offset " + at + " of " + heap.path();
  }
}
