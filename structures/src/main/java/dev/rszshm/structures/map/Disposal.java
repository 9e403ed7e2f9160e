package dev.rszshm.structures.map;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.SettledSlot;

/*
 * Frees what was taken out of a shard, once, and not while somebody reads it in place.
 *
 * Layout
 * ------
 * MapLayout: of a shard the slot trash, 64 retired slots, and a word that says whether any of them is in use.
 *
 * Protocol
 * --------
 * In the shard's lock. What is in trash, or in the slot of the entry, is out of the map. If no pin has its block (Pins), it is freed from there
 * (Allocator.freeFrom). If one has:
 *  1 say that retired slots are in use; 2 look for an empty one; none: sweep, and look again; 3 move it there (Allocator.move).
 * sweep: free from each retired slot whose block no pin has. All empty: say so.
 * There are as many of these slots as pins, and a pin has one block: after a sweep there is room, or somebody has given up a pin meanwhile.
 * Everyone who has the lock sweeps if there is something, and whoever has retired something sweeps once. A reader in place that finds, at its
 * end, that retired slots are in use sweeps if it can have the lock at once. If somebody has it who looked at the pins before, the
 * next one who changes the shard does it.
 *
 * If a process dies here
 * ----------------------
 * freeFrom and move happen once or not: the block is in trash or in a retired slot, or freed. Between 1 and 3 the word
 * says what is not so, until the next sweep.
 */
final class Disposal {
  private static final int SWEEPS = 1000;

  private final MapTable table;
  private final Allocator allocator;
  private final Heap heap;
  private final long shard;

  Disposal(MapTable table, long shard) {
    this.table = table;
    this.allocator = table.allocator;
    this.heap = table.heap;
    this.shard = shard;
  }

  /** Gives up what is in trash. */
  void empty() {
    empty(shard + MapLayout.TRASH);
  }

  /** Gives up what is in a slot of the shard, and out of the map. */
  void empty(long trash) {
    if (heap.getLongAcquire(trash) == 0) {
      return;
    }
    SettledSlot.await(allocator, trash);
    if (isPinned(trash)) {
      retire(trash);
    } else {
      allocator.freeFrom(trash);
    }
  }

  /** Whether what a slot refers to is read in place. */
  private boolean isPinned(long slot) {
    long block = allocator.get(slot);
    return block != 0 && table.pins.isPinned(block);
  }

  private void retire(long trash) {
    heap.putLongVolatile(shard + MapLayout.HAS_RETIRED, 1);
    for (int i = 0; i < SWEEPS; i++) {
      for (int number = 0; number < MapLayout.RETIRED_COUNT; number++) {
        long slot = retired(number);
        if (heap.getLongAcquire(slot) == 0 && allocator.move(trash, slot)) {
          sweep(); // its reader may have ended before it could see that there is something
          return;
        }
      }
      sweep();
      if (!isPinned(trash)) {
        allocator.freeFrom(trash);
        return;
      }
    }
    throw table.damaged(retired(0), heap.getLongAcquire(retired(0)), "a block that is read");
  }

  private long retired(int number) {
    return shard + MapLayout.RETIRED + (long) Long.BYTES * number;
  }

  boolean hasRetired() {
    return heap.getLongVolatile(shard + MapLayout.HAS_RETIRED) != 0;
  }

  /** Frees what is retired and read no more. */
  void sweep() {
    boolean any = false;
    for (int number = 0; number < MapLayout.RETIRED_COUNT; number++) {
      long slot = retired(number);
      long word = heap.getLongAcquire(slot);
      if (word == 0) {
        continue;
      }
      SettledSlot.await(allocator, slot);
      if (isPinned(slot)) {
        any = true;
      } else {
        allocator.freeFrom(slot);
      }
    }
    if (!any) {
      heap.putLongRelease(shard + MapLayout.HAS_RETIRED, 0);
    }
  }

  /** The number of blocks that are retired. */
  int count() {
    int count = 0;
    for (int number = 0; number < MapLayout.RETIRED_COUNT; number++) {
      count += heap.getLongAcquire(retired(number)) == 0 ? 0 : 1;
    }
    return count;
  }
}
