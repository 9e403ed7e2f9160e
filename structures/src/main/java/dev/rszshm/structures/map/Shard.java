package dev.rszshm.structures.map;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import dev.rszshm.structures.internal.bytes.KeyBytes;
import dev.rszshm.structures.internal.process.SettledSlot;
import dev.rszshm.structures.map.errors.MapFullException;
import dev.rszshm.sync.Mutex;
import org.jspecify.annotations.Nullable;

/*
 * A part of a map, for those who change it.
 *
 * Layout
 * ------
 * MapLayout: the shard.
 *
 * Protocol
 * --------
 *  1 take the lock; 2 busy := 1; 3 take the spare block in the slot of the entry, or allocate one into it (Allocator.allocateInto); write the entry, its stamp last;
 *  4 look for the key and for an empty place; none: one more line, allocated into its slot, gets the last
 *    entry of the chain, and a link to it takes that one's place, by a swap (SwapRecord);
 *  5 write the tag of the place; swap the reference into the place;
 *  6 what was there is in the slot of the entry now: a spare block, of up to 4 KiB, for the next entry of the
 *    same length; others are freed (Disposal); 7 grow by a bucket if it is due (Splitting); 8 busy := 0; 9 give the lock up.
 * remove: 5 swaps 0 into the place, then its tag is cleared; a line behind the first that is empty is taken out of the chain.
 * A value of 1 to 8 bytes that gets another of the same length is written in place, by one store.
 * No code of the caller runs in the lock: keys and values are bytes by then.
 * An operation that has failed and that is not cut short gives everything back before the lock.
 *
 * If a process dies here
 * ----------------------
 * Whoever takes the lock next takes it from the dead (Mutex), after the lanes of the dead were recovered, so that each slot
 * says what it has. It finds busy, and settles: it ends the swap if the place has the new word; ends the split or
 * takes it back (Splitting); frees what the slots of the entry and of the line still have, and the trash. So the
 * operation has happened if its swap has, nothing is in two places, and no block is lost. All that can be done again.
 * Busy is the same after an error that a thread was thrown out by: the next one settles, whoever it is. A
 * thread that has no stack left to give the lock up keeps it, until it uses the map again or its process ends.
 *
 * If a process stands still here
 * ------------------------------
 * It lives, and has the lock. Others who want to change this shard, one of many, wait until it goes on or is ended. Readers
 * do not, and nobody who changes another shard does.
 */
final class Shard {
  /** What a change asks for. */
  enum Mode {
    /** Whatever there is. */
    ALWAYS,
    IF_ABSENT,
    IF_PRESENT
  }

  /** Stands for a value that was there and that nobody wants to have. */
  static final byte[] SOMETHING = {};

  private static final int SPLITS_AT_ONCE = 2;

  /** Blocks have multiples of so many bytes. */
  private static final int GRANULE = 16;

  /** The longest block that is kept for the next entry. */
  private static final int MOST_SPARE = 4096;

  private final MapTable table;
  private final Allocator allocator;
  private final Heap heap;
  private final Memory memory;
  private final long base;
  private final long at;
  private final int number;

  /** Null if the heap is attached for reading only. */
  private final @Nullable Mutex lock;

  private final Chain chain;
  private final SwapRecord record;
  private final Disposal disposal;
  private final Splitting splitting;

  /** Whether something thrown has kept a thread from giving the lock up. */
  private volatile boolean leftBehind;

  Shard(MapTable table, int number) {
    this.table = table;
    this.allocator = table.allocator;
    this.heap = table.heap;
    this.memory = RawAccess.of(heap, Shard.class);
    this.base = heap.base();
    this.number = number;
    this.at = table.shardOffset(number);
    this.lock = heap.isReadOnly() ? null : Mutex.at(heap, at + MapLayout.LOCK);
    if (lock != null) {
      lock.onOwnerDied(() -> {}); // busy tells all that there is to know
    }
    this.chain = new Chain(table, number);
    this.record = new SwapRecord(table, at);
    this.disposal = new Disposal(table, at);
    this.splitting = new Splitting(table, this, number);
  }

  // The lock.

  /** Acquires the lock, and returns it for {@link #leave}. */
  private Mutex enter() {
    Mutex held = lock;
    if (held == null) {
      heap.requireWritable();
      throw new IllegalStateException(table + " was found in a heap for reading only");
    }
    if (!leftBehind || !held.isHeldByCurrentThread()) {
      held.lock();
    } else {
      leftBehind = false;
    }
    boolean isThere = false;
    try {
      table.requireThere(); // somebody may have removed it while this thread waited for the lock
      isThere = true;
    } finally {
      if (!isThere) {
        held.unlock();
      }
    }
    return held;
  }

  /** What comes first in the lock, and may throw. */
  private void begin() {
    if (isBusy()) {
      settle();
    }
    if (disposal.hasRetired()) {
      disposal.sweep();
    }
  }

  private void setBusy() {
    heap.putLongRelease(at + MapLayout.BUSY, 1);
  }

  private void setDone() {
    heap.putLongRelease(at + MapLayout.BUSY, 0);
  }

  /** Gives the lock up; what was not done is settled, or else by whoever has it next. */
  private void leave(Mutex held, boolean done) {
    boolean left = false;
    try {
      if (!done && heap.isOpen() && isBusy()) {
        settle();
      }
    } catch (RuntimeException e) {
      // What has been thrown before is more important, and the shard stays busy.
    } finally {
      try {
        held.unlock();
        left = true;
      } finally {
        if (!left) { // no call: there may be no stack for one
          leftBehind = true;
        }
      }
    }
  }

  /** Ends what somebody has left, of whom others have nothing to expect any more. */
  private void settle() {
    record.settle();
    disposal.empty(); // whatever takes something out next needs it empty
    splitting.settle();
    disposal.empty(at + MapLayout.ENTRY);
    SettledSlot.free(allocator, at + MapLayout.LINE);
    setDone();
  }

  /** Whether there is a spare block. */
  boolean hasSpare() {
    return heap.getLongAcquire(at + MapLayout.ENTRY) != 0;
  }

  boolean hasRetired() {
    return disposal.hasRetired();
  }

  /** Frees what is retired and read no more, if the lock can be had at once. */
  void trySweep() {
    Mutex held = lock;
    if (held == null || !held.tryLock()) {
      return;
    }
    boolean done = false;
    try {
      begin();
      done = true;
    } finally {
      leave(held, done);
    }
  }

  /** Does something in the lock; without it if the heap is attached for reading only. */
  void inLock(Runnable action) {
    if (lock == null) {
      action.run();
      return;
    }
    Mutex held = enter();
    boolean done = false;
    try {
      begin();
      action.run();
      done = true;
    } finally {
      leave(held, done);
    }
  }

  /** Whether there is work that somebody has left. */
  boolean isBusy() {
    return heap.getLongAcquire(at + MapLayout.BUSY) != 0;
  }

  long buckets() {
    long buckets = heap.getLongAcquire(at + MapLayout.BUCKETS);
    if (buckets != 0 && (buckets < MapLayout.FIRST_BUCKETS || buckets > MapLayout.MOST_BUCKETS)) {
      throw table.damaged(at, buckets, "a number of buckets");
    }
    return buckets;
  }

  long count() {
    return heap.getLongAcquire(at + MapLayout.COUNT);
  }

  long moves() {
    return heap.getLongAcquire(at + MapLayout.MOVES);
  }

  int retired() {
    return disposal.count();
  }

  private void find(long hash, byte @Nullable [] key, long keyNumber) {
    long buckets = buckets();
    chain.foundPlace = 0;
    if (buckets != 0) {
      long bucket = MapLayout.bucket(hash >>> table.shardBits, buckets);
      chain.find(bucket, MapLayout.tag(hash), key, keyNumber);
    }
  }

  // Putting.

  /**
   * Puts a value, or does not.
   *
   * @param key null: the eight bytes of a number
   * @param value null: the eight bytes of a number
   * @param expected what must be there; null: anything
   * @param returns whether to return a copy of what was there, or only {@link #SOMETHING}
   * @return null if there was nothing, or if there was something else than what is expected
   */
  byte @Nullable [] put(
      long hash,
      byte @Nullable [] key,
      long keyNumber,
      byte @Nullable [] value,
      int index,
      int length,
      long valueNumber,
      Mode mode,
      byte @Nullable [] expected,
      boolean returns) {
    Mutex held = enter();
    boolean done = false;
    try {
      begin();
      table.codecs.values().requireInLock();
      find(hash, key, keyNumber);
      byte[] old = null;
      if (chain.foundPlace == 0) {
        if (mode == Mode.ALWAYS || mode == Mode.IF_ABSENT) {
          insert(hash, key, keyNumber, value, index, length, valueNumber);
        }
      } else if (expected == null || hasValue(expected)) {
        old = returns ? value(MapLayout.block(chain.foundWord)) : SOMETHING;
        if (mode != Mode.IF_ABSENT) {
          replace(key, keyNumber, value, index, length, valueNumber);
        }
      }
      done = true;
      return old;
    } finally {
      leave(held, done);
    }
  }

  private boolean hasValue(byte[] expected) {
    long block = MapLayout.block(chain.foundWord);
    if (heap.getInt(block + MapLayout.VALUE_LENGTH) != expected.length) {
      return false;
    }
    long from = MapLayout.valueAt(block, heap.getInt(block + MapLayout.KEY_LENGTH));
    for (int i = 0; i < expected.length; i++) {
      if (heap.getByte(from + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private byte[] value(long block) {
    long from = MapLayout.valueAt(block, heap.getInt(block + MapLayout.KEY_LENGTH));
    return heap.getBytes(from, heap.getInt(block + MapLayout.VALUE_LENGTH));
  }

  private void insert(
      long hash,
      byte @Nullable [] key,
      long keyNumber,
      byte @Nullable [] value,
      int index,
      int length,
      long valueNumber) {
    long maximum = table.spec.maximum();
    if (maximum > 0 && table.size() >= maximum) {
      throw new MapFullException(
          table
              + " has "
              + maximum
              + " entries, the most that it was made for: remove some, or make another one");
    }
    setBusy();
    long buckets = buckets();
    if (buckets == 0) {
      splitting.begin();
      buckets = MapLayout.FIRST_BUCKETS;
      chain.findEmptyPlace(chain.first(MapLayout.bucket(hash >>> table.shardBits, buckets)));
    }
    long word = makeEntry(key, keyNumber, value, index, length, valueNumber);
    if (chain.emptyPlace == 0) {
      addLine(chain);
    }
    chain.setTag(chain.emptyLine, chain.emptyPlace, MapLayout.tag(hash));
    long count = count() + 1;
    record.swap(chain.emptyPlace, word, count, moves(), at + MapLayout.ENTRY, 0);
    for (int i = 0; i < SPLITS_AT_ONCE && splitting.isDue(count, buckets); i++) {
      splitting.split(buckets);
      buckets = buckets();
    }
    setDone();
  }

  private void replace(
      byte @Nullable [] key,
      long keyNumber,
      byte @Nullable [] value,
      int index,
      int length,
      long valueNumber) {
    long block = MapLayout.block(chain.foundWord);
    if (length > 0
        && length <= Long.BYTES
        && length == heap.getInt(block + MapLayout.VALUE_LENGTH)) {
      long to = MapLayout.valueAt(block, heap.getInt(block + MapLayout.KEY_LENGTH));
      heap.putLongRelease(to, value == null ? valueNumber : word(value, index, length));
      return;
    }
    setBusy();
    long word = makeEntry(key, keyNumber, value, index, length, valueNumber);
    record.swap(chain.foundPlace, word, count(), moves(), at + MapLayout.ENTRY, chain.foundWord);
    if (bytes(block) > MOST_SPARE) {
      disposal.empty(at + MapLayout.ENTRY);
    }
    setDone();
  }

  private static long word(byte[] value, int index, int length) {
    long word = 0;
    for (int i = 0; i < length; i++) {
      word |= (value[index + i] & 0xffL) << (8 * i);
    }
    return word;
  }

  /** Makes an entry in its slot; returns its reference. */
  private long makeEntry(
      byte @Nullable [] key,
      long keyNumber,
      byte @Nullable [] value,
      int index,
      int length,
      long valueNumber) {
    int keyLength = key == null ? Long.BYTES : key.length;
    long stamps = heap.getLongAcquire(at + MapLayout.STAMPS) + 1;
    heap.putLongRelease(at + MapLayout.STAMPS, stamps);
    long slot = at + MapLayout.ENTRY;
    long block = blockFor(slot, MapLayout.entryLength(keyLength, (length + 7L) & -8));
    if (!table.isWithin(block, MapLayout.entryLength(keyLength, length))) {
      throw table.damaged(slot, block, "a block within the heap");
    }
    heap.requireWritable();
    write(base + block, key, keyNumber, keyLength, value, index, length, valueNumber);
    memory.putLongRelease(base + block, (stamps << table.shardBits | number) ^ table.seed);
    return reference(slot, block);
  }

  /** Writes all of an entry but its stamp, by address. */
  private void write(
      long entry,
      byte @Nullable [] key,
      long keyNumber,
      int keyLength,
      byte @Nullable [] value,
      int index,
      int length,
      long valueNumber) {
    memory.releaseFence(); // so that a reader who sees any of this sees that it was taken out
    memory.putInt(entry + MapLayout.KEY_LENGTH, keyLength);
    memory.putInt(entry + MapLayout.VALUE_LENGTH, length);
    if (key == null) {
      memory.putLong(entry + MapLayout.KEY, keyNumber);
    } else {
      KeyBytes.copyIn(memory, key, 0, entry + MapLayout.KEY, keyLength);
    }
    long to = MapLayout.valueAt(entry, keyLength);
    if (value == null) {
      memory.putLong(to, valueNumber);
    } else if (length > Long.BYTES) {
      KeyBytes.copyIn(memory, value, index, to, length);
    } else if (length > 0) {
      memory.putLong(to, word(value, index, length));
    }
  }

  /** The spare block, if it is as long as is needed and nobody reads it; or else a new one. */
  private long blockFor(long slot, long bytes) {
    long spare = heap.getLongAcquire(slot);
    if (spare != 0) {
      long block = table.requireEntry(slot, spare);
      if ((bytes(block) + GRANULE - 1) / GRANULE == (bytes + GRANULE - 1) / GRANULE
          && !table.pins.isPinned(block)) {
        return block;
      }
      disposal.empty(slot);
    }
    long block = allocator.allocateInto(slot, bytes);
    if (block == 0) {
      throw table.damaged(slot, heap.getLongAcquire(slot), "0");
    }
    return block;
  }

  /** The bytes of a block that was or is an entry. */
  private long bytes(long block) {
    return MapLayout.entryLength(
        heap.getInt(block + MapLayout.KEY_LENGTH),
        (heap.getInt(block + MapLayout.VALUE_LENGTH) + 7L) & -8);
  }

  /**
   * The clean reference of a block that was put into a slot in this lock, or is the spare one: that
   * operation of the allocator has ended, so that nothing depends on what form it has.
   */
  private long reference(long slot, long block) {
    long word = MapLayout.toReference(heap.getLongAcquire(slot));
    if (MapLayout.block(word) != block) {
      throw table.damaged(slot, word, "the reference of the block at " + block);
    }
    return word;
  }

  // Lines.

  /** Lets a chain without an empty place have one more line, whose second place is empty. */
  void addLine(Chain full) {
    long slot = at + MapLayout.LINE;
    long line = allocator.allocateInto(slot, MapLayout.LINE_LENGTH);
    if (line == 0) {
      throw table.damaged(slot, heap.getLongAcquire(slot), "0");
    }
    long last = full.lastLine;
    long place = last + MapLayout.LAST_PLACE;
    int tag = MapLayout.tagAt(heap.getLongAcquire(last), MapLayout.PLACES - 1);
    heap.putLongRelease(line, MapLayout.withTag(0, 0, tag));
    heap.putLongRelease(Chain.place(line, 0), heap.getLongAcquire(place));
    long link = MapLayout.toLink(reference(slot, line));
    record.swap(place, link, count(), moves(), slot, 0);
    full.setTag(last, place, 0);
    full.lastLine = line;
    full.emptyLine = line;
    full.emptyPlace = Chain.place(line, 1);
  }

  /** Takes a line without entries out of its chain. */
  void removeLine(long before, long line) {
    long place = before + MapLayout.LAST_PLACE;
    long link = heap.getLongAcquire(place);
    long next = heap.getLongAcquire(line + MapLayout.LAST_PLACE);
    record.swap(
        place,
        MapLayout.isLink(next) ? next : 0,
        count(),
        moves() + 1,
        0,
        MapLayout.toReference(link));
    disposal.empty();
  }

  // Removing.

  /**
   * Removes a key.
   *
   * @param expected what must be there; null: anything
   * @param returns whether to return a copy of what was there, or only {@link #SOMETHING}
   * @return null if nothing was removed
   */
  byte @Nullable [] remove(
      long hash,
      byte @Nullable [] key,
      long keyNumber,
      byte @Nullable [] expected,
      boolean returns) {
    Mutex held = enter();
    boolean done = false;
    try {
      begin();
      table.codecs.values().requireInLock();
      find(hash, key, keyNumber);
      byte[] old = null;
      if (chain.foundPlace != 0 && (expected == null || hasValue(expected))) {
        old = returns ? value(MapLayout.block(chain.foundWord)) : SOMETHING;
        setBusy();
        remove(chain.foundLine, chain.foundPlace, chain.foundWord);
        if (chain.foundBefore != 0 && chain.isEmpty(chain.foundLine)) {
          removeLine(chain.foundBefore, chain.foundLine);
        }
        setDone();
      }
      done = true;
      return old;
    } finally {
      leave(held, done);
    }
  }

  private void remove(long line, long place, long word) {
    record.swap(place, 0, count() - 1, moves(), 0, word);
    chain.setTag(line, place, 0);
    disposal.empty();
  }

  /** Removes all entries, and all lines but the first ones. */
  void clear() {
    long buckets = buckets();
    for (long bucket = 0; bucket < buckets; bucket++) {
      long each = bucket;
      inLock(() -> clear(each));
      buckets = buckets();
    }
  }

  private void clear(long bucket) {
    setBusy();
    long first = chain.first(bucket);
    for (long line = first; line != 0; line = chain.next(line)) {
      for (int i = 0; i < MapLayout.PLACES; i++) {
        long word = heap.getLongAcquire(Chain.place(line, i));
        if (MapLayout.isReference(word)) {
          remove(line, Chain.place(line, i), word);
        }
      }
    }
    for (long next = chain.next(first); next != 0; next = chain.next(first)) {
      removeLine(first, next);
    }
    setDone();
  }

  /** Gives all memory back, when nobody uses the map any more. */
  void dismantle() {
    clear();
    inLock(
        () -> {
          setBusy();
          heap.putLongRelease(at + MapLayout.BUCKETS, 0);
          for (int i = 0; i < MapLayout.SEGMENT_COUNT; i++) {
            SettledSlot.free(allocator, at + MapLayout.SEGMENTS + (long) Long.BYTES * i);
          }
          disposal.empty(at + MapLayout.ENTRY);
          disposal.sweep();
          setDone();
        });
    table.forgetSegments(number);
  }

  // Numbers.

  /** Adds to the value of a key, which is 0 if there is none; returns the sum. */
  long add(long hash, byte @Nullable [] key, long keyNumber, long delta) {
    Mutex held = enter();
    boolean done = false;
    try {
      begin();
      find(hash, key, keyNumber);
      long sum = delta;
      if (chain.foundPlace == 0) {
        insert(hash, key, keyNumber, null, 0, Long.BYTES, delta);
      } else {
        long value = numberAt(MapLayout.block(chain.foundWord));
        sum += heap.getLongAcquire(value);
        heap.putLongRelease(value, sum);
      }
      done = true;
      return sum;
    } finally {
      leave(held, done);
    }
  }

  /** Sets the value of a key if there is one, and it is this number. */
  boolean compareAndSet(
      long hash, byte @Nullable [] key, long keyNumber, long expected, long value) {
    Mutex held = enter();
    boolean done = false;
    try {
      begin();
      find(hash, key, keyNumber);
      boolean set = false;
      if (chain.foundPlace != 0) {
        long place = numberAt(MapLayout.block(chain.foundWord));
        set = heap.getLongAcquire(place) == expected;
        if (set) {
          heap.putLongRelease(place, value);
        }
      }
      done = true;
      return set;
    } finally {
      leave(held, done);
    }
  }

  private long numberAt(long block) {
    int length = heap.getInt(block + MapLayout.VALUE_LENGTH);
    if (length != Long.BYTES) {
      throw Reads.notANumber(length);
    }
    return MapLayout.valueAt(block, heap.getInt(block + MapLayout.KEY_LENGTH));
  }
}
