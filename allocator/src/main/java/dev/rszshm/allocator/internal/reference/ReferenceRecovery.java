package dev.rszshm.allocator.internal.reference;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.internal.lane.BlockFinder;
import dev.rszshm.allocator.internal.lane.Blocks;
import dev.rszshm.allocator.internal.lane.OperationRecord;
import dev.rszshm.allocator.internal.table.AllocatorGeometry;
import dev.rszshm.allocator.internal.table.OwnerWord;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;

/**
 * Ends what a dead lane was doing with references, as ManagedReferences says. A record that cannot
 * be one, of a heap that somebody has written over, counts as none: nothing is done.
 */
public final class ReferenceRecovery {
  private final Tables tables;
  private final Heap heap;
  private final AllocatorGeometry geometry;
  private final Blocks blocks;
  private final BlockFinder finder;
  private final Slots slots;

  public ReferenceRecovery(Tables tables, Blocks blocks, BlockFinder finder, Slots slots) {
    this.tables = tables;
    this.heap = tables.heap;
    this.geometry = tables.geometry;
    this.blocks = blocks;
    this.finder = finder;
    this.slots = slots;
  }

  /** Ends it. The caller is the only one who acts for the lane. */
  public void recover(int lane) {
    OperationRecord record = new OperationRecord(tables, lane);
    long word = record.word();
    int operation = OperationRecord.operation(word);
    if (operation == OperationRecord.NONE) {
      return;
    }
    if (slots.isPossible(record.destination()) && isInChunks(record.block())) {
      switch (operation) {
        case OperationRecord.ALLOCATE -> recoverAllocate(lane, record);
        case OperationRecord.FREE -> recoverFree(lane, record);
        case OperationRecord.FREE_OWN -> recoverFreeOwn(lane, record, word);
        case OperationRecord.MOVE -> recoverMove(lane, record);
        default -> {
          // There is no such operation.
        }
      }
    }
    record.end(word);
  }

  private boolean isInChunks(long block) {
    return block >= geometry.chunks()
        && block < geometry.chunkOffset(tables.frontier())
        && (block & SizeClasses.GRANULE - 1) == 0;
  }

  private void recoverAllocate(int lane, OperationRecord record) {
    long fresh = arriving(lane, record);
    if (hasArrived(record, fresh)) {
      settle(record.destination(), fresh);
    } else {
      undoAllocate(lane, record);
    }
  }

  private static long arriving(int lane, OperationRecord record) {
    return Reference.fresh(record.block(), lane, OperationRecord.sequence(record.word()));
  }

  /** Whether the reference has got to its destination; if not, it never will. */
  private boolean hasArrived(OperationRecord record, long fresh) {
    while (true) {
      long word = record.word();
      if (OperationRecord.state(word) != OperationRecord.PREPARED) {
        return OperationRecord.state(word) != OperationRecord.ABORTING;
      }
      boolean there = slots.holds(record.destination(), fresh);
      record.change(word, there ? OperationRecord.HELPED : OperationRecord.ABORTING);
    }
  }

  private void undoAllocate(int lane, OperationRecord record) {
    long chunk = record.source();
    if (chunk < 0 || chunk >= tables.frontier()) {
      return;
    }
    long owner = tables.owner(chunk);
    if (OwnerWord.generation(owner) != OwnerWord.generation(record.blockOwner())) {
      return;
    }
    if (isOf(lane, owner)) {
      int index = indexOf(record, chunk, owner);
      if (index >= 0) {
        clearLocal(chunk, index);
      }
    } else if (OwnerWord.state(owner) == OwnerWord.LARGE
        && record.block() == geometry.chunkOffset(chunk)) {
      release(lane, chunk, owner);
    }
  }

  private void release(int lane, long chunk, long owner) {
    if (chunk + OwnerWord.aux(owner) <= tables.frontier()) {
      blocks.pool().release(lane, chunk, owner, OwnerWord.aux(owner));
    }
  }

  /** The index of the block within a slab; -1 if there is none. */
  private int indexOf(OperationRecord record, long chunk, long owner) {
    int sizeClass = OwnerWord.sizeClass(owner);
    long distance = record.block() - geometry.chunkOffset(chunk);
    return sizeClass < SizeClasses.COUNT && distance >= 0
        ? SizeClasses.index(distance, sizeClass)
        : -1;
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
    long stamp = ManagedReferences.stamp(lane, sequence);
    if (OperationRecord.state(word) == OperationRecord.PREPARED) {
      if (heap.getLongAcquire(slot) != mark) {
        return;
      }
      helpPrevious(record, slot);
      if (locate(record)) {
        heap.putLongRelease(record.block(), stamp);
        word = OperationRecord.become(word, OperationRecord.STAMPED);
        record.set(word);
      }
    }
    if (OperationRecord.state(word) == OperationRecord.STAMPED) {
      freeStamped(lane, record, stamp);
      record.set(OperationRecord.become(word, OperationRecord.IDLE));
    }
    heap.compareAndSetLong(slot, mark, 0);
  }

  /** Only the lane clears bits of its own slab, and it does so once, while its mark stands. */
  private void recoverFreeOwn(int lane, OperationRecord record, long word) {
    long slot = record.destination();
    long mark = Reference.mark(lane, OperationRecord.sequence(word));
    if (heap.getLongAcquire(slot) != mark) {
      return;
    }
    helpPrevious(record, slot);
    if (locate(record)) {
      long chunk = record.source();
      long owner = record.blockOwner();
      int index = isOf(lane, owner) ? indexOf(record, chunk, owner) : -1;
      if (index >= 0) {
        clearLocal(chunk, index);
      }
    }
    heap.compareAndSetLong(slot, mark, 0);
  }

  /** What was taken out of a slot counts as having got there. */
  private void helpPrevious(OperationRecord record, long slot) {
    long previous = record.previous();
    if (Reference.isFresh(previous)) {
      slots.help(slot, previous);
    }
  }

  /** Says in the record where the block lies; false if there is none. */
  private boolean locate(OperationRecord record) {
    try {
      long chunk = finder.firstChunkOf(record.block());
      if (chunk < 0) {
        return false;
      }
      record.locate(chunk, tables.owner(chunk));
      return true;
    } catch (InvalidFreeException noBlock) {
      return false;
    }
  }

  private void freeStamped(int lane, OperationRecord record, long stamp) {
    long chunk = record.source();
    if (chunk < 0 || chunk >= tables.frontier()) {
      return;
    }
    long then = record.blockOwner();
    long now = tables.owner(chunk);
    boolean same = isSame(then, now);
    if (OwnerWord.state(then) == OwnerWord.LARGE) {
      if (same
          && OwnerWord.state(now) == OwnerWord.LARGE
          && record.block() == geometry.chunkOffset(chunk)
          && heap.getLongAcquire(record.block()) == stamp) {
        release(lane, chunk, now);
      }
      return;
    }
    int index = indexOf(record, chunk, then);
    if (index < 0 || !same) {
      return;
    }
    if (isOf(lane, then)) {
      if (isOf(lane, now)) {
        clearLocal(chunk, index);
      }
      return;
    }
    long bit = 1L << index;
    if ((heap.getLongAcquire(tables.remote(chunk, index >>> 6)) & bit) == 0
        && (heap.getLongAcquire(tables.local(chunk, index >>> 6)) & bit) != 0
        && heap.getLongAcquire(record.block()) == stamp
        && isSame(then, tables.owner(chunk))) {
      blocks.freeRemotely(lane, chunk, index);
    }
  }

  /** A slab of another class is another one, though its generation may have come round. */
  private static boolean isSame(long then, long now) {
    return OwnerWord.generation(then) == OwnerWord.generation(now)
        && OwnerWord.sizeClass(then) == OwnerWord.sizeClass(now);
  }

  private void recoverMove(int lane, OperationRecord record) {
    long source = record.source();
    long mark = Reference.mark(lane, OperationRecord.sequence(record.word()));
    if (!slots.isPossible(source) || heap.getLongAcquire(source) != mark) {
      settle(record.destination(), arriving(lane, record));
      return;
    }
    helpPrevious(record, source);
    long moved = arriving(lane, record);
    if (hasArrived(record, moved)) {
      settle(record.destination(), moved);
      heap.compareAndSetLong(source, mark, 0);
    } else {
      heap.compareAndSetLong(source, mark, Reference.clean(record.previous()));
    }
  }

  private void settle(long slot, long fresh) {
    heap.compareAndSetLong(slot, fresh, Reference.clean(fresh));
  }
}
