package dev.rszshm.structures.map;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.bytes.KeyBytes;
import dev.rszshm.structures.map.errors.DamagedMapException;
import org.jspecify.annotations.Nullable;

/**
 * Reads a map without a lock: the reader of the protocol in {@link MapTable}.
 *
 * <p>A key is an array, or, where that is null, the eight bytes of a number. What is read may be
 * anything, since blocks are freed and used again meanwhile: it is read within bounds, and believed
 * only when the place it was found by has not changed.
 *
 * <p>Raw addresses are used in straight lines, behind a look whether the heap is open.
 */
final class Reads {
  /** What a read returns if there is no such key. */
  static final int ABSENT = -1;

  private static final int TRIES = 10_000;
  private static final int MISSED = -2;

  private final MapTable table;
  private final Heap heap;
  private final Memory memory;
  private final long base;
  private final long shards;
  private final int shardBits;

  /** Bytes that are known to be mapped. */
  private long reach;

  Reads(MapTable table) {
    this.table = table;
    this.heap = table.heap;
    this.memory = RawAccess.of(heap, Reads.class);
    this.base = heap.base();
    this.shards = base + table.shardOffset(0);
    this.shardBits = table.shardBits;
    this.reach = heap.mappedLength();
  }

  private void requireOpen() {
    table.requireOpen();
    heap.requireOpen();
    if (memory.getLongAcquire(base + table.at) != MapLayout.MAGIC_VALUE) {
      table.requireThere();
    }
  }

  /**
   * Copies the value of a key, in one go; what {@link #read} does when nobody is at work.
   *
   * @return its length, ABSENT, or MISSED if something has changed meanwhile
   */
  private int readAtOnce(
      long hash, byte @Nullable [] key, long number, byte @Nullable [] into, int index, int room) {
    int shardNumber = table.shardNumber(hash);
    long shard = shards + (long) shardNumber * MapLayout.SHARD_LENGTH;
    long moves = memory.getLongAcquire(shard + MapLayout.MOVES);
    long buckets = memory.getLongAcquire(shard + MapLayout.BUCKETS);
    if (buckets < MapLayout.FIRST_BUCKETS || buckets > MapLayout.MOST_BUCKETS) {
      return MISSED;
    }
    long line = table.line(shardNumber, MapLayout.bucket(hash >>> shardBits, buckets));
    if (line == 0) {
      return MISSED;
    }
    long address = base + line;
    int tag = MapLayout.tag(hash);
    long candidates = MapLayout.candidates(memory.getLongAcquire(address), tag);
    for (; candidates != 0; candidates &= candidates - 1) {
      long place = address + MapLayout.FIRST_PLACE + 8L * MapLayout.place(candidates);
      long word = memory.getLongAcquire(place);
      if (MapLayout.isReference(word)) {
        int found = readEntry(place, word, key, number, into, index, room);
        if (found != ABSENT) {
          return found;
        }
      }
    }
    return MapLayout.isLink(memory.getLongAcquire(address + MapLayout.LAST_PLACE))
            || memory.getLongAcquire(shard + MapLayout.BUCKETS) != buckets
            || memory.getLongAcquire(shard + MapLayout.MOVES) != moves
        ? MISSED
        : ABSENT;
  }

  /** The length of the value; ABSENT if it is surely that of another key. */
  private int readEntry(
      long place,
      long word,
      byte @Nullable [] key,
      long number,
      byte @Nullable [] into,
      int index,
      int room) {
    long block = MapLayout.block(word);
    if (!isWithin(block, MapLayout.KEY)) {
      return MISSED;
    }
    long entry = base + block;
    long stamp = memory.getLongAcquire(entry);
    int keyLength = memory.getInt(entry + MapLayout.KEY_LENGTH);
    int length = memory.getInt(entry + MapLayout.VALUE_LENGTH);
    if (keyLength != KeyBytes.length(key)
        || !isWithin(block, MapLayout.entryLength(keyLength, Math.max(0, length)))
        || !KeyBytes.areAt(memory, entry + MapLayout.KEY, key, number)) {
      return isSame(place, word, entry, stamp) ? ABSENT : MISSED;
    }
    if (into != null && length <= room) {
      copy(base + MapLayout.valueAt(block, keyLength), length, into, index);
    }
    return length >= 0 && isSame(place, word, entry, stamp) ? length : MISSED;
  }

  /** The offset of the place with the entry of a key; 0 if there was none. */
  private long locate(long hash, byte @Nullable [] key, long number) {
    for (int i = 0; i < TRIES; i++) {
      requireOpen();
      long place = tryToLocate(hash, key, number);
      if (place != MISSED) {
        return place;
      }
      Thread.onSpinWait();
    }
    throw table.damaged(table.at, hash, "a place that can be read, for a key with this hash");
  }

  private long tryToLocate(long hash, byte @Nullable [] key, long number) {
    int shardNumber = table.shardNumber(hash);
    long shard = shards + (long) shardNumber * MapLayout.SHARD_LENGTH;
    long moves = memory.getLongAcquire(shard + MapLayout.MOVES);
    long buckets = memory.getLongAcquire(shard + MapLayout.BUCKETS);
    if (buckets == 0) {
      return 0;
    }
    if (buckets < MapLayout.FIRST_BUCKETS || buckets > MapLayout.MOST_BUCKETS) {
      throw table.damaged(shard - base, buckets, "a number of buckets");
    }
    long line = table.line(shardNumber, MapLayout.bucket(hash >>> shardBits, buckets));
    if (line == 0) {
      throw table.damaged(shard - base, buckets, "a number of buckets that have lines");
    }
    int tag = MapLayout.tag(hash);
    for (long lines = 1; ; lines++) {
      long address = base + line;
      long candidates = MapLayout.candidates(memory.getLongAcquire(address), tag);
      for (; candidates != 0; candidates &= candidates - 1) {
        long place = address + MapLayout.FIRST_PLACE + 8L * MapLayout.place(candidates);
        long word = memory.getLongAcquire(place);
        if (MapLayout.isReference(word)) {
          int found = compare(place, word, key, number);
          if (found == 0) {
            return place - base;
          }
          if (found == MISSED) {
            return MISSED;
          }
        }
      }
      long link = memory.getLongAcquire(address + MapLayout.LAST_PLACE);
      if (!MapLayout.isLink(link)) {
        break;
      }
      line = MapLayout.block(link);
      if (!isWithin(line, MapLayout.LINE_LENGTH)) {
        return MISSED;
      }
      if ((lines & 0x3ff) == 0) {
        requireOpen();
        if (lines > table.mostLines()) {
          return MISSED;
        }
      }
    }
    return memory.getLongAcquire(shard + MapLayout.BUCKETS) == buckets
            && memory.getLongAcquire(shard + MapLayout.MOVES) == moves
        ? 0
        : MISSED;
  }

  /** 0 if the entry has the key; 1 if it surely has another; otherwise MISSED. */
  private int compare(long place, long word, byte @Nullable [] key, long number) {
    long block = MapLayout.block(word);
    if (!isWithin(block, MapLayout.KEY)) {
      return MISSED;
    }
    long entry = base + block;
    long stamp = memory.getLongAcquire(entry);
    int keyLength = memory.getInt(entry + MapLayout.KEY_LENGTH);
    int expected = KeyBytes.length(key);
    if (keyLength == expected) {
      if (!isWithin(block, MapLayout.entryLength(keyLength, 0))) {
        return MISSED;
      }
      if (KeyBytes.areAt(memory, entry + MapLayout.KEY, key, number)) {
        return 0;
      }
    }
    return isSame(place, word, entry, stamp) ? 1 : MISSED;
  }

  /** The second look. */
  private boolean isSame(long place, long word, long entry, long stamp) {
    memory.acquireFence();
    return memory.getLongAcquire(place) == word && memory.getLongAcquire(entry) == stamp;
  }

  private boolean isWithin(long offset, long length) {
    if (offset > reach - length) {
      reach = heap.catchUp();
    }
    return offset > 0 && offset <= reach - length;
  }

  /** Whether there is a key. */
  boolean contains(long hash, byte @Nullable [] key, long number) {
    return read(hash, key, number, null, 0, 0) != ABSENT;
  }

  /** The value of a key; null if it is absent. */
  byte @Nullable [] get(long hash, byte @Nullable [] key, long number) {
    for (int i = 0; i < TRIES; i++) {
      long offset = locate(hash, key, number);
      if (offset == 0) {
        return null;
      }
      requireOpen();
      byte[] value = tryToGet(offset, key, number);
      if (value != null) {
        return value;
      }
    }
    throw table.damaged(table.at, hash, "an entry that can be read, for a key with this hash");
  }

  /** The value at a place; null if it has changed. */
  private byte @Nullable [] tryToGet(long offset, byte @Nullable [] key, long number) {
    long word = memory.getLongAcquire(base + offset);
    long block = MapLayout.block(word);
    if (!MapLayout.isReference(word) || !isWithin(block, MapLayout.KEY)) {
      return null;
    }
    long entry = base + block;
    long stamp = memory.getLongAcquire(entry);
    int keyLength = memory.getInt(entry + MapLayout.KEY_LENGTH);
    int length = memory.getInt(entry + MapLayout.VALUE_LENGTH);
    if (keyLength != KeyBytes.length(key)
        || length < 0
        || !isWithin(block, MapLayout.entryLength(keyLength, length))
        || !KeyBytes.areAt(memory, entry + MapLayout.KEY, key, number)
        || !isSame(base + offset, word, entry, stamp)) {
      return null;
    }
    byte[] value = new byte[length]; // of a length that is none by chance
    requireOpen();
    copy(base + MapLayout.valueAt(block, keyLength), length, value, 0);
    return isSame(base + offset, word, entry, stamp) ? value : null;
  }

  /**
   * Copies the value of a key into an array if it has room.
   *
   * @param into null to learn the length only
   * @return its length, or ABSENT
   */
  int read(
      long hash, byte @Nullable [] key, long number, byte @Nullable [] into, int index, int room) {
    requireOpen();
    int found = readAtOnce(hash, key, number, into, index, room);
    if (found != MISSED) {
      return found;
    }
    for (int i = 0; i < TRIES; i++) {
      long offset = locate(hash, key, number);
      if (offset == 0) {
        return ABSENT;
      }
      requireOpen();
      int length = tryToRead(offset, key, number, into, index, room);
      if (length != MISSED) {
        return length;
      }
    }
    throw table.damaged(table.at, hash, "an entry that can be read, for a key with this hash");
  }

  private int tryToRead(
      long offset,
      byte @Nullable [] key,
      long number,
      byte @Nullable [] into,
      int index,
      int room) {
    long word = memory.getLongAcquire(base + offset);
    long block = MapLayout.block(word);
    if (!MapLayout.isReference(word) || !isWithin(block, MapLayout.KEY)) {
      return MISSED;
    }
    long entry = base + block;
    long stamp = memory.getLongAcquire(entry);
    int keyLength = memory.getInt(entry + MapLayout.KEY_LENGTH);
    int length = memory.getInt(entry + MapLayout.VALUE_LENGTH);
    int expected = KeyBytes.length(key);
    if (keyLength != expected
        || length < 0
        || !isWithin(block, MapLayout.entryLength(keyLength, length))
        || !KeyBytes.areAt(memory, entry + MapLayout.KEY, key, number)) {
      return MISSED;
    }
    if (into != null && length <= room && length > 0) {
      copy(base + MapLayout.valueAt(block, keyLength), length, into, index);
    }
    return isSame(base + offset, word, entry, stamp) ? length : MISSED;
  }

  /** A value that can change in place is read as a whole. */
  private void copy(long from, int length, byte[] into, int index) {
    if (length > Long.BYTES) {
      KeyBytes.copyOut(memory, from, into, index, length);
      return;
    }
    if (length <= 0) {
      return;
    }
    long word = memory.getLongAcquire(from);
    for (int i = 0; i < length; i++) {
      into[index + i] = (byte) (word >>> (8 * i));
    }
  }

  /**
   * The value of a key as a number.
   *
   * @param ifAbsent what is returned if there is none
   */
  long getLong(long hash, byte @Nullable [] key, long number, long ifAbsent) {
    for (int i = 0; i < TRIES; i++) {
      long offset = locate(hash, key, number);
      if (offset == 0) {
        return ifAbsent;
      }
      requireOpen();
      long word = memory.getLongAcquire(base + offset);
      long block = MapLayout.block(word);
      if (!MapLayout.isReference(word) || !isWithin(block, MapLayout.KEY)) {
        continue;
      }
      long entry = base + block;
      long stamp = memory.getLongAcquire(entry);
      int keyLength = memory.getInt(entry + MapLayout.KEY_LENGTH);
      int length = memory.getInt(entry + MapLayout.VALUE_LENGTH);
      if (keyLength != KeyBytes.length(key)
          || !isWithin(block, MapLayout.entryLength(keyLength, Long.BYTES))
          || !KeyBytes.areAt(memory, entry + MapLayout.KEY, key, number)) {
        continue;
      }
      long value = memory.getLongAcquire(base + MapLayout.valueAt(block, keyLength));
      if (isSame(base + offset, word, entry, stamp)) {
        if (length != Long.BYTES) {
          throw notANumber(length);
        }
        return value;
      }
    }
    throw table.damaged(table.at, hash, "an entry that can be read, for a key with this hash");
  }

  static IllegalStateException notANumber(int length) {
    return new IllegalStateException(
        "the value has " + length + " bytes, expected 8: it is no number, read or write its bytes");
  }

  /** Reads a value in place; null if there is none. The protocol is that of {@link Pins}. */
  <R extends @Nullable Object> @Nullable R readInPlace(
      long hash, byte @Nullable [] key, long number, ValueReader<R> reader) {
    int pin = table.pins.take();
    long place = 0;
    long word = 0;
    R result = null;
    try {
      for (int i = 0; word == 0; i++) {
        place = locate(hash, key, number);
        if (place == 0) {
          break;
        }
        word = tryToPin(pin, place, key, number);
        if (i > TRIES) {
          heap.requireOpen(); // or what was read is nothing
          throw new DamagedMapException(table + " has an entry that cannot be read");
        }
      }
      if (word != 0) {
        long block = MapLayout.block(word);
        int keyLength = heap.getInt(block + MapLayout.KEY_LENGTH);
        int length = heap.getInt(block + MapLayout.VALUE_LENGTH);
        result = reader.read(heap, MapLayout.valueAt(block, keyLength), length);
      }
    } finally {
      if (heap.isOpen()) {
        table.pins.release(pin);
      }
    }
    if (table.shard(hash).hasRetired()) {
      table.shard(hash).trySweep();
    }
    return result;
  }

  /** What the place holds, and a pin now keeps; 0 if it has changed. */
  private long tryToPin(int pin, long place, byte @Nullable [] key, long number) {
    long word = heap.getLongAcquire(place);
    long block = MapLayout.block(word);
    if (!MapLayout.isReference(word) || !isWithin(block, MapLayout.KEY)) {
      return 0;
    }
    table.pins.set(pin, block);
    if (heap.getLongVolatile(place) == word) {
      // It is in the map, and pinned: what is found in it now is the entry, and stays.
      int keyLength = heap.getInt(block + MapLayout.KEY_LENGTH);
      int length = heap.getInt(block + MapLayout.VALUE_LENGTH);
      requireOpen();
      if (length >= 0
          && keyLength == KeyBytes.length(key)
          && isWithin(block, MapLayout.entryLength(keyLength, length))
          && KeyBytes.areAt(memory, base + block + MapLayout.KEY, key, number)) {
        return word;
      }
    }
    table.pins.set(pin, 0);
    return 0;
  }
}
