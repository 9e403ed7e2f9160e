package dev.rszshm.structures.map;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.NotASlotException;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.codec.FormatWord;
import dev.rszshm.structures.map.errors.DamagedMapException;
import dev.rszshm.sync.Mutex;
import dev.rszshm.sync.SynchronizerKind;
import dev.rszshm.sync.SynchronizerState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Looks at every word of a map, one shard after the other, each in its lock. With a heap that is
 * attached for reading only there is no lock: then what was looked at counts if nobody has changed
 * the shard meanwhile.
 */
final class MapChecking {
  private static final int MOST_FINDINGS = 100;
  private static final int LOOKS = 100;
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(1);

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
    FormatWord.damage(heap, table.at + MapLayout.KEY_FORMAT)
        .ifPresent(what -> find(table.at + MapLayout.KEY_FORMAT, what));
    FormatWord.damage(heap, table.at + MapLayout.VALUE_FORMAT)
        .ifPresent(what -> find(table.at + MapLayout.VALUE_FORMAT, what));
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
    if (heap.isReadOnly()) {
      checkWithoutLock(number, shard);
      return;
    }
    settled += shard.isBusy() ? 1 : 0;
    try {
      shard.inLock(() -> checkShard(number, shard));
    } catch (DamagedMapException | NotASlotException e) {
      find(table.shardOffset(number), e.getMessage());
    }
  }

  /** Looks again while somebody is changing the shard; if it does not become quiet, lets it be. */
  private void checkWithoutLock(int number, Shard shard) {
    for (int i = 0; i < LOOKS; i++) {
      SynchronizerState lock = lock(number);
      long[] before = numbers(number);
      MapChecking look = new MapChecking(table);
      look.blocks.addAll(blocks);
      if (lock.holder().filter(h -> h.participant().alive()).isEmpty()) {
        try {
          look.checkShard(number, shard);
        } catch (DamagedMapException | NotASlotException e) {
          look.find(table.shardOffset(number), e.getMessage());
        }
        if (Arrays.equals(before, numbers(number)) && lock.equals(lock(number))) {
          settled += shard.isBusy() || !lock.leftByTheDead().isEmpty() ? 1 : 0;
          lock.damage().forEach(text -> find(table.shardOffset(number), "its lock: " + text));
          add(look);
          return;
        }
      }
      heap.pause(BETWEEN_LOOKS);
    }
  }

  private SynchronizerState lock(int number) {
    return SynchronizerState.at(
        heap, table.shardOffset(number) + MapLayout.LOCK, SynchronizerKind.MUTEX, Mutex.LENGTH);
  }

  /** Numbers of which one is another after each change. */
  private long[] numbers(int number) {
    long at = table.shardOffset(number);
    return new long[] {
      heap.getLongAcquire(at + MapLayout.BUCKETS),
      heap.getLongAcquire(at + MapLayout.MOVES),
      heap.getLongAcquire(at + MapLayout.BUSY),
      heap.getLongAcquire(at + MapLayout.COUNT),
      heap.getLongAcquire(at + MapLayout.STAMPS)
    };
  }

  private void add(MapChecking look) {
    blocks.addAll(look.blocks);
    look.findings.stream().limit(MOST_FINDINGS - findings.size()).forEach(findings::add);
    entries += look.entries;
    entryBytes += look.entryBytes;
    buckets += look.buckets;
    lines += look.lines;
    segments += look.segments;
    segmentBytes += look.segmentBytes;
    spares += look.spares;
    retired += look.retired;
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
