package dev.rszshm.structures.list;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.errors.DamagedHeapException;
import dev.rszshm.structures.internal.bytes.DamagedWord;
import dev.rszshm.structures.internal.process.Presence;
import dev.rszshm.structures.internal.segment.Founding;
import dev.rszshm.structures.internal.segment.Segments;
import dev.rszshm.structures.internal.segment.SettledLock;
import java.util.function.LongUnaryOperator;

/*
 * A list of numbers in a shared heap, which grows at its end without a lock: what SharedLongList is a face of.
 *
 * Layout
 * ------
 * LongListLayout. A word of 0 is a place without an element. Others are the element's form: the number xor the seed of
 * the list. Two numbers have none that would do: the seed itself, whose form would be 0, and one more. Both have the form ESCAPE,
 * and a bit of the same index says which of the two it is. As the seed is random nobody meets them but by intent.
 * Words are filled in order, and never become empty again: the size is the index of the first empty one.
 *
 * Protocol
 * --------
 * append: 1 begin at the size hint; go on to the first word that is empty, making its segment if need be;
 *  2 word: 0 to the form, by compare-and-set: this is when it is there. Failed: somebody else has appended, from 1;
 *  3 of every sixteenth element: raise the hint, by one compare-and-set.
 * set, add, compareAndExchange: word: what it is to the new form, by compare-and-set.
 * get: read the word. It is ESCAPE: read the bit, and word and bit again, until both are as before.
 * If the word is ESCAPE, or is to become that, it is changed in the lock, and so is its bit:
 *  a the new form is ESCAPE: the bit of the index := which. If the word is ESCAPE already, this is when it happens;
 *  b the word to the new form, by compare-and-set; failed, as it was not ESCAPE and others have changed it: from a.
 *
 * If a process dies here
 * ----------------------
 * 2, 3, a and b are one store each. After 2 the hint is too low; the next ones go some steps further. After a, the bit belongs to no
 * element, as the word is not ESCAPE; whoever makes it ESCAPE sets it first. There is nothing to settle.
 *
 * If a process stands still here
 * ------------------------------
 * Nobody waits for it, but those who store one of the two numbers.
 */
final class LongElements {
  /** Every sixteenth append raises the hint, so that processes seldom fight for its cache line. */
  private static final long HINT_MASK = 15;

  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  /** Each try that fails means that somebody else has changed the element meanwhile. */
  private static final int READS = 1_000_000;

  final Allocator allocator;
  final Heap heap;
  final long at;
  final Segments words;
  final Segments bits;
  private final SettledLock lock;
  private final Presence presence;
  private final long seed;
  private final long escape;

  /** As many elements as there are at least. */
  private long known;

  LongElements(Allocator allocator, long at) {
    this.allocator = allocator;
    this.heap = allocator.heap();
    this.at = at;
    this.seed =
        Founding.findOrMake(
            heap,
            at,
            LongListLayout.LENGTH,
            LongListLayout.MAGIC_VALUE,
            LongListLayout.CURRENT_VERSION,
            "list of numbers");
    this.escape = seed * MIX | 1; // not 0
    this.presence = new Presence(heap, at, LongListLayout.MAGIC_VALUE, this);
    this.words = new Segments(allocator, at + LongListLayout.WORDS);
    this.bits = new Segments(allocator, at + LongListLayout.BITS);
    this.lock = new SettledLock(heap, at + LongListLayout.LOCK, () -> {});
  }

  // Forms.

  /** The form of a number; ESCAPE for the two that have none of their own. */
  private long form(long number) {
    long form = number ^ seed;
    return form == 0 ? escape : form;
  }

  /** Whether a number that is stored as ESCAPE is the one with the bit. */
  private boolean hasBit(long number) {
    return number == seed;
  }

  private boolean bit(long index) {
    long word = bits.find(index >>> 6);
    return word != 0 && (heap.getLongAcquire(word) & 1L << index) != 0;
  }

  private void setBit(long index, boolean value) {
    if (value) {
      heap.getAndBitwiseOrLong(bits.ensure(index >>> 6), 1L << index);
    } else if (bit(index)) {
      heap.getAndBitwiseAndLong(bits.find(index >>> 6), ~(1L << index));
    }
  }

  /** The number in a word that was read, and is not empty. */
  private long number(long index, long word, long found) {
    long form = found;
    for (int i = 0; i < READS; i++) {
      if (form != escape) {
        return form ^ seed;
      }
      boolean bit = bit(index);
      form = heap.getLongAcquire(word);
      if (form == escape && bit(index) == bit) {
        return bit ? seed : escape ^ seed;
      }
    }
    throw damaged(word, form, "a number that does not change all the time");
  }

  // Size.

  private boolean isThere(long index) {
    if (index > Segments.MAX_INDEX) {
      return false;
    }
    long word = words.find(index);
    return word != 0 && heap.getLongAcquire(word) != 0;
  }

  boolean isEmpty() {
    return !has(0);
  }

  /** Whether there is an element of an index that is not negative. */
  boolean has(long index) {
    presence.require();
    return isThere(index);
  }

  private boolean isSize(long size) {
    return size == 0 || (size > 0 && isThere(size - 1));
  }

  /** As many elements as there are at least. */
  private long atLeast() {
    presence.require();
    long hint = heap.getLongAcquire(at + LongListLayout.SIZE_HINT);
    long least = Math.max(hint, known);
    if (isSize(least)) {
      return least;
    }
    if (!isSize(hint)) {
      throw damaged(at + LongListLayout.SIZE_HINT, hint, "a number of elements that are there");
    }
    known = 0; // the list was removed, and made again
    return hint;
  }

  long size() {
    long from = atLeast();
    long size = from;
    while (isThere(size)) {
      size++;
    }
    if (size != from && !heap.isReadOnly()) {
      raiseHint(size);
    }
    known = size;
    return size;
  }

  private void raiseHint(long size) {
    long hint = heap.getLongAcquire(at + LongListLayout.SIZE_HINT);
    if (hint < size) {
      heap.compareAndSetLong(at + LongListLayout.SIZE_HINT, hint, size);
    }
  }

  // Appending.

  /** Appends a number; returns its index. */
  long append(long number) {
    heap.requireWritable();
    long form = form(number);
    if (form != escape) {
      return append(form, false, false);
    }
    long[] index = new long[1];
    lock.run(() -> index[0] = append(form, true, hasBit(number)));
    return index[0];
  }

  private long append(long form, boolean escaped, boolean bit) {
    long index = atLeast();
    while (true) {
      if (index > Segments.MAX_INDEX) {
        throw new IllegalStateException(
            this + " has " + index + " elements, the most that there can be");
      }
      long word = words.ensure(index);
      if (heap.getLongAcquire(word) == 0) {
        if (escaped) {
          setBit(index, bit);
        }
        if (heap.compareAndSetLong(word, 0, form)) {
          known = index + 1;
          if ((index + 1 & HINT_MASK) == 0) {
            raiseHint(index + 1);
          }
          return index;
        }
      }
      index++;
    }
  }

  // One element.

  /**
   * The word of an element.
   *
   * @throws IndexOutOfBoundsException if there is none
   */
  private long word(long index) {
    presence.require();
    long word = index < 0 || index > Segments.MAX_INDEX ? 0 : words.find(index);
    if (word == 0 || heap.getLongAcquire(word) == 0) {
      throw new IndexOutOfBoundsException(
          "there is no element " + index + ": the list has " + size());
    }
    return word;
  }

  long get(long index) {
    long word = word(index);
    return number(index, word, heap.getLongAcquire(word));
  }

  /** Sets an element; returns what it was. */
  long set(long index, long number) {
    heap.requireWritable();
    long word = word(index);
    long form = form(number);
    while (true) {
      long found = heap.getLongAcquire(word);
      if (found == escape || form == escape) {
        return changeInLock(index, word, before -> number);
      }
      if (heap.compareAndSetLong(word, found, form)) {
        return found ^ seed;
      }
    }
  }

  /** Adds to an element; returns what it was. */
  long add(long index, long delta) {
    heap.requireWritable();
    long word = word(index);
    while (true) {
      long found = heap.getLongAcquire(word);
      long form = form((found ^ seed) + delta);
      if (found == escape || form == escape) {
        return changeInLock(index, word, before -> before + delta);
      }
      if (heap.compareAndSetLong(word, found, form)) {
        return found ^ seed;
      }
    }
  }

  /** Sets an element if it is as expected; returns what it was. */
  long compareAndExchange(long index, long expected, long number) {
    heap.requireWritable();
    long word = word(index);
    long form = form(number);
    while (true) {
      long found = heap.getLongAcquire(word);
      if (found == escape || form == escape) {
        return changeInLock(index, word, before -> before == expected ? number : before);
      }
      if ((found ^ seed) != expected || heap.compareAndSetLong(word, found, form)) {
        return found ^ seed;
      }
    }
  }

  /** Changes an element that is, or will be, one of the two numbers that need a bit. */
  private long changeInLock(long index, long word, LongUnaryOperator change) {
    long[] old = new long[1];
    lock.run(
        () -> {
          presence.require(); // it may have been removed before this thread got the lock
          boolean done = false;
          while (!done) {
            long found = heap.getLongAcquire(word);
            old[0] = number(index, word, found);
            long after = change.applyAsLong(old[0]);
            if (form(after) == escape) {
              setBit(index, hasBit(after));
            }
            done = heap.compareAndSetLong(word, found, form(after));
          }
        });
    return old[0];
  }

  // All of it.

  /** Gives all memory back, when nobody uses the list any more. */
  void dismantle() {
    presence.end();
    lock.run(
        () -> {
          heap.putLongRelease(at + LongListLayout.SIZE_HINT, 0);
          words.dismantle();
          bits.dismantle();
        });
    known = 0;
  }

  DamagedHeapException damaged(long place, long found, String expected) {
    return new DamagedHeapException(DamagedWord.message(heap, this, place, found, expected));
  }

  @Override
  public String toString() {
    return "the list of numbers at offset " + at + " of " + heap.path();
  }
}
