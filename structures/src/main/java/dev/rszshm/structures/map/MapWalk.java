package dev.rszshm.structures.map;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Goes over all entries while others change the map. What is there from the beginning to the end is
 * seen once; what comes or goes meanwhile may be seen or not.
 *
 * <p>A shard is walked by the buckets that it had when the walk came to it. A bucket that was split
 * since then is looked at together with those it has given to, so that nothing is seen twice. One
 * such group is copied at a time, without a lock; if others change it too often, in the lock.
 */
final class MapWalk {
  /** An entry as it was. */
  @SuppressWarnings("ArrayRecordComponent") // it lives for a step, and nobody compares it
  record Copy(long stamp, byte[] key, byte[] value) {}

  private static final int TRIES = 100;

  private final MapTable table;
  private final Heap heap;
  private int shard = -1;
  private long bucket;
  private long bucketsThen;
  private List<Copy> group = List.of();
  private int next;

  MapWalk(MapTable table) {
    this.table = table;
    this.heap = table.heap;
  }

  boolean hasNext() {
    while (next == group.size()) {
      while (bucket == bucketsThen) {
        if (shard + 1 >= table.shardCount()) {
          return false;
        }
        shard++;
        bucketsThen = table.shardAt(shard).buckets();
        bucket = 0;
      }
      group = copyGroup();
      next = 0;
      bucket++;
    }
    return true;
  }

  Copy next() {
    if (!hasNext()) {
      heap.requireOpen(); // or what was read is nothing
      throw new NoSuchElementException("there are no more entries");
    }
    return group.get(next++);
  }

  private List<Copy> copyGroup() {
    Shard current = table.shardAt(shard);
    for (int i = 0; i < TRIES; i++) {
      long moves = current.moves();
      long buckets = current.buckets();
      List<Copy> copies = new ArrayList<>();
      if (copyGroup(buckets, copies) && current.moves() == moves && current.buckets() == buckets) {
        return copies;
      }
    }
    List<Copy> copies = new ArrayList<>();
    current.inLock(
        () -> {
          copies.clear();
          if (!copyGroup(current.buckets(), copies)) {
            throw table.damaged(table.shardOffset(shard), bucket, "a bucket that can be read");
          }
        });
    return copies;
  }

  private boolean copyGroup(long buckets, List<Copy> copies) {
    // Those that had this bucket's hashes then: with the same lower bits, as many as it used then.
    long step = Long.highestOneBit(bucketsThen);
    if (bucket < bucketsThen - step || bucket >= step) {
      step *= 2;
    }
    for (long each = bucket; each < buckets; each += step) {
      if (!copyBucket(each, buckets, copies)) {
        return false;
      }
    }
    return true;
  }

  private boolean copyBucket(long each, long buckets, List<Copy> copies) {
    long line = table.line(shard, each);
    if (line == 0) {
      return false;
    }
    long most = table.mostLines();
    for (long lines = 0; lines < most; lines++) {
      for (int i = 0; i < MapLayout.PLACES; i++) {
        long place = Chain.place(line, i);
        long word = heap.getLongAcquire(place);
        if (MapLayout.isReference(word)) {
          Copy copy = copy(place, word);
          if (copy == null) {
            return false;
          }
          add(copy, each, buckets, copies);
        }
      }
      long link = heap.getLongAcquire(line + MapLayout.LAST_PLACE);
      if (!MapLayout.isLink(link)) {
        return true;
      }
      line = MapLayout.block(link);
      if (!table.isWithin(line, MapLayout.LINE_LENGTH)) {
        return false;
      }
    }
    return false;
  }

  /** Adds what is in the right bucket and not there yet: a split is copying words. */
  private void add(Copy copy, long each, long buckets, List<Copy> copies) {
    long hash = table.hash(copy.key) >>> table.shardBits;
    if (MapLayout.bucket(hash, buckets) == each
        && copies.stream().noneMatch(other -> other.stamp == copy.stamp)) {
      copies.add(copy);
    }
  }

  /** Copies an entry; null if it has changed. */
  private @Nullable Copy copy(long place, long word) {
    long block = MapLayout.block(word);
    if (!table.isWithin(block, MapLayout.KEY)) {
      return null;
    }
    long stamp = heap.getLongAcquire(block);
    int keyLength = heap.getInt(block + MapLayout.KEY_LENGTH);
    int valueLength = heap.getInt(block + MapLayout.VALUE_LENGTH);
    if (keyLength < 0
        || valueLength < 0
        || !table.isWithin(block, MapLayout.entryLength(keyLength, valueLength))
        || !isSame(place, word, block, stamp)) {
      return null;
    }
    byte[] key = heap.getBytes(block + MapLayout.KEY, keyLength);
    byte[] value = value(MapLayout.valueAt(block, keyLength), valueLength);
    return isSame(place, word, block, stamp) ? new Copy(stamp, key, value) : null;
  }

  private byte[] value(long from, int length) {
    if (length == 0 || length > Long.BYTES) {
      return heap.getBytes(from, length);
    }
    long word = heap.getLongAcquire(from);
    byte[] value = new byte[length];
    for (int i = 0; i < length; i++) {
      value[i] = (byte) (word >>> (8 * i));
    }
    return value;
  }

  private boolean isSame(long place, long word, long block, long stamp) {
    RawAccess.of(heap, MapWalk.class).acquireFence();
    return heap.getLongAcquire(place) == word && heap.getLongAcquire(block) == stamp;
  }
}
