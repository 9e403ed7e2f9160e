package dev.rszshm.allocator.internal.reference;

import dev.rszshm.allocator.errors.NotASlotException;
import dev.rszshm.allocator.internal.lane.OperationRecord;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import java.util.Locale;

/** Reads slots: what they refer to, and what it means that somebody is changing one. */
public final class Slots {
  private final Tables tables;
  private final Heap heap;
  private final long firstBlock;
  private final long endOfBlocks;

  public Slots(Tables tables) {
    this.tables = tables;
    this.heap = tables.heap;
    this.firstBlock = tables.geometry.chunks();
    this.endOfBlocks = tables.geometry.chunkOffset(tables.geometry.chunkCount());
  }

  /**
   * The block a slot refers to; 0 if there is none. The record of who empties it decides: a block
   * that is being freed is in the slot no more, one that is being moved is there until it is in the
   * other.
   */
  public long block(long slot) {
    while (true) {
      long word = heap.getLongAcquire(slot);
      if (word == 0) {
        return 0;
      }
      if (!Reference.isMark(word)) {
        return block(slot, word);
      }
      long block = marked(slot, word);
      if (block >= 0) {
        return block;
      }
    }
  }

  /**
   * The block of a reference that was found in a slot.
   *
   * @throws NotASlotException if it is none
   */
  long block(long slot, long word) {
    long block = Reference.block(word);
    if (block < firstBlock || block >= endOfBlocks || !isLane(Reference.lane(word))) {
      throw notASlot(slot, word);
    }
    return block;
  }

  private boolean isLane(int lane) {
    return lane >= 1 && lane <= tables.geometry.laneCount();
  }

  private NotASlotException notASlot(long slot, long word) {
    heap.requireOpen(); // or what was read is nothing
    return new NotASlotException(
        String.format(
            Locale.ROOT,
            "%s: offset %d is not a slot: it holds 0x%x, expected 0, a reference to a block, or"
                + " the mark of a thread that is emptying it. A slot is a word that was 0 before"
                + " the first allocateInto or move, and is written by these methods only; is"
                + " this the offset of a"
                + " block, or memory that was not set to zero?",
            heap.path(),
            slot,
            word));
  }

  /** The block that a slot with a mark still refers to, or 0; -1: read the slot again. */
  private long marked(long slot, long mark) {
    OperationRecord record = maker(slot, mark);
    long word = record.word();
    long block = 0;
    if (OperationRecord.operation(word) == OperationRecord.MOVE
        && record.source() == slot
        && !hasArrived(record, word, Reference.lane(mark))) {
      block = record.block();
    }
    boolean itsOwn = Reference.isOf(mark, OperationRecord.sequence(word));
    itsOwn &= record.emptied(word) == slot;
    if (heap.getLongAcquire(slot) != mark || record.word() != word) {
      return -1; // in this order, so that the mark is known to be that of this operation
    }
    if (!itsOwn || (block != 0 && (block < firstBlock || block >= endOfBlocks))) {
      throw notASlot(slot, mark);
    }
    return block;
  }

  /** Whether the reference that is being moved is known to be in the other slot, or to go there. */
  private boolean hasArrived(OperationRecord record, long word, int lane) {
    return switch (OperationRecord.state(word)) {
      case OperationRecord.PREPARED -> {
        long moved = Reference.fresh(record.block(), lane, OperationRecord.sequence(word));
        yield holds(record.destination(), moved);
      }
      case OperationRecord.ABORTING -> false;
      default -> true;
    };
  }

  private OperationRecord maker(long slot, long word) {
    int lane = Reference.lane(word);
    if (!isLane(lane)) {
      throw notASlot(slot, word);
    }
    return new OperationRecord(tables, lane);
  }

  /**
   * Whether a mark that was found in a slot still stands there.
   *
   * @throws NotASlotException if it is that of no operation
   */
  boolean isStanding(long slot, long mark) {
    return marked(slot, mark) >= 0;
  }

  /** Whether there can be a slot at an offset, as far as the offset says. */
  boolean isPossible(long slot) {
    return slot >= tables.geometry.roots()
        && (slot & Long.BYTES - 1) == 0
        && slot <= heap.length() - Long.BYTES;
  }

  /** Whether a slot holds a fresh reference, or the mark of somebody who has just taken it. */
  boolean holds(long slot, long fresh) {
    if (!isPossible(slot)) {
      return false;
    }
    while (true) {
      long found = heap.getLongAcquire(slot);
      if (found == fresh) {
        return true;
      }
      if (!Reference.isMark(found) || !isLane(Reference.lane(found))) {
        return false;
      }
      OperationRecord taker = new OperationRecord(tables, Reference.lane(found));
      long word = taker.word();
      boolean taken = taker.emptied(word) == slot && taker.previous() == fresh;
      taken &= Reference.isOf(found, OperationRecord.sequence(word));
      if (heap.getLongAcquire(slot) == found && OperationRecord.isSame(taker.word(), word)) {
        return taken;
      }
    }
  }

  /** Settles a slot, as SlotSettling says. */
  public long settle(long slot) {
    long word = heap.getLongAcquire(slot);
    if (word == 0 || Reference.isMark(word)) {
      return word;
    }
    block(slot, word); // throws if there is none
    if (!Reference.isFresh(word)) {
      return word;
    }
    help(slot, word);
    long clean = Reference.clean(word);
    long found = heap.compareAndExchangeLong(slot, word, clean);
    return found == word ? clean : found;
  }

  /**
   * Lets the operation count as done that has put a fresh reference into a slot. The caller has its
   * mark in that slot, in place of the reference, or is the only one who may put one there.
   */
  void help(long slot, long fresh) {
    OperationRecord record = maker(slot, fresh);
    long word = record.word();
    if (OperationRecord.state(word) == OperationRecord.PREPARED
        && Reference.isOf(fresh, OperationRecord.sequence(word))
        && record.destination() == slot
        && record.block() == Reference.block(fresh)) {
      record.change(word, OperationRecord.HELPED);
    }
  }
}
