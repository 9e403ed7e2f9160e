package dev.rszshm.structures.map;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.map.errors.DamagedMapException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Looks at every word of a map, one shard after the other, each in its lock. */
final class MapChecking {
  private static final int MOST_FINDINGS = 100;

  private final MapTable table;
  private final Heap heap;
  private final List<String> findings = new ArrayList<>();
  private final Set<Long> blocks = new HashSet<>();
  private long entries;
  private long entryBytes;
  private long buckets;
  private long lines;
  private long segments;
  private long segmentBytes;
  private long spares;
  private long retired;
  private int settled;

  MapChecking(MapTable table) {
    this.table = table;
    this.heap = table.heap;
  }

  MapCheck run() {
    for (int i = 0; i < table.shardCount(); i++) {
      check(i);
    }
    return new MapCheck(
        entries,
        entryBytes,
        buckets,
        lines,
        segments,
        segmentBytes,
        spares,
        retired,
        table.pins.count(),
        settled,
        findings);
  }

  private void check(int number) {
    Shard shard = table.shardAt(number);
    settled += shard.isBusy() ? 1 : 0;
    try {
      shard.inLock(() -> checkShard(number, shard));
    } catch (DamagedMapException e) {
      find(table.shardOffset(number), e.getMessage());
    }
  }

  private void find(long offset, String what) {
    if (findings.size() < MOST_FINDINGS) {
      findings.add(String.format(Locale.ROOT, "offset %d: %s", offset, what));
    }
  }

  private void checkShard(int number, Shard shard) {
    long at = table.shardOffset(number);
    long count = shard.buckets();
    buckets += count;
    retired += shard.retired();
    for (int slot : new int[] {MapLayout.LINE, MapLayout.TRASH}) {
      if (heap.getLongAcquire(at + slot) != 0) {
        find(at + slot, "a block is left in a slot, and nobody is at work");
      }
    }
    if (shard.hasSpare()) {
      spares++;
      checkBlock(at, table.allocator.get(at + MapLayout.ENTRY), MapLayout.KEY);
    }
    for (int i = 0; i < MapLayout.SEGMENT_COUNT; i++) {
      if (heap.getLongAcquire(at + MapLayout.SEGMENTS + (long) Long.BYTES * i) != 0) {
        long bytes = MapLayout.lines(i) * MapLayout.LINE_LENGTH;
        segments++;
        segmentBytes += bytes;
        checkBlock(at, table.allocator.get(at + MapLayout.SEGMENTS + (long) Long.BYTES * i), bytes);
      }
    }
    long found = 0;
    for (long bucket = 0; bucket < count; bucket++) {
      found += checkBucket(number, bucket, count);
    }
    if (found != shard.count()) {
      find(
          at + MapLayout.COUNT,
          "the shard says that it has " + shard.count() + " entries, there are " + found);
    }
    entries += found;
  }

  private long checkBucket(int number, long bucket, long count) {
    Chain chain = new Chain(table, number);
    Set<String> keys = new HashSet<>();
    long found = 0;
    for (long line = chain.first(bucket), first = line; line != 0; line = chain.next(line)) {
      if (line != first) {
        lines++;
        if (!checkBlock(line, line, MapLayout.LINE_LENGTH)) {
          return found; // a chain that comes back to itself has no end
        }
      }
      long control = heap.getLongAcquire(line);
      for (int i = 0; i < MapLayout.PLACES; i++) {
        long place = Chain.place(line, i);
        long word = heap.getLongAcquire(place);
        if (MapLayout.isReference(word)) {
          found++;
          checkEntry(number, bucket, count, place, word, MapLayout.tagAt(control, i), keys);
        } else if (word != 0 && !(MapLayout.isLink(word) && i == MapLayout.PLACES - 1)) {
          find(place, String.format(Locale.ROOT, "0x%x is no entry", word));
        }
      }
    }
    return found;
  }

  private void checkEntry(
      int number, long bucket, long count, long place, long word, int tag, Set<String> keys) {
    long block = table.requireEntry(place, word);
    int keyLength = heap.getInt(block + MapLayout.KEY_LENGTH);
    int valueLength = heap.getInt(block + MapLayout.VALUE_LENGTH);
    long bytes = MapLayout.entryLength(keyLength, (valueLength + 7L) & -8);
    entryBytes += bytes;
    checkBlock(place, block, bytes);
    byte[] key = heap.getBytes(block + MapLayout.KEY, keyLength);
    long hash = table.hash(key);
    if (table.shardNumber(hash) != number
        || MapLayout.bucket(hash >>> table.shardBits, count) != bucket) {
      find(place, "the entry belongs to another bucket");
    }
    if (MapLayout.tag(hash) != tag) {
      find(place, "the tag is " + tag + ", expected " + MapLayout.tag(hash));
    }
    if (!keys.add(new String(key, java.nio.charset.StandardCharsets.ISO_8859_1))) {
      find(place, "the key is there twice");
    }
  }

  private boolean checkBlock(long place, long block, long bytes) {
    if (!blocks.add(block)) {
      find(place, "the block at " + block + " is used twice");
      return false;
    }
    try {
      if (table.allocator.usableSize(block) < bytes) {
        find(place, "the block at " + block + " is shorter than " + bytes + " bytes");
      }
    } catch (InvalidFreeException e) {
      find(place, "the block at " + block + " is not allocated");
    }
    return true;
  }
}
