package dev.rszshm.structures.map;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;

/*
 * A change of one place of a line, with what belongs to it, so that all of it happens or nothing: the number of
 * entries, of moves, whose the reference was that went there, and what becomes of the one that was there.
 *
 * Layout
 * ------
 * MapLayout: the record of a shard. The shard's lock excludes all others.
 *
 * Protocol
 * --------
 * 1 write what is to be; 2 record := 1; 3 place := the new word, volatile: this is when it happens;
 * 4 number of entries and moves; the slot that the new reference came from := the old one, or 0 if that
 *   stays; without such a slot, trash := the old one; 5 record := 0.
 *
 * If a process dies here
 * ----------------------
 * Up to 2 nothing has happened. From 2 on whoever has the lock next looks at the place: it holds the new word:
 * 4 and 5 are done (again); the old one: only 5, nothing has happened. The two are never the same word: the new
 * one's block is in use, and so is the old one's, or one of them is 0. Nobody else changes the place meanwhile.
 */
final class SwapRecord {
  private final MapTable table;
  private final Heap heap;
  private final Memory memory;
  private final long base;
  private final long shard;

  SwapRecord(MapTable table, long shard) {
    this.table = table;
    this.heap = table.heap;
    this.memory = RawAccess.of(heap, SwapRecord.class);
    this.base = heap.base();
    this.shard = shard;
  }

  /**
   * Changes a place.
   *
   * @param source offset of the slot whose reference goes there; 0: none
   * @param trash the reference that was there and goes to the source, or to the trash, which is
   *     empty; 0: none
   */
  void swap(long place, long word, long count, long moves, long source, long trash) {
    heap.requireWritable(); // by address from here on
    long to = base + shard;
    memory.putLongRelease(to + MapLayout.RECORD_SLOT, place);
    memory.putLongRelease(to + MapLayout.RECORD_WORD, word);
    memory.putLongRelease(to + MapLayout.RECORD_COUNT, count);
    memory.putLongRelease(to + MapLayout.RECORD_MOVES, moves);
    memory.putLongRelease(to + MapLayout.RECORD_SOURCE, source);
    memory.putLongRelease(to + MapLayout.RECORD_TRASH, trash);
    memory.putLongRelease(to + MapLayout.RECORD, 1);
    memory.putLongVolatile(base + place, word);
    complete(count, moves, source, trash);
  }

  private void complete(long count, long moves, long source, long trash) {
    long to = base + shard;
    memory.putLongRelease(to + MapLayout.COUNT, count);
    memory.putLongRelease(to + MapLayout.MOVES, moves);
    if (source != 0) {
      memory.putLongRelease(base + source, trash);
    } else if (trash != 0) {
      memory.putLongRelease(to + MapLayout.TRASH, trash);
    }
    memory.putLongRelease(to + MapLayout.RECORD, 0);
  }

  /** Ends what somebody has left. */
  void settle() {
    long record = heap.getLongAcquire(shard + MapLayout.RECORD);
    if (record == 0) {
      return;
    }
    long place = heap.getLongAcquire(shard + MapLayout.RECORD_SLOT);
    long source = heap.getLongAcquire(shard + MapLayout.RECORD_SOURCE);
    if (record != 1 || !table.isWithin(place, Long.BYTES)) {
      throw table.damaged(shard + MapLayout.RECORD, record, "0, or 1 with the offset of a place");
    }
    if (source != 0 && source != shard + MapLayout.ENTRY && source != shard + MapLayout.LINE) {
      throw table.damaged(shard + MapLayout.RECORD_SOURCE, source, "0, or a slot of its shard");
    }
    if (heap.getLongAcquire(place) == heap.getLongAcquire(shard + MapLayout.RECORD_WORD)) {
      long count = heap.getLongAcquire(shard + MapLayout.RECORD_COUNT);
      long moves = heap.getLongAcquire(shard + MapLayout.RECORD_MOVES);
      long trash = heap.getLongAcquire(shard + MapLayout.RECORD_TRASH);
      heap.requireWritable(); // by address from here on
      complete(count, moves, source, trash);
    } else {
      heap.putLongRelease(shard + MapLayout.RECORD, 0);
    }
  }
}
