package dev.rszshm.structures.map;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.allocator.errors.OutOfHeapMemoryException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.SettledSlot;

/*
 * Lets a shard have one bucket more, while others read.
 *
 * Layout
 * ------
 * MapLayout: number of buckets n, moves, the bucket that is being split off, segments.
 *
 * Protocol
 * --------
 * In the shard's lock. Bucket b = n - 2^k gives to the new bucket n what has the bit 2^k in its hash:
 *  1 allocate the segment of the new bucket into its slot, if it is not there; settle the slot (SettledSlot), since readers want clean
 *    references;
 *  2 splitting := n;
 *  3 copy the words that belong to n to the places of n, with their tags; n may need more lines
 *    (Shard.addLine). Nobody looks there yet;
 *  4 number of buckets := n + 1. From now on the new bucket has them, and readers look there;
 *  5 clear in b the words that belong to n;
 *  6 let the chain of b become shorter: copy a word from its last line to an empty place before, raise moves, and clear it in
 *    the last line; a last line that is empty is taken out of the chain, and freed (Shard.removeLine);
 *  7 splitting := 0.
 * The references are nobody's but the shard's: that a word is there twice between 3 and 5, and for a moment at 6, means nothing
 * but to those who change the shard, and they are excluded.
 * The first four buckets are made at once: 1 and 4.
 *
 * If there is no memory
 * ---------------------
 * At 1 or 3: what is copied is cleared, lines are freed, splitting := 0. The shard stays as it is, with longer chains, and the next one who
 * inserts tries again. Nobody is told: the entry is in.
 *
 * If a process dies here
 * ----------------------
 * 1: the segment is in its slot, settled or not, or not allocated: the next one who comes to 1 settles it. 2, 3: whoever has the lock next finds splitting = number of
 * buckets, clears the copies, and frees the lines that the new bucket has got. From 4 on it finds splitting < number of buckets, and
 * goes on: words in b that belong to n are cleared, of a word that is there twice the later one, and then 6 and 7.
 */
final class Splitting {
  /** Entries for two buckets from which on a shard grows. */
  private static final long LOAD_OF_TWO = 11;

  private final MapTable table;
  private final Allocator allocator;
  private final Heap heap;
  private final Shard owner;
  private final Chain chain;
  private final Chain target;
  private final long shard;

  Splitting(MapTable table, Shard owner, int shardNumber) {
    this.table = table;
    this.allocator = table.allocator;
    this.heap = table.heap;
    this.owner = owner;
    this.shard = table.shardOffset(shardNumber);
    this.chain = new Chain(table, shardNumber);
    this.target = new Chain(table, shardNumber);
  }

  /** Makes the first buckets. */
  void begin() {
    ensureSegment(0);
    heap.putLongRelease(shard + MapLayout.BUCKETS, MapLayout.FIRST_BUCKETS);
  }

  private void ensureSegment(int segment) {
    long slot = shard + MapLayout.SEGMENTS + (long) Long.BYTES * segment;
    if (heap.getLongAcquire(slot) == 0) {
      allocator.allocateInto(slot, MapLayout.lines(segment) * MapLayout.LINE_LENGTH);
    }
    SettledSlot.settle(allocator, slot);
  }

  /** Whether there are so many entries that the shard is to grow. */
  boolean isDue(long count, long buckets) {
    return 2 * count > LOAD_OF_TWO * buckets && buckets < MapLayout.MOST_BUCKETS;
  }

  /** Splits one bucket. */
  void split(long buckets) {
    long half = Long.highestOneBit(buckets);
    long old = buckets - half;
    boolean copied = false;
    try {
      ensureSegment(MapLayout.segment(buckets));
      heap.putLongRelease(shard + MapLayout.SPLITTING, buckets);
      copyTo(old, buckets);
      copied = true;
    } catch (OutOfHeapMemoryException e) {
      // Growing is for speed, and whoever needs memory is told.
    }
    if (!copied) {
      settle();
      return;
    }
    heap.putLongRelease(shard + MapLayout.BUCKETS, buckets + 1);
    finish(old, buckets);
  }

  private boolean belongs(long word, long place, long bucket, long buckets) {
    long hash = chain.hash(table.requireEntry(place, word)) >>> table.shardBits;
    return MapLayout.bucket(hash, buckets) == bucket;
  }

  private void copyTo(long old, long bucket) {
    target.emptyLine = target.first(bucket);
    for (long line = chain.first(old); line != 0; line = chain.next(line)) {
      long control = heap.getLongAcquire(line);
      for (int i = 0; i < MapLayout.PLACES; i++) {
        long place = Chain.place(line, i);
        long word = heap.getLongAcquire(place);
        if (MapLayout.isReference(word) && belongs(word, place, bucket, bucket + 1)) {
          put(word, MapLayout.tagAt(control, i));
        }
      }
    }
  }

  /** Puts a word where there is room behind the one before. */
  private void put(long word, int tag) {
    target.findEmptyPlace(target.emptyLine);
    if (target.emptyPlace == 0) {
      owner.addLine(target);
    }
    target.setTag(target.emptyLine, target.emptyPlace, tag);
    heap.putLongRelease(target.emptyPlace, word);
  }

  /** Ends what somebody has left. */
  void settle() {
    long splitting = heap.getLongAcquire(shard + MapLayout.SPLITTING);
    if (splitting == 0) {
      return;
    }
    long buckets = heap.getLongAcquire(shard + MapLayout.BUCKETS);
    if (splitting < MapLayout.FIRST_BUCKETS
        || splitting >= MapLayout.MOST_BUCKETS
        || (buckets != splitting && buckets != splitting + 1)) {
      throw table.damaged(shard + MapLayout.SPLITTING, splitting, "a bucket that is split off");
    }
    if (buckets == splitting) {
      clear(splitting);
      heap.putLongRelease(shard + MapLayout.SPLITTING, 0);
    } else {
      finish(splitting - Long.highestOneBit(splitting), splitting);
    }
  }

  /** Clears copies in a bucket that nobody has seen, and frees its other lines. */
  private void clear(long bucket) {
    long first = chain.first(bucket);
    for (long line = first; line != 0; line = chain.next(line)) {
      for (int i = 0; i < MapLayout.PLACES; i++) {
        long place = Chain.place(line, i);
        if (MapLayout.isReference(heap.getLongAcquire(place))) {
          heap.putLongRelease(place, 0);
        }
      }
    }
    for (long next = chain.next(first); next != 0; next = chain.next(first)) {
      owner.removeLine(first, next);
    }
  }

  private void finish(long old, long bucket) {
    for (long line = chain.first(old); line != 0; line = chain.next(line)) {
      for (int i = 0; i < MapLayout.PLACES; i++) {
        long place = Chain.place(line, i);
        long word = heap.getLongAcquire(place);
        if (MapLayout.isReference(word) && belongs(word, place, bucket, bucket + 1)) {
          heap.putLongRelease(place, 0);
        }
      }
    }
    shorten(old);
    heap.putLongRelease(shard + MapLayout.SPLITTING, 0);
  }

  /** Moves entries to the first lines of a chain, and takes out the last ones that are empty. */
  private void shorten(long bucket) {
    long first = chain.first(bucket);
    while (chain.next(first) != 0) {
      long before = first;
      long last = chain.next(first);
      for (long next = chain.next(last); next != 0; next = chain.next(last)) {
        before = last;
        last = next;
      }
      if (!moveForward(bucket, last)) {
        return;
      }
      owner.removeLine(before, last);
    }
  }

  /** Lets the last line of a chain become empty; false if there is no room before it. */
  private boolean moveForward(long bucket, long last) {
    for (int i = 0; i < MapLayout.PLACES; i++) {
      long place = Chain.place(last, i);
      long word = heap.getLongAcquire(place);
      if (MapLayout.isReference(word)) {
        if (!isBefore(bucket, last, word)) {
          target.findEmptyPlace(target.first(bucket));
          if (target.emptyPlace == 0 || target.emptyLine == last) {
            return false;
          }
          int tag = MapLayout.tagAt(heap.getLongAcquire(last), i);
          target.setTag(target.emptyLine, target.emptyPlace, tag);
          heap.putLongRelease(target.emptyPlace, word);
        }
        long moves = heap.getLongAcquire(shard + MapLayout.MOVES);
        heap.putLongVolatile(shard + MapLayout.MOVES, moves + 1);
        heap.putLongRelease(place, 0);
      }
    }
    return true;
  }

  /** Whether a word of the last line is in an earlier one, too: somebody died who was moving it. */
  private boolean isBefore(long bucket, long last, long word) {
    for (long line = chain.first(bucket); line != last; line = chain.next(line)) {
      for (int i = 0; i < MapLayout.PLACES; i++) {
        if (heap.getLongAcquire(Chain.place(line, i)) == word) {
          return true;
        }
      }
    }
    return false;
  }
}
