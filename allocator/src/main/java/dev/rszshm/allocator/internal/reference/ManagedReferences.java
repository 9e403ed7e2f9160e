package dev.rszshm.allocator.internal.reference;

import dev.rszshm.allocator.errors.InvalidFreeException;
import dev.rszshm.allocator.errors.NotASlotException;
import dev.rszshm.allocator.internal.lane.BlockFinder;
import dev.rszshm.allocator.internal.lane.Blocks;
import dev.rszshm.allocator.internal.lane.Lane;
import dev.rszshm.allocator.internal.lane.OperationRecord;
import dev.rszshm.allocator.internal.lane.ReadyBlocks;
import dev.rszshm.allocator.internal.table.SizeClasses;
import dev.rszshm.allocator.internal.table.Tables;
import dev.rszshm.heap.Heap;
import dev.rszshm.heap.internal.raw.RawAccess;
import dev.rszshm.heap.spi.Memory;
import java.util.function.IntPredicate;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

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
 *  4 record := NONE: from now on the slot is no business of the lane's, and may become something else. The
 *    reference stays fresh: to make it clean would cost a compare-and-set, and whoever takes it is as well off with a look.
 * free from a slot a block of a slab of the lane's own:
 *  1 read the slot. Record := slot, block and what the slot holds, PREPARED;
 *  2 slot: reference to mark, by compare-and-set. Failed: record := NONE, from the beginning;
 *  3 help, if the reference was fresh and another lane's. The lane's own record is that of this operation, so the one
 *    that put its reference in has ended. Now the block is the lane's alone;
 *  4 clear its bit, which nobody else does;
 *  5 slot: mark to 0; record := NONE.
 * free from a slot any other block:
 *  1 read the slot. Record := slot, block and what the slot holds, PREPARED;
 *  2 slot: reference to mark, by compare-and-set. Failed: record := NONE, from the beginning;
 *  3 help, if the reference was fresh. Now the block is the lane's alone;
 *  4 read its chunk's owner word. Record := chunk and owner word; stamp the block: its first word := who frees it;
 *  5 record := STAMPED;
 *  6 free the block;
 *  7 record := IDLE;
 *  8 slot: mark to 0; record := NONE.
 * move:
 *  1 read the slot. Record := both slots and what the source holds, PREPARED;
 *  2 source: reference to mark, by compare-and-set. Failed: record := NONE, from the beginning;
 *  3 help, if the reference was fresh;
 *  4 destination: 0 to fresh reference, by compare-and-set. Failed: source: mark to reference, record := NONE;
 *  5 record := IDLE;
 *  6 destination: fresh to clean; source: mark to 0; record := NONE.
 * help (whoever has put its mark in the place of a fresh reference): read the record of the reference's lane.
 *  If it is PREPARED and puts this block into this slot: to HELPED by compare-and-set, so that the operation
 *  counts as done, whatever happens to its process. Otherwise it knows already.
 * Whoever takes a reference out of a slot in another way, with a store of its own, settles the slot first (SlotSettling).
 * get: a slot with a mark is read together with the record of the mark's lane. A block that is freed is in the slot no
 *  more. One that is moved is in the source until its reference is in the destination, or in the hand of somebody
 *  who has taken it from there. That holds for marks of the dead as well, so that get changes nothing.
 * Whoever wants to change a slot, and finds a mark of the dead in it, recovers that lane first.
 * NONE is IDLE without an operation. While the next one is described, the fields are of two operations, and
 * slots that were used once may be anything by now: whoever finds NONE looks at neither.
 *
 * Nothing here depends on how long the sequence in a slot is, which comes round soon while somebody is stopped
 * between two steps. What is taken is taken before it is asked about: the mark is in first, and only then are the
 * record of the maker and the owner word read. As long as the mark is there, the maker cannot begin
 * another operation on that slot. So a slot that holds the same word again is as good as one that has not changed.
 * And a mark stands only as long as its operation goes on: a mark that is there between two reads of the
 * record, which say the same operation (of 56 bits), is that operation's.
 *
 * If a process dies here
 * ----------------------
 * The recoverer (Recovery, ReferenceRecovery) reads the record. It is the only one who acts for the dead lane, and may
 * die as well: each step can be done again. At the end, record := NONE.
 * free or move, IDLE: the last steps, which do nothing where they were done.
 * allocate, PREPARED: the reference has arrived if the slot holds it, or the mark of a taker whose record says
 *  that it has taken it: takers that have not come to 3 yet are known by that. Then record := HELPED, slot := clean. If
 *  not, record := ABORTING by compare-and-set (failed: somebody has helped, read again), free the block, record :=
 *  IDLE. The block's slab is still the lane's own, which gives up no full slab while it fills a block.
 * free of an own block, PREPARED: if the slot holds the mark, 3 to 5, which may have been done: the bit is cleared if
 *  the slab is the dead lane's, which has not allocated since. If it is not, the lane has given it back, since this was
 *  its last block. If the slot does not hold the mark, nothing has happened, or all but the end.
 * free of another, PREPARED: if the slot holds the mark, 3 and so on; if not, nothing has happened.
 * free of another, STAMPED: a run is freed if it is one of the same generation, and has the stamp: who allocates one sets
 *  its first word to zero before it is LARGE. If the slab was the dead lane's when the operation began, clear the bit, which nobody else
 *  does. If it was not (even if it is now, since its last block was freed): the
 *  block has not been freed exactly if, read in this order, its remote bit is clear, its local bit is set, the
 *  stamp is there and the slab is of the same generation and class; then set the remote bit. For whoever allocates the
 *  block again sets its first word to zero before the bit, and whoever collects clears the local bit first.
 *  A run: if it is the same and has the stamp; whoever allocates one sets its first word to zero as well.
 * move, PREPARED: if the source does not hold the mark, nothing has happened. If it does, help; if the
 *  reference has arrived in the destination, as above, it is done; if not, record := ABORTING, source := what it held.
 *
 * Whatever is thrown
 * ------------------
 * An operation that is cut short by a throwable leaves what a death would leave, and its lane is recovered
 * like one of the dead, by this process (Lanes). Nothing is put in order on the way out but what the caller's code
 * has thrown, and blocks that turn out to be none.
 *
 * Detectable compare-and-set: Memento. Allocating into a slot: PMDK. The stamp rule is new here.
 */
public final class ManagedReferences {
  private static final long STAMP = 0x5a4dL << 48;

  /** Fills nothing. */
  public static final LongConsumer NOTHING = block -> {};

  /** There is no room unless the heap grows. */
  public static final long NO_ROOM = -1;

  private final Tables tables;
  private final Heap heap;
  private final Memory memory;
  private final long base;
  private final Blocks blocks;
  private final BlockFinder finder;
  private final Slots slots;
  private final IntPredicate recoverLane;

  /**
   * References in a heap.
   *
   * @param recoverLane recovers a lane if it is that of the dead; whether it was
   */
  public ManagedReferences(
      Tables tables, Blocks blocks, BlockFinder finder, Slots slots, IntPredicate recoverLane) {
    this.tables = tables;
    this.heap = tables.heap;
    this.memory = RawAccess.of(heap, ManagedReferences.class);
    this.base = heap.base();
    this.blocks = blocks;
    this.finder = finder;
    this.slots = slots;
    this.recoverLane = recoverLane;
  }

  /**
   * Allocates into a slot. The caller has looked whether there can be one, and whether the heap is
   * open.
   *
   * @param zeros bytes that are set to zero, before the filler is called
   * @param mayGrow whether the heap grows if there is no room
   * @return the block; 0 if the slot was not empty; {@link #NO_ROOM} if there is no room, and the
   *     heap may not grow
   */
  public long allocateInto(
      Lane lane, long slot, long size, long zeros, LongConsumer filler, boolean mayGrow) {
    lane.requireNoOperation();
    if (memory.getLongAcquire(RawAccess.ofWord(base + slot)) != 0 && isTaken(slot)) {
      return 0;
    }
    if (SizeClasses.isSmall(size)) {
      ReadyBlocks ready = lane.readyFor((int) size);
      if (!ready.isEmpty()) {
        return allocateReadyInto(lane, slot, ready, zeros, filler);
      }
    }
    int sizeClass = SizeClasses.of(size);
    if (sizeClass == SizeClasses.NONE) {
      return allocateRunInto(lane, slot, size, zeros, filler, mayGrow);
    }
    ReadyBlocks ready = lane.ready(sizeClass);
    if (ready.isEmpty() && !blocks.makeReady(lane, sizeClass, size, mayGrow)) {
      return NO_ROOM;
    }
    heap.requireWritable();
    return allocateReadyInto(lane, slot, ready, zeros, filler);
  }

  /** Allocates one of the blocks that are ready, of a heap that is open. */
  private long allocateReadyInto(
      Lane lane, long slot, ReadyBlocks ready, long zeros, LongConsumer filler) {
    long block = ready.next();
    long word = lane.record.prepareAllocate(slot, ready.chunk(), block, ready.owner());
    lane.take(memory, ready);
    blocks.zeroAfterLook(block, zeros);
    if (filler != NOTHING) {
      fill(lane, block, word, filler);
      return install(lane, slot, block, word);
    }
    long reference = Reference.fresh(block, lane.number, OperationRecord.sequence(word));
    if (memory.compareAndSetLong(RawAccess.ofWord(base + slot), 0, reference)) {
      lane.record.endAfterLook(word);
      return block;
    }
    return giveUp(lane, block, word);
  }

  private long allocateRunInto(
      Lane lane, long slot, long size, long zeros, LongConsumer filler, boolean mayGrow) {
    Blocks.Run run = blocks.chooseRun(lane, size, mayGrow);
    if (run == null) {
      return NO_ROOM;
    }
    long first = run.chunk();
    long block = run.block();
    long owner = tables.owner(first);
    long word = lane.record.prepare(OperationRecord.ALLOCATE, slot, first, block, owner, 0);
    blocks.allocate(lane, run);
    blocks.zero(block, zeros);
    if (filler != NOTHING) {
      fill(lane, block, word, filler);
    }
    return install(lane, slot, block, word);
  }

  /** Steps 3 and 4 of allocating. */
  private long install(Lane lane, long slot, long block, long word) {
    OperationRecord record = lane.record;
    long reference = Reference.fresh(block, lane.number, OperationRecord.sequence(word));
    if (heap.compareAndSetLong(slot, 0, reference)) {
      record.endAfterLook(word);
      return block;
    }
    return giveUp(lane, block, word);
  }

  /** Somebody has filled the slot meanwhile. */
  private long giveUp(Lane lane, long block, long word) {
    blocks.free(lane, block);
    lane.record.end(word);
    return 0;
  }

  /** Lets the caller's code fill a block. What it throws undoes the allocation. */
  private void fill(Lane lane, long block, long word, LongConsumer filler) {
    lane.beginOperation();
    boolean filled = false;
    boolean back = false;
    boolean mine = false;
    try {
      filler.accept(block);
      filled = true;
    } finally {
      try {
        mine = lane.endOperation();
        back = true;
      } finally {
        if (!back) { // without a call: the stack may have no room for one
          lane.operating = false;
          lane.entered |= lane.thread != null;
          lane.idle = null;
          lane.cutShort = true;
        }
      }
      if (!filled && mine && heap.isOpen()) { // closed: as if the process had died
        undo(lane, block, word);
      }
    }
    if (!mine) {
      throw lane.lostOperation();
    }
    try {
      finder.usableSize(block);
    } catch (InvalidFreeException freed) {
      lane.record.end(word);
      throw freed;
    }
  }

  private void undo(Lane lane, long block, long word) {
    try {
      blocks.free(lane, block);
    } catch (InvalidFreeException freed) {
      // The filler has freed it, and what it throws is more important.
    }
    lane.record.end(word);
    lane.done();
  }

  /** Whether a slot is not empty, marks of the dead aside. */
  private boolean isTaken(long slot) {
    while (true) {
      long word = heap.getLongAcquire(slot);
      if (word == 0) {
        return false;
      }
      if (!Reference.isMark(word)) {
        slots.block(slot, word);
        return true;
      }
      if (isOfTheLiving(slot, word)) {
        return true;
      }
    }
  }

  /** Whether a mark is to be left alone; false: read the slot again. */
  private boolean isOfTheLiving(long slot, long mark) {
    return slots.isStanding(slot, mark) && !recoverLane.test(Reference.lane(mark));
  }

  /** What a slot holds if it is a reference; 0 if it is empty or somebody is emptying it. */
  private long reference(long slot) {
    while (true) {
      long word = heap.getLongAcquire(slot);
      if (word == 0) {
        return 0;
      }
      if (!Reference.isMark(word)) {
        return word;
      }
      if (isOfTheLiving(slot, word)) {
        return 0;
      }
    }
  }

  /**
   * Frees the block a slot refers to, and empties the slot. The caller has looked whether there can
   * be one, and whether the heap is open.
   *
   * @param last gets the block when nobody else can reach it any more. If it throws, the reference
   *     is put back
   * @return whether there was one
   */
  public boolean freeFrom(Lane lane, long slot, LongConsumer last) {
    lane.requireNoOperation();
    OperationRecord record = lane.record;
    while (true) {
      long found = memory.getLongAcquire(RawAccess.ofWord(base + slot));
      long reference = Reference.isMark(found) ? reference(slot) : found;
      if (reference == 0) {
        return false;
      }
      long block = slots.block(slot, reference);
      if (last == NOTHING && lane.isNear(block)) {
        if (freeOwn(lane, slot, block, reference)) {
          return true;
        }
        continue;
      }
      long word = record.prepare(OperationRecord.FREE, slot, 0, block, 0, reference);
      long sequence = OperationRecord.sequence(word);
      long mark = Reference.mark(lane.number, sequence);
      if (!heap.compareAndSetLong(slot, reference, mark)) {
        record.end(word);
        continue;
      }
      help(lane, slot, reference);
      locate(lane, slot, block, word, mark, reference, last);
      heap.putLongRelease(block, stamp(lane.number, sequence)); // it may lie beyond what is mapped
      record.setAfterLook(OperationRecord.become(word, OperationRecord.STAMPED));
      @Nullable InvalidFreeException invalid = free(lane, block);
      record.set(OperationRecord.become(word, OperationRecord.IDLE));
      memory.putLongRelease(base + slot, 0); // nobody else changes a mark of a living lane
      record.endAfterLook(word);
      if (invalid != null) {
        throw invalid;
      }
      return true;
    }
  }

  /**
   * Frees a block of a slab at hand; false: the slot has changed, and nothing has happened. Whoever
   * calls this has just looked whether the heap is open.
   */
  private boolean freeOwn(Lane lane, long slot, long block, long reference) {
    OperationRecord record = lane.record;
    long word = record.prepareFreeOwn(slot, block, reference);
    long mark = Reference.mark(lane.number, OperationRecord.sequence(word));
    Memory words = memory;
    long at = RawAccess.ofWord(base + slot);
    if (!words.compareAndSetLong(at, reference, mark)) {
      record.endAfterLook(word);
      return false;
    }
    help(lane, slot, reference);
    if (lane.freeNear(words, block)) {
      words.putLongRelease(at, 0); // nobody else changes a mark of a living lane
      record.endAfterLook(word);
      return true;
    }
    @Nullable InvalidFreeException invalid = free(lane, block);
    heap.putLongRelease(slot, 0);
    record.end(word);
    if (invalid != null) {
      throw invalid;
    }
    return true;
  }

  /** What the lane itself has put into a slot is there: its record is of another operation now. */
  private void help(Lane lane, long slot, long reference) {
    if (Reference.isFresh(reference) && Reference.lane(reference) != lane.number) {
      slots.help(slot, reference);
    }
  }

  /**
   * Says in the record where a block lies that is about to be freed; puts it back if it is none.
   */
  private void locate(
      Lane lane, long slot, long block, long word, long mark, long reference, LongConsumer last) {
    try {
      if (last != NOTHING) {
        last.accept(block);
      }
      long first = finder.firstChunkOf(block);
      lane.record.locate(first, tables.owner(first));
    } catch (InvalidFreeException noBlock) {
      heap.compareAndSetLong(slot, mark, Reference.clean(reference));
      lane.record.end(word);
      throw noBlock;
    }
  }

  private @Nullable InvalidFreeException free(Lane lane, long block) {
    try {
      blocks.free(lane, block);
      return null;
    } catch (InvalidFreeException e) {
      return e;
    }
  }

  /**
   * Moves a reference from one slot to another.
   *
   * @return whether there was one, and the other was empty
   * @throws NotASlotException if one of them is no slot
   */
  public boolean move(Lane lane, long source, long destination) {
    lane.requireNoOperation();
    OperationRecord record = lane.record;
    while (true) {
      long reference = reference(source);
      long block = reference == 0 ? 0 : slots.block(source, reference);
      if (isTaken(destination) || block == 0) {
        return false;
      }
      long word = record.prepare(OperationRecord.MOVE, destination, source, block, 0, reference);
      long sequence = OperationRecord.sequence(word);
      long mark = Reference.mark(lane.number, sequence);
      if (!heap.compareAndSetLong(source, reference, mark)) {
        record.end(word);
        continue;
      }
      help(lane, source, reference);
      long moved = Reference.fresh(block, lane.number, sequence);
      boolean installed = heap.compareAndSetLong(destination, 0, moved);
      if (!installed) {
        heap.compareAndSetLong(source, mark, Reference.clean(reference));
      } else {
        record.setAfterLook(OperationRecord.become(word, OperationRecord.IDLE));
        memory.compareAndSetLong(base + destination, moved, Reference.clean(moved));
        memory.compareAndSetLong(base + source, mark, 0);
      }
      record.endAfterLook(word);
      return installed;
    }
  }

  /** Only a dead lane's stamp is asked for, and whoever allocates a block again clears it. */
  public static long stamp(int lane, long sequence) {
    return STAMP | (long) lane << 36 | (sequence & 0xf_ffff_ffffL);
  }
}
