package dev.rszshm.allocator;

import dev.rszshm.heap.Heap;
import dev.rszshm.heap.memory.Memory;
import java.util.function.LongConsumer;

/*
 * Blocks that are allocated into slots, moved between them and freed from them, exactly once, whatever
 * dies. A slot is any word of the heap that holds a Reference.
 *
 * Layout
 * ------
 * The slot; and in the lane's record what the lane is doing (LaneLayout, OperationRecord).
 *
 * Protocol
 * --------
 * allocate into a slot:
 *  1 choose a block; record := slot and block, PREPARED;
 *  2 allocate that block (Lane); fill it;
 *  3 slot: 0 to fresh reference, by compare-and-set. Failed: free the block, record := NONE;
 *  4 record := IDLE;
 *  5 slot: fresh to clean, by compare-and-set. Failed: somebody has taken it meanwhile;
 *  6 record := NONE: from now on the slot is no business of the lane's, and may become something else.
 * free from a slot:
 *  1 read the slot; help, if its reference is fresh. Record := slot and block, PREPARED;
 *  2 slot: reference to mark, by compare-and-set. Failed: record := NONE, from the beginning;
 *  3 stamp the block: its first word := who frees it;
 *  4 record := STAMPED;
 *  5 free the block;
 *  6 record := IDLE;
 *  7 slot: mark to 0; record := NONE.
 * move:
 *  1 read the slot; help, if its reference is fresh. Record := both slots, PREPARED;
 *  2 source: reference to mark, by compare-and-set. Failed: record := NONE, from the beginning;
 *  3 destination: 0 to fresh reference, by compare-and-set. Failed: source: mark to reference, record := NONE;
 *  4 record := IDLE;
 *  5 destination: fresh to clean; source: mark to 0; record := NONE.
 * help (whoever takes a fresh reference out of a slot, before that): read the record of its lane, and the slot
 *  again. Another reference, or another sequence: that operation is over, from the beginning. (The sequence in
 *  a reference is short. But as long as the reference is in the slot the lane does not begin another operation,
 *  so the record that was read just before is of the same one.) PREPARED: to HELPED by compare-and-set,
 *  so that the operation counts as done, whatever happens to its process; failed: read the slot again.
 * NONE is IDLE without an operation. While the next one is described, the fields are of two operations, and
 * slots that were used once may be anything by now: whoever finds NONE looks at neither.
 *
 * If a process dies here
 * ----------------------
 * The recoverer (Recovery) reads the record. It is the only one who acts for the dead lane, and may die as
 * well: each step can be done again. At the end, record := NONE.
 * allocate, free or move, IDLE: the last steps, which do nothing where they were done.
 * allocate, PREPARED: if the slot holds the fresh reference, record := HELPED, slot := clean. If not, record
 *  := ABORTING by compare-and-set (failed: somebody has helped, read again), free the block, record := IDLE.
 *  The block's slab is still the lane's own, which gives up no full slab while it fills a block.
 * free, PREPARED: if the slot holds the mark, 3 and so on; if not, nothing has happened.
 * free, STAMPED: a run is freed if it is one of the same generation, and has the stamp: who allocates one sets
 *  its first word to zero before it is LARGE. If the slab was the dead lane's when the operation began, clear the bit, which nobody else
 *  does. If it was not (even if it is now, since its last block was freed): the
 *  block has not been freed exactly if, read in this order, its remote bit is clear, its local bit is set, the
 *  stamp is there and the slab is of the same generation; then set the remote bit. For whoever allocates the
 *  block again sets its first word to zero before the bit, and whoever collects clears the local bit first.
 * move, PREPARED: if the source does not hold the mark, nothing has happened. If the destination holds the fresh
 *  reference, it is done, as above; if not, record := ABORTING, source := what it held.
 *
 * Detectable compare-and-set: Memento. Allocating into a slot: PMDK. The stamp rule is new here.
 */
final class ManagedReferences {
  private static final long STAMP = 0x5a_4d50L << 40;

  private final Tables tables;
  private final Heap heap;
  private final Memory memory;
  private final Geometry at;
  private final Blocks blocks;

  ManagedReferences(Tables tables, Blocks blocks) {
    this.tables = tables;
    this.heap = tables.heap;
    this.memory = heap.memory();
    this.at = tables.at;
    this.blocks = blocks;
  }

  /** The block a slot refers to; 0 if it is empty, or being emptied. */
  long block(long slot) {
    return Reference.block(heap.getLongAcquire(slot));
  }

  /**
   * Allocates into a slot.
   *
   * @param zeros bytes that are set to zero, before the filler is called
   * @return the block; 0 if the slot was not empty
   */
  long allocateInto(Lane lane, long slot, long size, long zeros, LongConsumer filler) {
    lane.requireNoOperation();
    if (heap.getLongAcquire(slot) != 0) {
      return 0;
    }
    OperationRecord record = lane.record;
    Blocks.Choice choice = blocks.choose(lane, size);
    long first = choice.chunk();
    long word =
        record.prepare(
            OperationRecord.ALLOCATE, slot, first, choice.block(), tables.owner(first), 0);
    blocks.allocate(lane, choice);
    long reference = Reference.fresh(choice.block(), lane.number, OperationRecord.sequence(word));
    boolean installed = false;
    lane.beginOperation();
    try {
      blocks.zero(choice.block(), zeros);
      filler.accept(choice.block());
      installed = heap.compareAndSetLong(slot, 0, reference);
    } finally {
      lane.endOperation();
      if (heap.isOpen()) { // the filler may have closed it, as if the process had died
        finishAllocate(lane, choice.block(), slot, reference, word, installed);
      }
    }
    return installed ? choice.block() : 0;
  }

  private void finishAllocate(
      Lane lane, long block, long slot, long reference, long word, boolean installed) {
    if (installed) {
      lane.record.set(OperationRecord.become(word, OperationRecord.IDLE));
      memory.compareAndSetLong(heap.base() + slot, reference, Reference.clean(reference));
    } else {
      blocks.free(lane, block);
    }
    lane.record.end(word);
  }

  /**
   * Frees the block a slot refers to, and empties the slot.
   *
   * @param last gets the block when nobody else can reach it any more. If it throws, the reference
   *     is put back
   * @return whether there was one
   */
  boolean freeFrom(Lane lane, long slot, LongConsumer last) {
    lane.requireNoOperation();
    OperationRecord record = lane.record;
    long address = heap.base() + slot;
    while (true) {
      long reference = heap.getLongAcquire(slot);
      long block = Reference.block(reference);
      if (block == 0) {
        return false;
      }
      if (Reference.isFresh(reference) && !help(slot, reference)) {
        continue;
      }
      long first = blocks.firstChunkOf(block);
      long word =
          record.prepare(OperationRecord.FREE, slot, first, block, tables.owner(first), reference);
      long sequence = OperationRecord.sequence(word);
      long mark = Reference.mark(lane.number, sequence);
      if (!memory.compareAndSetLong(address, reference, mark)) {
        record.end(word);
        continue;
      }
      boolean sound = false;
      try {
        last.accept(block);
        sound = true;
      } finally {
        if (!sound) {
          memory.putLongRelease(address, Reference.clean(reference));
          record.end(word);
        }
      }
      heap.putLongRelease(block, stamp(lane.number, sequence)); // it may lie beyond what is mapped
      record.set(OperationRecord.become(word, OperationRecord.STAMPED));
      try {
        blocks.free(lane, block);
      } finally {
        record.set(OperationRecord.become(word, OperationRecord.IDLE));
        memory.putLongRelease(address, 0); // nobody else changes a mark of a living lane
        record.end(word);
      }
      return true;
    }
  }

  /**
   * Moves a reference from one slot to another.
   *
   * @return whether there was one, and the other was empty
   */
  boolean move(Lane lane, long source, long destination) {
    lane.requireNoOperation();
    OperationRecord record = lane.record;
    while (true) {
      long reference = heap.getLongAcquire(source);
      long block = Reference.block(reference);
      if (block == 0 || heap.getLongAcquire(destination) != 0) {
        return false;
      }
      if (Reference.isFresh(reference) && !help(source, reference)) {
        continue;
      }
      long word = record.prepare(OperationRecord.MOVE, destination, source, block, 0, reference);
      long mark = Reference.mark(lane.number, OperationRecord.sequence(word));
      if (!heap.compareAndSetLong(source, reference, mark)) {
        record.end(word);
        continue;
      }
      long moved = Reference.fresh(block, lane.number, OperationRecord.sequence(word));
      boolean installed = heap.compareAndSetLong(destination, 0, moved);
      if (!installed) {
        heap.compareAndSetLong(source, mark, Reference.clean(reference));
      } else {
        record.set(OperationRecord.become(word, OperationRecord.IDLE));
        heap.compareAndSetLong(destination, moved, Reference.clean(moved));
        heap.compareAndSetLong(source, mark, 0);
      }
      record.end(word);
      return installed;
    }
  }

  /**
   * Lets the operation count as done that has put a reference into a slot; false: read it again.
   */
  private boolean help(long slot, long reference) {
    OperationRecord record = new OperationRecord(tables, Reference.lane(reference));
    long word = record.word();
    if (heap.getLongAcquire(slot) != reference
        || !Reference.isOf(reference, OperationRecord.sequence(word))) {
      return false;
    }
    return switch (OperationRecord.state(word)) {
      case OperationRecord.PREPARED -> record.change(word, OperationRecord.HELPED);
      case OperationRecord.HELPED, OperationRecord.IDLE -> true;
      default -> false;
    };
  }

  static long stamp(int lane, long sequence) {
    return STAMP | (long) lane << 28 | (sequence & 0xfff_ffffL);
  }

  /** Ends what a dead lane was doing. */
  void recover(int lane) {
    OperationRecord record = new OperationRecord(tables, lane);
    long word = record.word();
    switch (OperationRecord.operation(word)) {
      case OperationRecord.ALLOCATE -> recoverAllocate(lane, record);
      case OperationRecord.FREE -> recoverFree(lane, record);
      case OperationRecord.MOVE -> recoverMove(lane, record);
      default -> {
        return;
      }
    }
    record.end(word);
  }

  private void recoverAllocate(int lane, OperationRecord record) {
    long sequence = OperationRecord.sequence(record.word());
    long fresh = Reference.fresh(record.block(), lane, sequence);
    if (hasArrived(record, fresh)) {
      heap.compareAndSetLong(record.destination(), fresh, Reference.clean(fresh));
    } else {
      undoAllocate(lane, record);
    }
  }

  /** Whether the reference has got to its destination; if not, it never will. */
  private boolean hasArrived(OperationRecord record, long fresh) {
    while (true) {
      long word = record.word();
      if (OperationRecord.state(word) != OperationRecord.PREPARED) {
        return OperationRecord.state(word) != OperationRecord.ABORTING;
      }
      boolean there = heap.getLongAcquire(record.destination()) == fresh;
      record.change(word, there ? OperationRecord.HELPED : OperationRecord.ABORTING);
    }
  }

  private void undoAllocate(int lane, OperationRecord record) {
    long owner = tables.owner(record.source());
    if (OwnerWord.generation(owner) != OwnerWord.generation(record.blockOwner())) {
      return;
    }
    if (isOf(lane, owner)) {
      clearLocal(record.source(), indexOf(record));
    } else if (OwnerWord.state(owner) == OwnerWord.LARGE) {
      blocks.pool().release(lane, record.source(), owner, OwnerWord.aux(owner));
    }
  }

  private int indexOf(OperationRecord record) {
    long distance = record.block() - at.chunkOffset(record.source());
    return SizeClasses.index(distance, OwnerWord.sizeClass(record.blockOwner()));
  }

  private static boolean isOf(int lane, long owner) {
    return (owner & OwnerWord.KEY_MASK) == OwnerWord.key(OwnerWord.ACTIVE, lane);
  }

  private void clearLocal(long chunk, int index) {
    long offset = tables.local(chunk, index >>> 6);
    heap.putLongRelease(offset, heap.getLongAcquire(offset) & ~(1L << index));
  }

  private void recoverFree(int lane, OperationRecord record) {
    long word = record.word();
    long slot = record.destination();
    long sequence = OperationRecord.sequence(word);
    long mark = Reference.mark(lane, sequence);
    if (OperationRecord.state(word) == OperationRecord.PREPARED) {
      if (heap.getLongAcquire(slot) != mark) {
        return;
      }
      heap.putLongRelease(record.block(), stamp(lane, sequence));
      word = OperationRecord.become(word, OperationRecord.STAMPED);
      record.set(word);
    }
    if (OperationRecord.state(word) == OperationRecord.STAMPED) {
      freeStamped(lane, record, stamp(lane, sequence));
      record.set(OperationRecord.become(word, OperationRecord.IDLE));
    }
    heap.compareAndSetLong(slot, mark, 0);
  }

  private void freeStamped(int lane, OperationRecord record, long stamp) {
    long chunk = record.source();
    long then = record.blockOwner();
    long now = tables.owner(chunk);
    boolean sameGeneration = OwnerWord.generation(now) == OwnerWord.generation(then);
    if (OwnerWord.state(then) == OwnerWord.LARGE) {
      if (sameGeneration
          && OwnerWord.state(now) == OwnerWord.LARGE
          && heap.getLongAcquire(record.block()) == stamp) {
        blocks.pool().release(lane, chunk, now, OwnerWord.aux(now));
      }
      return;
    }
    int index = indexOf(record);
    if (isOf(lane, then)) {
      if (sameGeneration && isOf(lane, now)) {
        clearLocal(chunk, index);
      }
      return;
    }
    long bit = 1L << index;
    if ((heap.getLongAcquire(tables.remote(chunk, index >>> 6)) & bit) == 0
        && (heap.getLongAcquire(tables.local(chunk, index >>> 6)) & bit) != 0
        && heap.getLongAcquire(record.block()) == stamp
        && OwnerWord.generation(tables.owner(chunk)) == OwnerWord.generation(then)) {
      blocks.freeRemotely(lane, chunk, index);
    }
  }

  private void recoverMove(int lane, OperationRecord record) {
    long sequence = OperationRecord.sequence(record.word());
    long mark = Reference.mark(lane, sequence);
    long source = record.source();
    if (heap.getLongAcquire(source) != mark) {
      long moved = Reference.fresh(record.block(), lane, sequence);
      heap.compareAndSetLong(record.destination(), moved, Reference.clean(moved));
      return;
    }
    long fresh = Reference.fresh(record.block(), lane, sequence);
    if (hasArrived(record, fresh)) {
      heap.compareAndSetLong(record.destination(), fresh, Reference.clean(fresh));
      heap.compareAndSetLong(source, mark, 0);
    } else {
      heap.compareAndSetLong(source, mark, Reference.clean(record.previous()));
    }
  }
}
