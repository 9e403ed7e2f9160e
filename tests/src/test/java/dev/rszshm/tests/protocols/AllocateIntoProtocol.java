package dev.rszshm.tests.protocols;

import dev.rszshm.heap.spi.Memory;
import java.util.Set;
import java.util.function.LongConsumer;

/*
 * Allocating a block and putting its reference into a slot, exactly once, while others may take it
 * out of the slot at once, keep it, and free it; freeing from the slot, by the lane whose block it is; and settling
 * the slot, by a structure that takes the reference out by a store of its own.
 *
 * Layout
 * ------
 * slot     0; or a reference {BLOCK | sequence | fresh}, where fresh says that the lane that allocated it may have
 *          died before it knew that its reference has got there; or the mark of a taker, or of the lane
 * record   what the lane is doing: {sequence | state}
 * taken    of each taker, what it has put its mark in the place of; 0: it takes nothing
 * kept     what the structure has taken out, and keeps
 * lock     of the structure: 1 if somebody has it
 * bits     a bit for each block in use. Here one word is changed atomically by all; in the allocator
 *          it is a local and a remote word, whose protocol is that of FreeFromProtocol
 *
 * The states of a record are PREPARED, HELPED, DONE, ABORTING, ABORTED and FREEING. Here is one block. The sequence
 * in a slot has two bits, so that it comes round at every fourth operation: nothing may depend on it.
 *
 * Protocol
 * --------
 * allocate into a slot:
 *  1 record := {sequence, PREPARED}
 *  2 set the block's bit
 *  3 slot: 0 to fresh reference, by compare-and-set. Failed: clear the bit, record := ABORTED
 *  4 record := {sequence, DONE}. The reference stays fresh: that costs whoever takes it a look at the record
 * free from the slot, by the lane itself:
 *  1 record := {sequence, FREEING}
 *  2 slot: what it holds to the lane's mark, by compare-and-set. Failed: record := DONE, nothing has happened
 *  3 clear the bit. It asks no record: its own says what it does now
 *  4 slot := 0; record := DONE
 * take (anybody else):
 *  1 read the slot; taken := what is there
 *  2 slot: that to mark, by compare-and-set; failed: from the beginning
 *  3 if the reference was fresh, read the record of its lane: PREPARED: make that HELPED by compare-and-set,
 *    so that the operation counts as done whatever happens to its process. Failed: it knows
 *  4 slot := 0
 *  5 free the block, now or later: whoever moves a reference keeps the block, and has left the slot
 * settle, and take (a structure, in its lock; nobody else empties the slot then):
 *  1 read the slot; 2 if the reference is fresh, read the record of its lane: PREPARED: make that HELPED, as a taker does;
 *  3 slot: fresh to clean, by compare-and-set. Now it is settled, and may stay so;
 *  4 kept := it; slot := 0
 *
 * If the lane's process dies here
 * -------------------------------
 * The recoverer reads the record of the dead lane. After
 *  1, 2 PREPARED, and the slot does not hold the fresh reference, nor the mark of a taker that has taken it: it
 *    makes the record ABORTING by compare-and-set, clears the bit, and makes it ABORTED. If the compare-and-set
 *    fails, somebody has helped: the reference had got into the slot, and was taken out before we looked.
 *  3 PREPARED, and the slot holds the fresh reference, or the mark of who has taken it: it makes the record
 *    HELPED, and the slot clean.
 *  4 DONE or HELPED: there is nothing to do.
 *  A recoverer that dies after ABORTING is followed by one that clears the bit again, which nobody
 *  else can have set: the lane is dead.
 *  FREEING: if the slot holds the lane's mark, it does 3 and 4, which may have been done. If not, nothing
 *    has happened, or all but the end.
 *  A taker that dies owns a block: see FreeFromProtocol. A structure that dies has a record of its own of 4.
 */
final class AllocateIntoProtocol {
  /** What makes it right. */
  enum Guard {
    /** A taker marks the record before it frees what was fresh. */
    HELP,
    /** A taker has its mark in the slot before it asks for the record. */
    TAKE_BEFORE_HELP,
    /** The recoverer looks whether a taker that has not helped yet has the reference. */
    TAKERS_KNOWN,
    /** The recoverer aborts by compare-and-set. */
    ABORT_BY_COMPARE_AND_SET,
    /** The lane says that it frees before its mark is in the slot. */
    RECORD_BEFORE_MARK,
    /** The recoverer frees only what the lane's mark stands for. */
    MARK_LOOKED_AT,
    /** Whoever settles a slot helps. */
    SETTLE_HELPS,
    /** And does so before the reference is clean. */
    SETTLE_HELPS_FIRST,
    /** And is the only one who may empty the slot meanwhile. */
    SETTLE_ALONE
  }

  /** Number of words it needs. */
  static final int WORDS = 3 + 2 + 2;

  private static final long BLOCK = 1;
  private static final long CLEAN = 0x40L << 20;
  private static final long FRESH = 1;
  private static final long MARK = 0x80L << 20;
  private static final int SLOT_SEQUENCE_SHIFT = 1;
  private static final long SEQUENCE_MASK = 3;

  private static final int RECORD_SEQUENCE_SHIFT = 3;
  private static final long STATE_MASK = 7;
  private static final long DONE = 0;
  private static final long PREPARED = 1;
  private static final long HELPED = 2;
  private static final long ABORTING = 3;
  private static final long ABORTED = 4;
  private static final long FREEING = 5;

  /** The mark of the lane itself. */
  private static final long OWN = MARK | 2;

  private final Memory memory;
  private final Set<Guard> guards;
  private final long slot;
  private final long record;
  private final long bits;
  private final long taken;
  private final long kept;
  private final long lock;

  /**
   * Takes part in the protocol as one process.
   *
   * @param words the address of {@link #WORDS} words
   */
  AllocateIntoProtocol(Memory memory, long words, Set<Guard> guards) {
    this.memory = memory;
    this.guards = guards;
    this.slot = words;
    this.record = words + 8;
    this.bits = words + 16;
    this.taken = words + 24;
    this.kept = words + 40;
    this.lock = words + 48;
  }

  private static long record(long sequence, long state) {
    return sequence << RECORD_SEQUENCE_SHIFT | state;
  }

  private long freshReference(long sequence) {
    return CLEAN | (sequence & SEQUENCE_MASK) << SLOT_SEQUENCE_SHIFT | FRESH;
  }

  /**
   * Allocates the block into the slot.
   *
   * @return false if the block is in use or the slot is full
   */
  boolean allocateInto(long sequence) {
    if ((memory.getLongAcquire(bits) & BLOCK) != 0 || memory.getLongAcquire(slot) != 0) {
      return false;
    }
    long fresh = freshReference(sequence);
    memory.putLongRelease(record, record(sequence, PREPARED));
    memory.getAndBitwiseOrLong(bits, BLOCK);
    if (!memory.compareAndSetLong(slot, 0, fresh)) {
      memory.getAndBitwiseAndLong(bits, ~BLOCK);
      memory.putLongRelease(record, record(sequence, ABORTED));
      return false;
    }
    memory.putLongRelease(record, record(sequence, DONE));
    return true;
  }

  /**
   * Frees what the slot refers to, in the lane that allocates.
   *
   * @return false if the slot is empty, or somebody is taking what is there
   */
  boolean freeOwn(long sequence) {
    long found = memory.getLongAcquire(slot);
    if (found == 0 || (found & MARK) != 0) {
      return false;
    }
    boolean early = guards.contains(Guard.RECORD_BEFORE_MARK);
    if (early) {
      memory.putLongRelease(record, record(sequence, FREEING));
    }
    boolean marked = memory.compareAndSetLong(slot, found, OWN);
    if (!early) {
      memory.putLongRelease(record, record(sequence, FREEING));
    }
    if (marked) {
      clearBit();
      memory.putLongRelease(slot, 0);
    }
    memory.putLongRelease(record, record(sequence, DONE));
    return marked;
  }

  private void clearBit() {
    if ((memory.getAndBitwiseAndLong(bits, ~BLOCK) & BLOCK) == 0) {
      throw new AssertionError("double free");
    }
  }

  /**
   * Takes what the slot refers to, and frees it.
   *
   * @param taker 0 or 1
   * @return false if the slot is empty, or somebody is taking what is there
   */
  boolean takeAndFree(int taker) {
    long found = memory.getLongAcquire(slot);
    if (found == 0 || (found & MARK) != 0) {
      return false;
    }
    long own = taken + 8L * taker;
    memory.putLongRelease(own, found);
    if (!guards.contains(Guard.TAKE_BEFORE_HELP) && !askAndHelp(found)) {
      return true;
    }
    if (memory.compareAndSetLong(slot, found, MARK | taker)) {
      if (guards.contains(Guard.TAKE_BEFORE_HELP)) {
        askAndHelp(found);
      }
      memory.putLongRelease(slot, 0);
      clearBit();
    }
    return true;
  }

  /** Makes sure that the operation that stored a fresh reference counts as done. */
  private boolean askAndHelp(long found) {
    if ((found & FRESH) == 0 || !guards.contains(Guard.HELP)) {
      return true;
    }
    long seen = memory.getLongAcquire(record);
    if (!guards.contains(Guard.TAKE_BEFORE_HELP) && memory.getLongAcquire(slot) != found) {
      return false;
    }
    long sequence = seen >>> RECORD_SEQUENCE_SHIFT;
    if (freshReference(sequence) != found) {
      return false;
    }
    long state = seen & STATE_MASK;
    if (state == PREPARED) {
      return memory.compareAndSetLong(record, seen, record(sequence, HELPED));
    }
    return state == HELPED || state == DONE || state == FREEING;
  }

  /**
   * Settles the slot in the lock of the structure, and takes what it refers to.
   *
   * @param keeps whether it keeps the block; otherwise it frees it
   * @return false if the slot is empty, or somebody has the lock
   */
  boolean settleAndTake(boolean keeps) {
    return inLock(
        found -> {
          long settled = settle(found);
          if (keeps) {
            memory.putLongRelease(kept, settled);
          }
          memory.putLongRelease(slot, 0);
          if (!keeps) {
            clearBit();
          }
        });
  }

  /** Settles the slot in the lock of the structure, and leaves it so. */
  boolean settleOnly() {
    return inLock(this::settle);
  }

  private boolean inLock(LongConsumer change) {
    boolean alone = guards.contains(Guard.SETTLE_ALONE);
    if (alone && !memory.compareAndSetLong(lock, 0, 1)) {
      return false;
    }
    long found = memory.getLongAcquire(slot);
    boolean there = found != 0 && (found & MARK) == 0;
    if (there) {
      change.accept(found);
    }
    if (alone) {
      memory.putLongRelease(lock, 0);
    }
    return there;
  }

  private long settle(long found) {
    if ((found & FRESH) == 0) {
      return found;
    }
    boolean first = guards.contains(Guard.SETTLE_HELPS_FIRST);
    if (first && guards.contains(Guard.SETTLE_HELPS)) {
      askAndHelp(found);
    }
    memory.compareAndSetLong(slot, found, found & ~FRESH);
    if (!first) {
      askAndHelp(found);
    }
    return found & ~FRESH;
  }

  /** Whether the slot holds a reference, or somebody has it in hand who has not freed it yet. */
  private boolean holds(long fresh) {
    long found = memory.getLongAcquire(slot);
    if ((found & MARK) == 0 || !guards.contains(Guard.TAKERS_KNOWN)) {
      return found == fresh;
    }
    return found != OWN
        && memory.getLongAcquire(taken + 8 * (found & 1)) == fresh
        && memory.getLongAcquire(slot) == found;
  }

  /** Ends what a dead allocating process has begun. */
  void recover() {
    while (true) {
      long seen = memory.getLongAcquire(record);
      long sequence = seen >>> RECORD_SEQUENCE_SHIFT;
      long fresh = freshReference(sequence);
      switch ((int) (seen & STATE_MASK)) {
        case (int) PREPARED -> {
          if (holds(fresh)) {
            memory.compareAndSetLong(record, seen, record(sequence, HELPED));
            memory.compareAndSetLong(slot, fresh, fresh & ~FRESH);
            return;
          }
          if (!guards.contains(Guard.ABORT_BY_COMPARE_AND_SET)
              || memory.compareAndSetLong(record, seen, record(sequence, ABORTING))) {
            abort(sequence);
            return;
          }
        }
        case (int) ABORTING -> {
          abort(sequence);
          return;
        }
        case (int) ABORTED -> {
          return;
        }
        case (int) FREEING -> {
          if (memory.getLongAcquire(slot) == OWN || !guards.contains(Guard.MARK_LOOKED_AT)) {
            memory.getAndBitwiseAndLong(bits, ~BLOCK);
            memory.compareAndSetLong(slot, OWN, 0);
          }
          memory.putLongRelease(record, record(sequence, DONE));
          return;
        }
        default -> {
          return;
        }
      }
    }
  }

  private void abort(long sequence) {
    memory.getAndBitwiseAndLong(bits, ~BLOCK);
    memory.putLongRelease(record, record(sequence, ABORTED));
  }

  /** Whether the lane does nothing. */
  boolean isIdle() {
    long state = memory.getLongAcquire(record) & STATE_MASK;
    return state == DONE || state == ABORTED;
  }

  /** The sequence of the lane's last operation. */
  long lastSequence() {
    return memory.getLongAcquire(record) >>> RECORD_SEQUENCE_SHIFT;
  }

  /** Throws if slot and bit do not agree: a block was lost, or freed while referred to. */
  void check() {
    long left = memory.getLong(slot);
    boolean inUse = (memory.getLong(bits) & BLOCK) != 0;
    boolean isKept = memory.getLong(kept) != 0;
    if (isKept && !inUse) {
      throw new AssertionError("the structure keeps a block that is free");
    }
    if (isKept && left != 0) {
      throw new AssertionError("the block has two owners");
    }
    if (left == 0 && inUse && !isKept) {
      throw new AssertionError("the block is in use, and nobody refers to it");
    }
    if (left != 0 && !inUse) {
      throw new AssertionError("the slot refers to a block that is free");
    }
    if ((left & MARK) != 0) {
      throw new AssertionError("a mark is left in the slot");
    }
  }
}
