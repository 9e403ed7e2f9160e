package dev.rszshm.tests.protocols;

import dev.rszshm.heap.spi.Memory;
import java.util.Set;

/*
 * Giving up a full slab, and finding it again when others have freed blocks of it: no list, only the
 * slab's owner word and a hint that may be wrong.
 *
 * Layout
 * ------
 * owner   the truth about the slab: ACTIVE(lane), FULL, or PARTIAL
 * hint    a bit for each slab: it may be partial
 * local   a bit for each block: in use, as the owner sees it
 * remote  a bit for each block: freed by another lane, and not yet collected
 *
 * Here is one slab of two blocks, both in use. FULL with a bit in remote, and PARTIAL without the
 * hint, are the two states in which a slab with free blocks is found by nobody: they must not last.
 *
 * Protocol
 * --------
 * release: owner FULL to PARTIAL by compare-and-set; whoever succeeds sets the hint. State first,
 *   hint after: so a hint that is missing belongs to somebody who is about to set it.
 * detach (the owner): collect; if nothing was there,
 *  1 owner := FULL
 *  2 read remote again; a bit there: release. Either we see it, or the freer sees FULL.
 * free (another lane):
 *  1 set the bit in remote
 *  2 owner FULL: release
 * adopt: hint set and owner PARTIAL: make it ACTIVE(own) by compare-and-set, clear the hint, collect.
 *   Otherwise the hint is stale: clear it, read the owner again, and set the hint again if PARTIAL:
 *   between our look and our clearing somebody may have made it so, and set the hint that we clear.
 *
 * If a process dies here
 * ----------------------
 *  - as owner, anywhere: ACTIVE(dead) becomes PARTIAL, and the hint is set. A collect that was cut off
 *    is done again by the next owner, which does no harm.
 *  - at detach between 1 and 2, at free between 1 and 2: FULL with a bit in remote. The recovery scan
 *    releases it.
 *  - at release before the hint, at adopt after the hint was cleared: PARTIAL without hint. The scan
 *    sets it.
 * The scan reads the owner before remote and the hint: what changes behind its back is the doing of
 * the living, who look after it themselves.
 */
final class DetachProtocol {
  /** What makes it right. */
  enum Guard {
    /** Release changes the state first, and sets the hint after. */
    STATE_BEFORE_HINT,
    /** Detach reads remote again. */
    REMOTE_READ_AGAIN,
    /** Adopt reads the owner again when it has cleared a stale hint. */
    OWNER_READ_AGAIN,
    /** Recovery looks for what nobody would find. */
    SCAN
  }

  /** Number of words it needs. */
  static final int WORDS = 4;

  /** Both blocks. */
  static final long ALL = 3;

  private static final long FULL = 1;
  private static final long PARTIAL = 2;
  private static final long ACTIVE = 3;
  private static final int LANE_SHIFT = 8;
  private static final long HINT = 1;

  private final Memory memory;
  private final Set<Guard> guards;
  private final long owner;
  private final long hint;
  private final long local;
  private final long remote;

  /**
   * Takes part in the protocol as one process.
   *
   * @param words the address of {@link #WORDS} words
   */
  DetachProtocol(Memory memory, long words, Set<Guard> guards) {
    this.memory = memory;
    this.guards = guards;
    this.owner = words;
    this.hint = words + 8;
    this.local = words + 16;
    this.remote = words + 24;
  }

  private static long active(int lane) {
    return (long) lane << LANE_SHIFT | ACTIVE;
  }

  /** Makes a full slab of a lane, before all. */
  void setUp(int lane) {
    memory.putLong(owner, active(lane));
    memory.putLong(local, ALL);
  }

  /** Collects, or gives up the slab if there is nothing to collect; for its owner. */
  void collectOrDetach() {
    if (!collect()) {
      detach();
    }
  }

  private boolean collect() {
    long freed = memory.getLongAcquire(remote);
    if (freed == 0) {
      return false;
    }
    memory.putLongRelease(local, memory.getLong(local) & ~freed);
    memory.getAndBitwiseAndLong(remote, ~freed);
    return true;
  }

  /** Gives up the slab, all blocks of which are in use; for its owner. */
  void detach() {
    memory.putLongVolatile(owner, FULL);
    if (guards.contains(Guard.REMOTE_READ_AGAIN) && memory.getLongVolatile(remote) != 0) {
      release();
    }
  }

  private void release() {
    if (guards.contains(Guard.STATE_BEFORE_HINT)) {
      if (memory.compareAndSetLong(owner, FULL, PARTIAL)) {
        memory.getAndBitwiseOrLong(hint, HINT);
      }
    } else {
      memory.getAndBitwiseOrLong(hint, HINT);
      memory.compareAndSetLong(owner, FULL, PARTIAL);
    }
  }

  /** Frees a block, as a lane that does not own the slab. */
  void free(long block) {
    if ((memory.getAndBitwiseOrLong(remote, block) & block) != 0) {
      throw new AssertionError("double free");
    }
    if (memory.getLongVolatile(owner) == FULL) {
      release();
    }
  }

  /**
   * Takes over the slab, if it is partial.
   *
   * @return whether that was so
   */
  boolean adopt(int lane) {
    if ((memory.getLongAcquire(hint) & HINT) == 0) {
      return false;
    }
    if (memory.getLongAcquire(owner) == PARTIAL
        && memory.compareAndSetLong(owner, PARTIAL, active(lane))) {
      memory.getAndBitwiseAndLong(hint, ~HINT);
      collect();
      return true;
    }
    memory.getAndBitwiseAndLong(hint, ~HINT);
    if (guards.contains(Guard.OWNER_READ_AGAIN) && memory.getLongVolatile(owner) == PARTIAL) {
      memory.getAndBitwiseOrLong(hint, HINT);
    }
    return false;
  }

  /** Allocates all blocks again, and gives up the slab unless others have freed some; its owner. */
  void allocateAllAndDetach() {
    memory.putLongRelease(local, ALL);
    if (memory.getLongAcquire(remote) == 0) {
      detach();
    }
  }

  /** Does what a dead lane has left undone. */
  void recover(int deadLane) {
    if (memory.getLongAcquire(owner) == active(deadLane)) {
      memory.compareAndSetLong(owner, active(deadLane), PARTIAL);
      memory.getAndBitwiseOrLong(hint, HINT);
    }
    if (guards.contains(Guard.SCAN)) {
      scan();
    }
  }

  private void scan() {
    long state = memory.getLongVolatile(owner);
    if (state == FULL && memory.getLongVolatile(remote) != 0) {
      release();
    } else if (state == PARTIAL && (memory.getLongVolatile(hint) & HINT) == 0) {
      memory.getAndBitwiseOrLong(hint, HINT);
    }
  }

  /** Throws if the slab has free blocks and nobody would find it. */
  void check() {
    long state = memory.getLong(owner);
    if (state == FULL && memory.getLong(remote) != 0) {
      throw new AssertionError("the slab is full, with blocks that others have freed");
    }
    if (state == PARTIAL && (memory.getLong(hint) & HINT) == 0) {
      throw new AssertionError("the slab is partial, and no hint says so");
    }
  }
}
