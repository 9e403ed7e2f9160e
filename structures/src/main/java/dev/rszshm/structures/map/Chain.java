package dev.rszshm.structures.map;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.bytes.KeyBytes;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one bucket, for who has the shard's lock: finds keys and empty places in them. One
 * object is used for one bucket after the other.
 */
final class Chain {
  private final MapTable table;
  private final Heap heap;
  private final Memory memory;
  private final long base;
  private final int shardNumber;

  /** Place and word of the entry that was found, or 0; and the line it is in. */
  long foundPlace;

  long foundWord;
  long foundLine;

  /** The first empty place, or 0. */
  long emptyPlace;

  long emptyLine;

  /** The line before that of the entry; 0 if it is the first. */
  long foundBefore;

  /** The last line, whose last place has no link. */
  long lastLine;

  private long steps;

  Chain(MapTable table, int shardNumber) {
    this.table = table;
    this.heap = table.heap;
    this.memory = RawAccess.of(heap, Chain.class);
    this.base = heap.base();
    this.shardNumber = shardNumber;
  }

  /** The first line of a bucket. */
  long first(long bucket) {
    long line = table.line(shardNumber, bucket);
    if (line == 0) {
      throw table.damaged(
          table.shardOffset(shardNumber) + MapLayout.SEGMENTS, bucket, "a segment of this bucket");
    }
    steps = 0;
    return line;
  }

  /** The line behind another; 0 if there is none. A chain that does not end is damage. */
  long next(long line) {
    long place = line + MapLayout.LAST_PLACE;
    long word = heap.getLongAcquire(place);
    if (!MapLayout.isLink(word)) {
      return 0;
    }
    if (++steps > table.mostLines()) {
      throw table.damaged(place, word, "a chain with an end");
    }
    return table.requireLine(place, word);
  }

  static long place(long line, int number) {
    return line + MapLayout.FIRST_PLACE + 8L * number;
  }

  static int number(long line, long place) {
    return (int) (place - line - MapLayout.FIRST_PLACE) >>> 3;
  }

  /** Looks for a key, and for an empty place. */
  void find(long bucket, int tag, byte @Nullable [] key, long number) {
    foundPlace = 0;
    foundWord = 0;
    emptyPlace = 0;
    long before = 0;
    for (long line = first(bucket); line != 0; line = next(line)) {
      long control = heap.getLongAcquire(line);
      long candidates = MapLayout.candidates(control, tag);
      for (; candidates != 0; candidates &= candidates - 1) {
        long place = place(line, MapLayout.place(candidates));
        long word = heap.getLongAcquire(place);
        if (MapLayout.isReference(word) && hasKey(table.requireEntry(place, word), key, number)) {
          foundPlace = place;
          foundWord = word;
          foundLine = line;
          foundBefore = before;
          return;
        }
      }
      if (emptyPlace == 0) {
        findEmpty(line);
      }
      lastLine = line;
      before = line;
    }
  }

  /** Looks for an empty place only, from a line on. */
  void findEmptyPlace(long from) {
    emptyPlace = 0;
    for (long line = from; line != 0 && emptyPlace == 0; line = next(line)) {
      findEmpty(line);
      lastLine = line;
    }
  }

  private void findEmpty(long line) {
    for (int i = 0; i < MapLayout.PLACES; i++) {
      if (heap.getLongAcquire(place(line, i)) == 0) {
        emptyPlace = place(line, i);
        emptyLine = line;
        return;
      }
    }
  }

  private boolean hasKey(long block, byte @Nullable [] key, long number) {
    heap.requireWritable(); // by address from here on
    return memory.getInt(base + block + MapLayout.KEY_LENGTH) == KeyBytes.length(key)
        && KeyBytes.areAt(memory, base + block + MapLayout.KEY, key, number);
  }

  /** Puts a tag before a place; it is a hint until the place has a reference. */
  void setTag(long line, long place, int tag) {
    long control = heap.getLongAcquire(line);
    heap.putLongRelease(line, MapLayout.withTag(control, number(line, place), tag));
  }

  /** Whether a line has no entry. */
  boolean isEmpty(long line) {
    for (int i = 0; i < MapLayout.PLACES; i++) {
      if (MapLayout.isReference(heap.getLongAcquire(place(line, i)))) {
        return false;
      }
    }
    return true;
  }

  /** The hash of the key of an entry. */
  long hash(long block) {
    int length = heap.getInt(block + MapLayout.KEY_LENGTH);
    if (length == Long.BYTES) {
      return table.hash(heap.getLong(block + MapLayout.KEY));
    }
    return table.hash(heap.getBytes(block + MapLayout.KEY, length));
  }
}
