package dev.rszshm.tests.protocols;

import dev.rszshm.heap.spi.Memory;
import java.util.Set;

/*
 * Freeing the block that a slot refers to, exactly once, by a lane that does not own the block's slab.
 *
 * Layout
 * ------
 * slot        the reference: an offset; a tombstone {lane, sequence} while the block is being freed; 0
 * record      what the freer's lane is doing: {generation of the slab, phase, FREE}, or 0 when done
 * remote      a bit for each block: freed by another lane, and not yet collected by the owner
 * local       a bit for each block: in use, as the owner sees it. Stored by the owner only
 * first word  of the block: its content while it is in use, the stamp {magic, lane, sequence} when dead
 * generation  of the slab: rises whenever the slab goes to another size class
 *
 * Here is one slab of one block, which the slot refers to.
 *
 * Protocol
 * --------
 * free from a slot (another lane):
 *  1 record := {generation, phase 0, FREE}
 *  2 slot: reference to tombstone, by compare-and-set; from here on the block is the freer's
 *  3 first word := stamp
 *  4 record := {generation, phase 1, FREE}
 *  5 set the bit in remote; if it is set already, this is a double free
 *  6 record := done
 *  7 slot := 0
 * collect (the owner): r = remote; first local := local without r; then clear those bits in remote.
 *   So remote is a part of local but for the time between, and doing it again does no harm.
 * allocate (the owner): a bit that is clear in local; first word := 0; only then set the bit.
 * recycle (the owner): when local is empty, generation + 1. What was a first word may then lie in
 *   the middle of a larger block, and is not zeroed when that is allocated.
 *
 * If a process dies here
 * ----------------------
 * The recoverer reads the record. After
 *  1 the slot is no tombstone: nothing has happened, and the record is done with.
 *  2, 3 phase 0: the bit has not been set. The recoverer stamps, stores phase 1, and goes on as after 4.
 *  4, 5 phase 1: was the bit set? It reads remote, then local, then the first word, then the generation.
 *    The block has not been freed exactly if remote is clear, local is set, the stamp is there and the
 *    generation is the same: a bit that was set stays so until it is collected, which clears local
 *    first; a block that was allocated again has lost its stamp before its bit in local was set; and
 *    where the stamp is content of another class, the generation is another one.
 *    Not freed: it frees the block.
 *  6 the record is done; the slot is still a tombstone, and becomes 0.
 * A recoverer that dies leaves one of these states, for the next one. The owner may go on all the time.
 */
final class FreeFromProtocol {
  /** What makes it right. */
  enum Guard {
    /** Collect clears local before remote. */
    LOCAL_BEFORE_REMOTE,
    /** The record tells whether the stamp is there. */
    PHASE,
    /** Allocate zeroes the first word before it sets the bit. */
    FIRST_WORD_ZEROED,
    /** The recoverer compares the generation. */
    GENERATION_COMPARED
  }

  /** Number of words it needs. */
  static final int WORDS = 7;

  /** Holders of the block, for the ghost word that says who may touch it. */
  static final long HELD_BY_SLOT = 0;

  static final long HELD_BY_FREER = 1;
  static final long HELD_BY_NOBODY = 2;
  static final long HELD_BY_OWNER = 3;

  private static final long BLOCK = 1;
  private static final long LANE_AND_SEQUENCE = 5L << 8 | 1 << 1;
  private static final long REFERENCE = 0x40L << 20;
  private static final long TOMBSTONE = -1L << 20 | LANE_AND_SEQUENCE;
  private static final long STAMP = 0x5ead_0b10_0000_0000L | LANE_AND_SEQUENCE;
  private static final long CONTENT = 0x77;

  private static final long RECORD_DONE = 0;
  private static final long RECORD_FREE = 1;
  private static final long RECORD_PHASE = 2;
  private static final int GENERATION_SHIFT = 8;

  private final Memory memory;
  private final Memory ghost;
  private final Set<Guard> guards;
  private final long slot;
  private final long record;
  private final long remote;
  private final long local;
  private final long firstWord;
  private final long generation;
  private final long holder;

  /**
   * Takes part in the protocol as one process.
   *
   * @param words the address of {@link #WORDS} words
   */
  FreeFromProtocol(Memory memory, Memory ghost, long words, Set<Guard> guards) {
    this.memory = memory;
    this.ghost = ghost;
    this.guards = guards;
    this.slot = words;
    this.record = words + 8;
    this.remote = words + 16;
    this.local = words + 24;
    this.firstWord = words + 32;
    this.generation = words + 40;
    this.holder = words + 48;
  }

  /** Makes the slot refer to the block, before all. */
  void setUp() {
    memory.putLong(slot, REFERENCE);
    memory.putLong(local, BLOCK);
    memory.putLong(firstWord, CONTENT);
  }

  /** Frees the block that the slot refers to. */
  void freeFrom() {
    long freeing = memory.getLongAcquire(generation) << GENERATION_SHIFT | RECORD_FREE;
    memory.putLongRelease(record, freeing);
    if (memory.compareAndSetLong(slot, REFERENCE, TOMBSTONE)) {
      ghost.putLong(holder, HELD_BY_FREER);
      memory.putLongRelease(firstWord, STAMP);
      if (guards.contains(Guard.PHASE)) {
        memory.putLongRelease(record, freeing | RECORD_PHASE);
      }
      freeRemotely();
      memory.putLongRelease(record, RECORD_DONE);
      memory.putLongRelease(slot, 0);
    } else {
      memory.putLongRelease(record, RECORD_DONE);
    }
  }

  private void freeRemotely() {
    if ((memory.getAndBitwiseOrLong(remote, BLOCK) & BLOCK) != 0
        || ghost.getLong(holder) != HELD_BY_FREER) {
      throw new AssertionError("double free");
    }
    ghost.putLong(holder, HELD_BY_NOBODY);
  }

  /** Ends what a dead freer has begun. */
  void recover() {
    long left = memory.getLongAcquire(record);
    if (left != RECORD_DONE) {
      if (memory.getLongAcquire(slot) == TOMBSTONE) {
        if (guards.contains(Guard.PHASE) && (left & RECORD_PHASE) == 0) {
          memory.putLongRelease(firstWord, STAMP);
          memory.putLongRelease(record, left | RECORD_PHASE);
        }
        if (isNotFreed(left >>> GENERATION_SHIFT)) {
          freeRemotely();
        }
      }
      memory.putLongRelease(record, RECORD_DONE);
    }
    memory.compareAndSetLong(slot, TOMBSTONE, 0);
  }

  private boolean isNotFreed(long freedGeneration) {
    return (memory.getLongAcquire(remote) & BLOCK) == 0
        && (memory.getLongAcquire(local) & BLOCK) != 0
        && memory.getLongAcquire(firstWord) == STAMP
        && (!guards.contains(Guard.GENERATION_COMPARED)
            || memory.getLongAcquire(generation) == freedGeneration);
  }

  /** Takes back what others have freed; for the owner, who passes what it knows of local. */
  long collect(long inUse) {
    long freed = memory.getLongAcquire(remote);
    if (freed == 0) {
      return inUse;
    }
    if (guards.contains(Guard.LOCAL_BEFORE_REMOTE)) {
      memory.putLongRelease(local, inUse & ~freed);
      memory.getAndBitwiseAndLong(remote, ~freed);
    } else {
      memory.getAndBitwiseAndLong(remote, ~freed);
      memory.putLongRelease(local, inUse & ~freed);
    }
    return inUse & ~freed;
  }

  /** Allocates the block; for the owner. */
  long allocate() {
    if (guards.contains(Guard.FIRST_WORD_ZEROED)) {
      memory.putLongRelease(firstWord, 0);
    }
    return setLocal();
  }

  /** Gives the slab to another class, and allocates a block with the first word in its middle. */
  long recycleAndAllocate() {
    memory.putLongRelease(generation, memory.getLong(generation) + 1);
    return setLocal();
  }

  private long setLocal() {
    memory.putLongRelease(local, BLOCK);
    if (ghost.getLong(holder) != HELD_BY_NOBODY) {
      throw new AssertionError("a block that is in use was allocated again");
    }
    ghost.putLong(holder, HELD_BY_OWNER);
    return BLOCK;
  }

  /** Frees the block in the simple way; for the owner, who has allocated it. */
  long free() {
    memory.putLongRelease(local, 0);
    ghost.putLong(holder, HELD_BY_NOBODY);
    return 0;
  }

  /** Throws if the block was lost, or if the slot lies. */
  void check() {
    long held = ghost.getLong(holder);
    if (held == HELD_BY_FREER) {
      throw new AssertionError("the block was taken out of the slot, and never freed");
    }
    if (memory.getLong(slot) == REFERENCE && held != HELD_BY_SLOT) {
      throw new AssertionError("the slot refers to a block that was freed");
    }
    if (memory.getLong(slot) == TOMBSTONE) {
      throw new AssertionError("the slot is a tombstone for ever");
    }
  }
}
