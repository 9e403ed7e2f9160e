package dev.rszshm.structures.internal.pool;

import dev.rszshm.allocator.Allocator;
import dev.rszshm.heap.Heap;
import dev.rszshm.structures.internal.process.SettledSlot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/*
 * The blocks that a task has allocated and not published.
 *
 * Layout
 * ------
 * RunLayout: slots of a run record, and a chain of blocks with more.
 *
 * Protocol
 * --------
 * allocate, by the worker that has the record: into an empty slot (Allocator.allocateInto); if there is none, first a block with
 * more slots, into the slot that is the end of the chain. free: from the slot. publish: move to another slot. All by the allocator,
 * each once or not at all.
 * free all, by whoever has the record: 1 from all slots but those of the chain; 2 the chain, from its end.
 *
 * If a process dies here
 * ----------------------
 * Each block is in a slot of the record, or was never allocated, or is where it was moved to, or is free.
 */

/** The blocks of the task that a run has. Used by the thread of that run only. */
final class OwnedBlocks {
  private final PoolTables tables;
  private final Allocator allocator;
  private final long run;

  /** The slot of each block. */
  private final Map<Long, Long> slots = new HashMap<>();

  /** Slots that were used and are empty. */
  private final Deque<Long> empty = new ArrayDeque<>();

  /** The next slot that was never used since all were freed. */
  private long next;

  private long end;
  private long chain;

  OwnedBlocks(PoolTables tables, int record) {
    this.tables = tables;
    this.allocator = tables.allocator;
    this.run = tables.run(record);
    restart();
  }

  private void restart() {
    slots.clear();
    empty.clear();
    next = run + RunLayout.OWNED;
    end = next + (long) RunLayout.OWNED_COUNT * Long.BYTES;
    chain = run + RunLayout.MORE;
  }

  /** Allocates a block of zeros that belongs to the task. */
  long allocate(long size) {
    Long used = empty.poll();
    long slot = used != null ? used : unused();
    long block = allocator.allocateInto(slot, size);
    if (block == 0) {
      throw tables.damaged(slot, 1, "an empty slot of a run record");
    }
    slots.put(block, slot);
    return block;
  }

  private long unused() {
    if (next == end) {
      long more = allocator.allocateInto(chain, RunLayout.CHUNK_LENGTH);
      if (more == 0) {
        throw tables.damaged(chain, 1, "an empty slot at the end of a chain");
      }
      chain = more + RunLayout.CHUNK_NEXT;
      next = more + RunLayout.CHUNK_OWNED;
      end = next + (long) RunLayout.CHUNK_COUNT * Long.BYTES;
    }
    long slot = next;
    next += Long.BYTES;
    return slot;
  }

  /** The slot of a block; 0 if it is none of the task. */
  long slot(long block) {
    return slots.getOrDefault(block, 0L);
  }

  /** Frees a block of the task; false if it is none. */
  boolean free(long block) {
    Long slot = slots.remove(block);
    if (slot == null) {
      return false;
    }
    allocator.freeFrom(slot);
    empty.add(slot);
    return true;
  }

  /** Says that a block has been moved away. */
  void moved(long block) {
    Long slot = slots.remove(block);
    if (slot != null) {
      empty.add(slot);
    }
  }

  /** Frees all blocks. */
  void freeAll() {
    if (!slots.isEmpty() || chain != run + RunLayout.MORE) {
      freeAll(tables, run);
    }
    restart();
  }

  /** Frees all blocks of the run record at an offset. */
  static void freeAll(PoolTables tables, long run) {
    Allocator allocator = tables.allocator;
    List<Long> chain = new ArrayList<>();
    free(allocator, run + RunLayout.OWNED, RunLayout.OWNED_COUNT);
    long most = allocator.heap().length() / RunLayout.CHUNK_LENGTH;
    for (long link = run + RunLayout.MORE; chain.size() <= most; ) {
      SettledSlot.await(allocator, link);
      long chunk = allocator.get(link);
      if (chunk == 0) {
        break;
      }
      chain.add(link);
      free(allocator, chunk + RunLayout.CHUNK_OWNED, RunLayout.CHUNK_COUNT);
      link = chunk + RunLayout.CHUNK_NEXT;
    }
    for (int i = chain.size() - 1; i >= 0; i--) {
      SettledSlot.free(allocator, chain.get(i));
    }
  }

  private static void free(Allocator allocator, long slots, int count) {
    Heap heap = allocator.heap();
    for (int i = 0; i < count; i++) {
      long slot = slots + (long) i * Long.BYTES;
      if (heap.getLongAcquire(slot) != 0) {
        SettledSlot.free(allocator, slot);
      }
    }
  }
}
